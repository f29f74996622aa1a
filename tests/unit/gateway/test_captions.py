from __future__ import annotations

from typing import Any

import pysubs2
import pytest

from gateway.transcripts.captions import CUE_CHARACTERS, CUE_S, LINE_CHARACTERS, plain_text, srt, webvtt


def spoken(*words: tuple[str, float, float]) -> list[dict[str, Any]]:
    """One segment of (word, start, end)."""
    listed: list[dict[str, Any]] = [{"text": text, "start_s": start, "end_s": end} for text, start, end in words]
    return [{"text": " ".join(word["text"] for word in listed), "words": listed}]


def said(text: str, start_s: float = 0.0, each_s: float = 0.4) -> list[dict[str, Any]]:
    """Words one after the other."""
    return spoken(*((w, start_s + each_s * i, start_s + each_s * (i + 1)) for i, w in enumerate(text.split())))


def cues(segments: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    return [(e.start, e.end, e.plaintext) for e in pysubs2.SSAFile.from_string(srt(segments), "srt")]


def test_subrip() -> None:
    assert srt(said("Hello there.", 3661.5)) == "1\n01:01:01,500 --> 01:01:02,300\nHello there.\n\n"


def test_webvtt_escapes_what_a_player_would_read_as_markup() -> None:
    text = webvtt(said("R&D <script>"))
    assert text.startswith("WEBVTT\n\n")
    assert "00:00:00.000 --> 00:00:00.800\nR&amp;D &lt;script&gt;" in text


def test_a_sentence_and_a_pause_end_a_cue() -> None:
    segments = said("One two. Three") + said("four", 3.0)
    assert [text for _, _, text in cues(segments)] == ["One two.", "Three", "four"]


def test_no_cue_is_too_long_to_read() -> None:
    found = cues(said("word " * 100))
    assert " ".join(text.replace("\n", " ") for _, _, text in found) == " ".join(["word"] * 100)
    for start, end, text in found:
        assert end - start <= CUE_S * 1000
        assert len(text) <= CUE_CHARACTERS
        assert all(len(line) <= LINE_CHARACTERS for line in text.splitlines())


@pytest.mark.parametrize("word", ["{\\i1}", "a" * 200])
def test_odd_words_stay(word: str) -> None:
    ((_, _, text),) = cues(said(word))
    assert text == word.replace("{", "(").replace("}", ")")


def test_a_word_without_length_is_shown_for_a_moment() -> None:
    assert cues(spoken(("Hm", 1.0, 1.0))) == [(1000, 1001, "Hm")]


def test_plain_text_is_a_segment_a_line() -> None:
    assert plain_text(said("One two.") + said("Three.")) == "One two.\nThree.\n"


def test_silence_has_no_captions() -> None:
    assert (srt([]), plain_text([])) == ("", "")
    assert webvtt([]).strip() == "WEBVTT"
