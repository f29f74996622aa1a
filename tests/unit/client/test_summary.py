from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from interview_client.reading import NOT_MEASURED, clock, number, shortened, text
from interview_client.summary import summary
from tests.unit.client.example import assessed, result

Path = tuple[str | int, ...]


def _printed(found: dict[str, Any]) -> str:
    written = io.StringIO()
    Console(file=written, width=400, _environ={}).print(summary(found))
    return written.getvalue()


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from _paths(child, (*path, key))


PATHS = list(_paths(result()))


def _changed(path: Path, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(result())
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    "line",
    [
        "Answer 1 · Medium Risk",
        "Apa tantangannya?",
        "Scores of 100",
        "quality 72 (64–80) · coherence 68 · relevance 78 · total 73 (65–81) · confidence 71.3 %",
        "Carries quality",
        "“I moved the schedule” 01:12, without it: 9 points less",
        "Not covered",
        "what you learned; a figure",
        "Worth asking",
        "How long did it take?",
        "Proposal",
        "consider (Pertimbangan) · total 73 (65–81) of 100 · The total of 73 may be anything from 65 to 81;",
        "llama.cpp qwen2.5-coder-1.5b",
        "Concrete, but without a result.",
        "words 101 · words per minute 142 · speaking 24.9 s · recording 42.8 s · pauses 17",
        "speakers 1 · confidence 90 %",
        "in view 99.4 % of frames · blinks per minute 12.6 · eye contact 96.2 %",
        "01:12–01:15 looking away (review): The looking away lasted a while. A thought.",
        "00:03–00:04 second voice (info)",
        "Transcript (Indonesian)",
        "Salah satu tantangan terbesar adalah jadwal.",
        "Translation (English)",
        "One of the biggest challenges was the schedule.",
        "transcribe 3.1 s (4.4 s/min) · watch 1.0 s",
        "watch: The file has no picture.",
        "Failed: Video 2 cannot be decoded.",
        "82.7 of 100 (EXCELLENT)",
        "A good first talk.",
        "1 of 2 assessed",
        "A human decides.",
    ],
)
def test_summary_tells(line: str) -> None:
    assert line in _printed(result())


@pytest.mark.parametrize("value", [None, "text", 1, [], {}], ids=repr)
def test_any_key_may_be_missing_or_of_another_kind(value: object) -> None:
    for path in PATHS:
        assert "A human decides." in _printed(_changed(path, value))


def test_nothing_measured_is_said_and_not_invented() -> None:
    printed = _printed({"content": [{"result": {}}]})
    assert printed.count(NOT_MEASURED) >= 12
    assert "not scored" in printed
    assert "(no question)" in printed


def test_reason_for_no_score_is_told() -> None:
    printed = _printed(
        _changed(("content", 0, "result", "penilaian"), {"total": None, "not_scored_reason": "too few words"})
    )
    assert "not scored: too few words" in printed


def test_an_answer_without_a_score_is_to_be_rated_by_hand() -> None:
    unsure = {"total": None, "not_scored_reason": "The sentences point both ways.", "rate_by_hand": True}
    printed = _printed(_changed(("content", 0, "result", "penilaian"), unsure))
    assert "please rate by hand: The sentences point both ways." in printed


@pytest.mark.parametrize(
    ("points", "said"),
    [(1.4, "1 point less"), (0.2, "about the same"), (-1.0, "1 point more"), (-2.6, "3 points more")],
)
def test_influence_is_said_in_words(points: float, said: str) -> None:
    path = ("content", 0, "result", "evidence", "ratings", 0, "influence")
    assert f"without it: {said}" in _printed(_changed(path, points))


def test_missing_translation_is_said() -> None:
    assert "not translated" in _printed(_changed(("content", 0, "result", "transkripsi_en"), ""))


def test_long_transcript_is_cut_between_words() -> None:
    transcript = assessed()["transkripsi_id"]
    assert shortened(transcript, 200) in _printed(result())
    assert shortened(transcript, 200).endswith(" Kata…")
    assert shortened("abcdef", 3) == "abc…"


def test_text_from_outside_cannot_drive_the_terminal() -> None:
    hostile = "[red]all[/red] \x1b[2J\x07good\u202e [link=https://example.org]x[/link]"
    printed = _printed(_changed(("content", 0, "question"), hostile))
    assert "[red]all[/red] [2Jgood [link=https://example.org]x[/link]" in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize("value", [None, "1", True, float("nan"), float("inf"), [1]], ids=repr)
def test_what_is_no_number_is_not_measured(value: object) -> None:
    assert number(value, " s") == NOT_MEASURED
    assert clock(value) == "--:--"


def test_numbers_and_times() -> None:
    assert (number(3, " s"), number(3.14159, digits=2), number(0)) == ("3 s", "3.14", "0")
    assert (clock(0), clock(59.9), clock(3725)) == ("00:00", "00:59", "62:05")
    assert (text(" a\n b "), text(3)) == ("a b", "")
