"""`make bench-speech`, or `python -m bench.speech [--quick]`: words, voices, times and memory, beside their peers.

`BENCH_DATA=folder` adds real recordings (`speech_en`, `diarization`); without it everything is made from the sample
interview. `--quick` takes a tenth of the long material. `--voices folder` composes the same files from the voices in
it too, a folder with sound files for each: voices that no constant was set on.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.seconds import record
from bench.speech import confidence, growth, invented, prompts, voices, words
from bench.speech.original_voices import OriginalVoices
from bench.speech.recordings import sample, voices_in
from bench.speech.recordings import voices as recorded
from bench.speech.tables import Tables
from servicekit.decoding import decode_sound
from services.audio.analyzer import SoundAnalyzer
from services.audio.settings import Settings
from services.transcriber.quality import calibrated as expected_share
from services.transcriber.quality import confidence as word_probability

OUT = Path(__file__).resolve().parents[2] / "out"
MINUTES, LONG_MINUTES, HEARD_FILES, TIMED_S = 10.0, 60.0, 30, 60.0
PARTS = ("words", "confidence", "invented", "prompts", "voices", "time", "memory")


class SpeechBench:
    """Runs the parts and keeps what they print."""

    def __init__(self, data: Path | None, share: float, left_out: Path | None = None) -> None:
        """`share` of the long material; `left_out` is a folder of voices."""
        self._data, self._share, self._left_out, self._tables = data, share, left_out, Tables()
        self._recognizers: words.Recognizers | None = None

    def run(self, parts: list[str]) -> dict[str, Any]:
        """The rows of each part."""
        every: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "words": self._words,
            "confidence": self._confidence,
            "invented": self._invented,
            "prompts": self._prompts,
            "voices": self._voices,
            "time": self._time,
            "memory": self._memory,
        }
        return {part: every[part]() for part in parts}

    @property
    def recognizers(self) -> words.Recognizers:
        """Loaded once."""
        self._recognizers = self._recognizers or words.Recognizers()
        return self._recognizers

    def _words(self) -> list[dict[str, Any]]:
        rows = list(words.measured(self._data, self.recognizers))
        self._tables.words(rows)
        self._tables.files(rows)
        return [asdict(row) for row in rows]

    def _confidence(self) -> list[dict[str, Any]]:
        found = list(confidence.heard(self._data, self.recognizers, max(4, int(HEARD_FILES * self._share))))
        sure = [word_probability(h.result.segments) or 0.0 for h in found]
        calibrated = [expected_share(p, h.result) for p, h in zip(sure, found, strict=True)]
        self._tables.confidence(found, sure, calibrated)
        return [
            {"name": h.name, "condition": h.condition, "wer": h.error_rate, "word_probability": p}
            for h, p in zip(found, sure, strict=True)
        ]

    def _invented(self) -> list[dict[str, Any]]:
        rows = list(invented.measured(recorded(self._data), self.recognizers, MINUTES * self._share))
        self._tables.invented(rows, MINUTES * self._share)
        return [asdict(row) for row in rows]

    def _prompts(self) -> list[dict[str, Any]]:
        if self._data is None or not (self._data / prompts.FOLDER).exists():
            print("No spoken terms: `python -m bench.speech.made_speech FOLDER` makes them for BENCH_DATA.")
            return []
        rows = list(prompts.measured(self._data, self.recognizers))
        self._tables.prompts(rows)
        return [asdict(row) for row in rows]

    def _voices(self) -> list[dict[str, Any]]:
        rows = list(voices.measured(recorded(self._data), self._data, OriginalVoices()))
        self._tables.voices(rows)
        left_out = list(voices.measured(voices_in(self._left_out))) if self._left_out else []
        if left_out:
            self._tables.voices_left_out(rows, left_out)
        groups = ((False, rows), (True, left_out))
        return [asdict(row) | {"left_out": apart} for apart, group in groups for row in group]

    def _time(self) -> list[dict[str, Any]]:
        """Wall seconds of the audio service for a minute, models loaded, the median of three."""
        analyzer = SoundAnalyzer(Settings())
        analyzer.load()
        sound = growth.long_sound([decode_sound(answer.path) for answer in sample()], TIMED_S / 60)
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            voices.analysis(analyzer, sound)
            seconds.append(time.perf_counter() - started)
        self._tables.time(TIMED_S, sorted(seconds)[1])
        return [{"sound_s": TIMED_S, "seconds": seconds}]

    def _memory(self) -> list[dict[str, Any]]:
        spoken = [sound for sounds in recorded(self._data).values() for sound in sounds]
        found = list(growth.measured(spoken, LONG_MINUTES * self._share))
        growth.drawn(found, OUT / "bench_speech_memory.png")
        for row in found if self._share == 1 else ():
            record(row.service, media_minute_s=row.cpu_s / row.minutes)
        self._tables.memory(found)
        return [asdict(row) for row in found]


def main() -> None:
    """Run, print, and write out/bench_speech.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.speech", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the long material")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to run")
    parser.add_argument("--voices", type=Path, metavar="FOLDER", help="voices that no constant was set on")
    options = parser.parse_args()
    data = os.environ.get("BENCH_DATA", "")
    OUT.mkdir(exist_ok=True)
    share = 0.1 if options.quick else 1.0
    rows = SpeechBench(Path(data) if data else None, share, options.voices).run(list(options.only))
    report = OUT / "bench_speech.json"
    kept = json.loads(report.read_text()) if report.exists() else {}
    report.write_text(json.dumps(kept | rows, indent=1))
    print(f"Written to {report}")


if __name__ == "__main__":
    main()
