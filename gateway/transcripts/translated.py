"""When the words of a translation were said: it comes as one text, so its sentences are laid over those of the answer.

Where both have as many sentences each stands for its own; else what stands at a share of the text was said at that
share of the answer. Within a sentence words follow the answer's by their place in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

SENTENCE_ENDS = (".", "?", "!", "…")

Word = dict[str, Any]


def translated(segments: list[dict[str, Any]], translation: str) -> list[dict[str, Any]]:
    """One segment a sentence of the translation, with words and times, made from those of the answer."""
    heard = [word for segment in segments for word in segment["words"]]
    sentences = _sentences(translation.split())
    if not heard or not sentences:
        return []
    clock = _Clock(heard)
    spoken = [sum(map(_length, said)) for said in _sentences([word["text"].strip() for word in heard])]
    written = [sum(map(_length, sentence)) for sentence in sentences]
    places = _Scale(written, spoken if len(spoken) == len(written) else [sum(spoken)])
    found, at = [], 0
    for sentence in sentences:
        words = []
        for word in sentence:
            start, end = places.of(at), places.of(at + _length(word))
            words.append({"text": word, "start_s": clock.at(start), "end_s": clock.at(end, end=True)})
            at += _length(word)
        found.append({"text": " ".join(sentence), "words": words})
    return found


def _length(word: str) -> int:
    return len(word) + 1


def _sentences(words: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        found[-1].append(word)
        if word.endswith(SENTENCE_ENDS):
            found.append([])
    return [sentence for sentence in found if sentence]


class _Scale:
    """From places in the translation to places in the answer, in characters."""

    def __init__(self, written: Sequence[int], spoken: Sequence[int]) -> None:
        self._written, self._spoken = [0], [0]
        parts = written if len(written) == len(spoken) else [sum(written)]
        for here, there in zip(parts, spoken, strict=True):
            self._written.append(self._written[-1] + here)
            self._spoken.append(self._spoken[-1] + there)

    def of(self, place: float) -> float:
        part = min(bisect_right(self._written, place), len(self._written) - 1)
        before, after = self._written[part - 1], self._written[part]
        low, high = self._spoken[part - 1], self._spoken[part]
        return low + (high - low) * (place - before) / (after - before)


class _Clock:
    """When what stands at a place of the answer was said."""

    def __init__(self, heard: Sequence[Word]) -> None:
        self._heard, self._starts, at = heard, list[int](), 0
        for word in heard:
            self._starts.append(at)
            at += _length(word["text"].strip())

    def at(self, place: float, end: bool = False) -> float:
        index = bisect_right(self._starts, place) - 1
        if end and index and place == self._starts[index]:
            index -= 1  # what ends where a word begins ends with the word before
        word, length = self._heard[index], len(self._heard[index]["text"].strip()) or 1
        share = min(1.0, (place - self._starts[index]) / length)
        return round(float(word["start_s"] + (word["end_s"] - word["start_s"]) * share), 3)
