"""The tables that the speech bench prints, each with its target."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean

from rich.console import Console
from rich.table import Table

from bench.speech.calibration import bins, calibration_error
from bench.speech.compositions import CHANNELS, OVERLAPPING
from bench.speech.confidence import Heard, correlation
from bench.speech.growth import Growth
from bench.speech.invented import Invented
from bench.speech.prompts import Row as Prompted
from bench.speech.recordings import MADE
from bench.speech.voices import Row, total
from bench.speech.words import Words

WER_SLACK, TIME_RATIO, CORRELATION = 0.5, 1.1, -0.6
EXACT, ANALYSIS_S, MEMORY_BYTES, FLAT_BYTES = 0.95, 2.5, 1.5e9, 64e6
GIVEN = ("dialogues", "AMI meetings")
NOT_COMPOSED = (OVERLAPPING, *CHANNELS, *GIVEN)
CALIBRATION_ERROR = 0.05


class Tables:
    """Prints."""

    def __init__(self) -> None:
        """To the terminal."""
        self._console = Console(width=150)

    def words(self, rows: Iterable[Words]) -> None:
        """Word error rates and CPU seconds."""
        columns = (
            "set",
            "files",
            "words",
            "WER",
            "bare",
            "batched",
            "worse",
            "CPU s",
            "bare",
            "batched",
            "ratio",
            "target",
        )
        table = _table("Words, % in error, beside bare faster-whisper with the same weights and beam", *columns)
        for r in rows:
            rates = [100 * n / r.words for n in (r.errors, r.bare_errors, r.batched_errors)]
            ratio = r.seconds / r.bare_seconds
            met = _met(rates[0] <= rates[1] + WER_SLACK and ratio <= TIME_RATIO and not r.worse)
            seconds = (r.seconds, r.bare_seconds, r.batched_seconds)
            shown = [f"{v:.2f}" for v in rates] + [str(r.worse)] + [f"{v:.1f}" for v in seconds]
            table.add_row(r.name, str(r.files), str(r.words), *shown, f"{ratio:.2f}", met)
        self._console.print(
            table,
            f"Target: at most {WER_SLACK} points over bare, no file worse than it by more than a word in a hundred, at "
            f"most {TIME_RATIO} times its time.\n",
        )

    def files(self, rows: Iterable[Words]) -> None:
        """Word errors of every made file, with and without its question, and how many files are worse than bare."""
        every = [(r.name, file) for r in rows for file in r.each]
        table = _table("Made speech, word errors by file", "set", "file", "words", "ours", "without the question",
                       "bare", "target")  # fmt: skip
        for name, f in every:
            if name.startswith(MADE):
                counts = (f.words, f.errors, f.untold_errors, f.bare_errors)
                table.add_row(name, f.name, *map(str, counts), _met(not f.is_worse))
        if table.rows:
            self._console.print(table)
        worse, untold = sum(f.is_worse for _, f in every), sum(f.is_worse_untold for _, f in every)
        self._console.print(
            f"Files worse than bare by more than a word in a hundred: {worse} of {len(every)}; {untold} if nobody "
            "tells the recogniser the question.\n"
        )

    def confidence(self, found: list[Heard], sure: list[float], calibrated: list[float | None]) -> None:
        """Error rate and confidence by condition, and their rank correlation."""
        table = _table("Does the confidence fall when the error rate rises?", "condition", "files", "WER %",
                       "word probability %", "calibrated %", "right words %")  # fmt: skip
        for condition in dict.fromkeys(h.condition for h in found):
            at = [i for i, h in enumerate(found) if h.condition == condition]
            wer = mean(found[i].error_rate for i in at)
            right = mean(max(0.0, 1 - found[i].error_rate) for i in at)
            known = [found_ for i in at if (found_ := calibrated[i]) is not None]
            row = (wer, mean(sure[i] for i in at), mean(known or [0.0]), right)
            table.add_row(condition, str(len(at)), *(f"{100 * v:.1f}" for v in row))
        rates = [h.error_rate for h in found]
        rho = correlation(sure, rates)
        gaps = [abs(c - max(0.0, 1 - r)) for c, r in zip(calibrated, rates, strict=True) if c is not None]
        self._console.print(table)
        self._console.print(
            f"Rank correlation with WER {rho:.2f} (target at most {CORRELATION}): {_met(rho <= CORRELATION)}; "
            f"calibrated to {100 * mean(gaps or [0.0]):.1f} points on average over the {len(gaps)} files that can be.\n"
        )

    def invented(self, rows: Iterable[Invented], minutes: float) -> None:
        """Words where nobody spoke to be understood."""
        table = _table(f"Words invented in {minutes:g} minutes", "sound", "words", "bare, first minute", "dropped s",
                       "target 0")  # fmt: skip
        for r in rows:
            table.add_row(r.name, str(r.words), str(r.bare_words), f"{r.dropped_s:.0f}", _met(r.words == 0))
        self._console.print(table)

    def prompts(self, rows: Iterable[Prompted]) -> None:
        """The question as the recogniser's prompt."""
        table = _table("The question as prompt", "language", "prompt", "words", "errors", "terms", "right",
                       "words read in a minute of noise")  # fmt: skip
        for r in rows:
            counts = (r.words, r.errors, r.terms, r.terms_right, r.invented)
            table.add_row(r.language, r.prompt, *map(str, counts))
        self._console.print(table)

    def voices(self, rows: list[Row]) -> None:
        """Numbers of voices and diarization error rates."""
        table = _table("Voices, beside the prototype's algorithm", "files of", "files", "exact", "serious", "its exact",
                       "DER %", "its", "ratio", "wrong (file: voices -> found)")  # fmt: skip
        composed = [r for r in rows if r.kind not in NOT_COMPOSED]
        for r in _with_total(rows):
            ours, peer = r.errors_s / r.speech_s, r.peer_errors_s / r.speech_s
            shown = (f"{100 * ours:.1f}", f"{100 * peer:.1f}", f"{ours / peer:.2f}" if peer else "-")
            table.add_row(
                r.kind, str(r.files), str(r.exact), str(r.serious), str(r.peer_exact), *shown, r.wrong.strip()[:60]
            )
        self._console.print(table)
        whole, single = total(composed, ""), total((r for r in composed if r.kind.startswith("one")), "")
        halved = all(r.errors_s <= r.peer_errors_s / 2 for r in rows)
        self._console.print(
            f"Exact in {EXACT:.0%} of the composed files: {_met(whole.exact >= EXACT * whole.files)}; no false second "
            f"voice in {single.files} files of one: {_met(single.exact == single.files)}; at most half of its error "
            f"rate everywhere: {_met(halved)}\n"
        )
        self._calibration("In sample", rows)

    def voices_left_out(self, known: list[Row], left_out: list[Row]) -> None:
        """The same kinds of file from voices that constants were set on, and from voices that they were not."""
        columns = (f"{name}, {where}" for name in ("exact", "serious", "DER %", "DER 0 %") for where in ("in", "out"))
        table = _table("Voices in sample and left out", "files of", "files", *columns)
        others = {row.kind: row for row in _with_total(left_out)}
        for row in _with_total(known):
            pair = (row, others.get(row.kind, Row(row.kind)))
            table.add_row(
                row.kind,
                " / ".join(str(r.files) for r in pair),
                *(str(r.exact) for r in pair),
                *(str(r.serious) for r in pair),
                *(_share(r.errors_s, r.speech_s) for r in pair),
                *(_share(r.strict_errors_s, r.strict_speech_s) for r in pair),
            )
        self._console.print(table)
        self._calibration("Left out", left_out)

    def _calibration(self, name: str, rows: list[Row]) -> None:
        """Of every composed file: how far the confidence of the number is from the share that is right."""
        answers = total((r for r in rows if r.kind not in GIVEN), "").answers
        error = calibration_error(answers)
        self._console.print(
            f"{name}: expected calibration error {error:.3f} over {len(answers)} composed files (target "
            f"{CALIBRATION_ERROR}): {_met(error <= CALIBRATION_ERROR)}; "
            + ", ".join(f"{b.answers} at {b.confidence:.2f} are right in {b.right:.2f}" for b in bins(answers))
        )

    def time(self, sound_s: float, seconds: float) -> None:
        """Seconds of the audio service."""
        self._console.print(
            f"Audio analysis of {sound_s:.0f} s: {seconds:.2f} s (target {ANALYSIS_S}): {_met(seconds <= ANALYSIS_S)}\n"
        )

    def memory(self, found: Iterable[Growth]) -> None:
        """Peaks, and growth once the file is read."""
        table = _table("Memory over a long recording", "service", "minutes", "peak MB", "growth MB", "CPU s", "target")
        for g in found:
            met = _met(g.peak_bytes <= MEMORY_BYTES and g.growth_bytes <= FLAT_BYTES)
            sizes = (f"{g.peak_bytes / 1e6:.0f}", f"{g.growth_bytes / 1e6:.0f}")
            table.add_row(g.service, f"{g.minutes:g}", *sizes, f"{g.cpu_s:.0f}", met)
        self._console.print(table, f"Target: peak under {MEMORY_BYTES / 1e9:g} GB, flat once the file is read.\n")


def _with_total(rows: list[Row]) -> list[Row]:
    return [*rows, total((r for r in rows if r.kind not in NOT_COMPOSED), "all composed")]


def _share(part_s: float, whole_s: float) -> str:
    return f"{100 * part_s / whole_s:.1f}" if whole_s else "-"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _met(yes: bool) -> str:
    return "met" if yes else "MISSED"
