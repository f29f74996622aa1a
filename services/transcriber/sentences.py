"""From the words of a decoded window to segments that people read: sentences. All functions are pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from servicekit.wire import Span
from services.transcriber.model import Segment, Word

SENTENCE_ENDS = (".", "?", "!", "…")
PAUSE_S = 1.0
"""A pause this long ends a segment too; chosen by us."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A window's words and what the decoder says of the whole window."""

    words: tuple[Word, ...]
    avg_logprob: float
    no_speech_probability: float
    speech_s: float
    """How much speech there is in the window by voice activity detection."""
    language: str
    """Which language it was read in."""
    told: str = ""
    """What the decoder was told before it listened, such as the question."""

    @property
    def right_words(self) -> float:
        """How many of the words can be expected to be right: the sum of their probabilities."""
        return sum(word.probability for word in self.words)

    def of(self, words: tuple[Word, ...]) -> Decoded:
        """Some of the words with their share of the speech, and what the decoder says of all."""
        return replace(self, words=words, speech_s=self.speech_s * len(words) / max(1, len(self.words)))

    def after(self, after_s: float) -> Decoded:
        """The words in order of time, none before `after_s`."""
        found = []
        for word in self.words:
            start_s = max(word.span.start_s, after_s)
            after_s = max(word.span.end_s, start_s)
            found.append(replace(word, span=Span(start_s, after_s)))
        return replace(self, words=tuple(found))

    @property
    def text(self) -> str:
        """All words."""
        return _text(self.words)


def decoded(
    raw: Iterable[Any], speech: Sequence[Span], speech_s: Iterable[float], language: str, after_s: float = 0.0
) -> Iterator[Decoded]:
    """The library's segments, one a window, brought into order after `after_s`.

    `speech` is where voice activity detection hears it, in order of time; `speech_s` how much of it is in each window.
    """
    for window, window_s in zip(raw, speech_s, strict=True):
        found = merged([window], speech, window_s, language, after_s)
        after_s = found.words[-1].span.end_s if found.words else after_s
        yield found


def merged(raw: Sequence[Any], speech: Sequence[Span], speech_s: float, language: str, after_s: float = 0.0) -> Decoded:
    """The library's segments of one window as one; its figures are their means, weighted by their tokens."""
    said = _words([piece for segment in raw for piece in segment.words or ()], speech, after_s)
    weights = [max(1, len(segment.tokens)) for segment in raw]
    logprob = _mean([float(segment.avg_logprob) for segment in raw], weights)
    return Decoded(
        said, min(logprob, 0.0), _mean([float(s.no_speech_prob) for s in raw], weights, 1.0), speech_s, language
    )


def _words(raw: Iterable[Any], speech: Sequence[Span], after_s: float) -> tuple[Word, ...]:
    """The library parts words at hyphens: a piece without a space before it belongs to the word before."""
    found: list[Word] = []
    for piece in raw:
        if not (text := piece.word.strip()):
            continue
        span = _span(float(piece.start), float(piece.end), speech, after_s)
        after_s = span.end_s
        word = Word(span, text, float(piece.probability))
        if found and not piece.word[0].isspace():
            word = _joined(found.pop(), word)
        found.append(word)
    return tuple(found)


def segments(window: Decoded) -> Iterator[Segment]:
    """Sentences; a long pause ends one as well. The decoder's figures are those of the window."""
    sentence: list[Word] = []
    for word in window.words:
        if sentence and (
            sentence[-1].text.endswith(SENTENCE_ENDS) or word.span.start_s - sentence[-1].span.end_s >= PAUSE_S
        ):
            yield _segment(sentence, window)
            sentence = []
        sentence.append(word)
    if sentence:
        yield _segment(sentence, window)


def _segment(sentence: Sequence[Word], window: Decoded) -> Segment:
    span = Span(sentence[0].span.start_s, sentence[-1].span.end_s)
    return Segment(
        span, _text(sentence), tuple(sentence), window.avg_logprob, window.no_speech_probability, window.language
    )


def _mean(values: Sequence[float], weights: Sequence[int], of_none: float = 0.0) -> float:
    if not values:
        return of_none
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def _text(said: Iterable[Word]) -> str:
    return " ".join(word.text for word in said)


def _joined(first: Word, second: Word) -> Word:
    """One word of two pieces, as sure as the less sure of them."""
    span = Span(first.span.start_s, second.span.end_s)
    return Word(span, first.text + second.text, min(first.probability, second.probability))


def _span(start_s: float, end_s: float, speech: Sequence[Span], after_s: float) -> Span:
    """A word's time after `after_s` and within the speech that it touches: Whisper lets the first begin in silence."""
    around = next((s for s in speech if s.start_s < end_s and start_s < s.end_s), None)
    if around:
        start_s, end_s = max(start_s, around.start_s), min(end_s, around.end_s)
    start_s = max(start_s, after_s)
    return Span(start_s, max(end_s, start_s))
