"""How the speech bench measures numbers of voices, on voices from a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.speech.calibration import Answer, bins, calibration_error
from bench.speech.recordings import LONGEST_S, voices_in
from bench.speech.tables import Tables
from bench.speech.voices import Row, total
from servicekit.decoding import SAMPLE_RATE_HZ


def written(path: Path, seconds: float, rate_hz: int = SAMPLE_RATE_HZ) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, int(seconds * rate_hz)), rate_hz)


def test_each_folder_is_a_voice(tmp_path: Path) -> None:
    written(tmp_path / "b" / "00.wav", 3.0)
    written(tmp_path / "a" / "00.wav", 1.0, rate_hz=48_000)
    written(tmp_path / "a" / "01.flac", LONGEST_S + 2)
    (tmp_path / "nobody").mkdir()
    found = voices_in(tmp_path)
    assert {name: [round(s.size / SAMPLE_RATE_HZ, 1) for s in sounds] for name, sounds in found.items()} == {
        "a": [1.0, LONGEST_S],
        "b": [3.0],
    }


def test_a_folder_without_voices_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nobody").mkdir()
    with pytest.raises(FileNotFoundError, match="No voices"):
        voices_in(tmp_path)


def test_a_confidence_that_is_right_as_often_as_it_says_has_no_error() -> None:
    said = [Answer(0.75, right) for right in (True, True, True, False)]
    assert calibration_error(said) == pytest.approx(0.0)


def test_every_bin_counts_by_its_answers() -> None:
    sure = [Answer(0.95, True)] * 6 + [Answer(1.0, False)] * 2
    unsure = [Answer(0.5, True)] * 2
    assert [(b.answers, round(b.right, 2)) for b in bins([*sure, *unsure])] == [(2, 1.0), (8, 0.75)]
    assert calibration_error([*sure, *unsure]) == pytest.approx(0.2 * 0.5 + 0.8 * (0.9625 - 0.75))
    assert calibration_error([]) == 0.0


def row(kind: str, exact: int, errors_s: float) -> Row:
    answers = [Answer(0.9, number < exact) for number in range(10)]
    return Row(kind, 10, exact, 3, errors_s, 30.0, 100.0, 2 * errors_s, 120.0, 10 - exact, answers=answers)


def test_rows_add_up() -> None:
    whole = total([row("one, clean", 9, 2.0), row("two in turns", 8, 5.0)], "all")
    assert (whole.kind, whole.files, whole.exact, whole.serious) == ("all", 20, 17, 3)
    assert (whole.errors_s, whole.strict_errors_s, whole.strict_speech_s) == (7.0, 14.0, 240.0)
    assert sum(answer.right for answer in whole.answers) == 17


def test_voices_left_out_are_printed_beside_those_in_sample(capsys: pytest.CaptureFixture[str]) -> None:
    known = [row("one, clean", 10, 2.0), row("one, the room changes", 6, 20.0)]
    Tables().voices_left_out(known, [replace(each, exact=each.exact - 1) for each in known])
    printed = capsys.readouterr().out
    assert "10 / 10" in printed
    assert "Left out: expected calibration error 0.100 over 20 composed files" in printed
