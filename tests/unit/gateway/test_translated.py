"""Captions of a translation, which comes without times."""

from __future__ import annotations

from typing import Any

from gateway.transcripts.captions import webvtt
from gateway.transcripts.translated import translated
from tests.unit.gateway.test_captions import said


def spans(segments: list[dict[str, Any]], translation: str) -> list[tuple[str, float, float]]:
    found = translated(segments, translation)
    return [(s["text"], s["words"][0]["start_s"], s["words"][-1]["end_s"]) for s in found]


def test_a_sentence_is_said_when_its_original_is() -> None:
    heard = said("Saya bekerja di sana. ", 0.0) + said("Lalu saya pindah.", 10.0)
    assert spans(heard, "I worked there for a rather long time. Then I moved.") == [
        ("I worked there for a rather long time.", 0.0, 1.6),
        ("Then I moved.", 10.0, 11.2),
    ]


def test_other_numbers_of_sentences_follow_the_share_of_the_text() -> None:
    heard = said("one two three four. five six seven eight.", 0.0, 1.0)
    found = spans(heard, "satu dua. tiga empat. lima enam tujuh delapan.")
    assert [text for text, _, _ in found] == ["satu dua.", "tiga empat.", "lima enam tujuh delapan."]
    assert (found[0][1], found[-1][2]) == (0.0, 8.0)
    assert 1.0 < found[0][2] <= found[1][1] < 3.0 < found[1][2] <= found[2][1] < 5.0


def test_times_never_go_back() -> None:
    heard = said("a bb ccc. dddd e. f.", 3.0) + said("g hh iii jjjj kkkkk.", 60.0)
    words = [word for s in translated(heard, "x yy zzz wwww. u. v w.") for word in s["words"]]
    times = [moment for word in words for moment in (word["start_s"], word["end_s"])]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (3.0, 62.0)


def test_nothing_said_or_translated_is_no_caption() -> None:
    assert translated([], "words") == []
    assert translated(said("words"), " ") == []
    assert webvtt(translated(said("kata"), "a <b>")).count("&lt;b&gt;") == 1
