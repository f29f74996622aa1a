"""A transcript as captions (WebVTT, SubRip) and as plain text, from the result's `evidence.transcript`."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from pysubs2 import SSAEvent, SSAFile, make_time

# Common practice in broadcasting: two lines of 42 characters, at most seven seconds on screen. A cue holds a little
# less than two full lines, because it breaks between words.
LINE_CHARACTERS, CUE_CHARACTERS, CUE_S = 42, 74, 7.0
# A pause this long ends a cue.
PAUSE_S = 1.0
SENTENCE_ENDS = (".", "?", "!", "…")

Word = dict[str, Any]


def webvtt(segments: list[dict[str, Any]]) -> str:
    """WebVTT; what a player would read as markup is escaped."""
    return _file(segments, escape=True).to_string("vtt")


def srt(segments: list[dict[str, Any]]) -> str:
    """SubRip."""
    return _file(segments, escape=False).to_string("srt")


def plain_text(segments: list[dict[str, Any]]) -> str:
    """One segment a line."""
    return "".join(f"{segment['text']}\n" for segment in segments)


def _file(segments: list[dict[str, Any]], escape: bool) -> SSAFile:
    file = SSAFile()
    for words in _cues(segments):
        text = _wrapped([word["text"] for word in words])
        start, end = make_time(s=words[0]["start_s"]), make_time(s=words[-1]["end_s"])
        event = SSAEvent(start=start, end=max(end, start + 1))
        # Braces are commands to the library, which no transcript means.
        event.plaintext = (html.escape(text, quote=False) if escape else text).replace("{", "(").replace("}", ")")
        file.append(event)
    return file


def _cues(segments: list[dict[str, Any]]) -> Iterator[list[Word]]:
    """Words that are shown together: up to the end of a sentence, a pause, or as many as fit."""
    cue: list[Word] = []
    for word in (word for segment in segments for word in segment["words"]):
        if cue and _is_full(cue, word):
            yield cue
            cue = []
        cue.append(word)
    if cue:
        yield cue


def _is_full(cue: list[Word], word: Word) -> bool:
    characters = sum(len(w["text"]) + 1 for w in cue) + len(word["text"])
    return (
        cue[-1]["text"].endswith(SENTENCE_ENDS)
        or word["start_s"] - cue[-1]["end_s"] >= PAUSE_S
        or word["end_s"] - cue[0]["start_s"] > CUE_S
        or characters > CUE_CHARACTERS
    )


def _wrapped(words: list[str]) -> str:
    """One line, or two of about the same length."""
    text = " ".join(words)
    if len(text) <= LINE_CHARACTERS:
        return text
    breaks = [i for i, character in enumerate(text) if character == " "]
    middle = min(breaks, key=lambda i: abs(i - len(text) // 2), default=None)
    return text if middle is None else f"{text[:middle]}\n{text[middle + 1 :]}"
