"""What must not stay in a transcript: text where nobody speaks, and loops of the decoder. All functions are pure."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable

from servicekit.wire import Span
from services.transcriber.model import Segment
from services.transcriber.sentences import Decoded

NO_SPEECH_PROBABILITY = 0.6
IMPROBABLE_LOGPROB = -1.0
COMPRESSION_RATIO = 2.4
"""Whisper's own thresholds: it believes in silence when the text is improbable as well, takes improbable text for a
failure, and text that zlib makes 2.4 times smaller for a loop. Of real speech in noise, windows above -1.0 had up to
83 % of their words wrong; what lay below came from several people talking at once."""

UNSURE_LOGPROB, SPARSE_FROM_S, SPARSE_WORDS_PER_S = -0.6, 10.0, 0.6
"""A few unsure words in many seconds of speech are guesses at a room full of people, and so is an unsure sentence that
is said again and nothing else. One person's speech had at least 1.0 words a second, however noisy."""

ECHOED_WORDS, ECHOED_SHARE, ECHO_LOGPROB, SPOKEN_WORDS_PER_S = 4, 0.6, -0.4, 1.0
"""Told the question, the decoder writes it down where many people talk at once. What is mostly runs of four words and
more of it is an echo if it is sparser than speech, or comes again in one answer; an unsure window in which such a run
comes twice is one as a whole. Who repeats the question once, as people do, is heard. Chosen by us on ten minutes of
babble, in which every echo is gone."""

FEWEST_WORDS = 5
REPEATS = 4
REPEATED_SHARE = 0.6
LONGEST_REPEAT_WORDS = 6
SHORTEST_LOOP_WORDS = 8
"""From how many words a window's probability says something, and what we call a loop; chosen by us."""


class Drops:
    """Decides segment by segment, in order of time, and remembers what was said last."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._last, self._times = "", 0
        self._echoes, self._echoing = 0, False

    def reason(self, segment: Segment, window: Decoded) -> str:
        """Why a segment of a window must be left out, as in `Dropped`; empty when it stays."""
        said = " ".join(_plain(segment.text))
        self._times = self._times + 1 if said == self._last else 1
        self._last = said
        reason = window_reason(window) or self._echo(segment.text, window.told)
        if reason != "no_speech" and (self._times >= REPEATS or is_loop(segment.text)):
            return "repetition"
        return reason

    def _echo(self, text: str, told: str) -> str:
        """Whether it is the question once more, or what is left of such a sentence."""
        runs = echoes(text, told)
        share = sum(runs) / max(1, len(_plain(text)))
        if share >= ECHOED_SHARE:
            self._echoes += 1
        rest = self._echoing and " ".join(_plain(text)) in " ".join(_plain(told))
        self._echoing = rest or (share >= ECHOED_SHARE and self._echoes > 1)
        return "repetition" if self._echoing else ""


def window_reason(window: Decoded) -> str:
    """Why a whole window must be left out, as in `Dropped`; empty when it stays."""
    if is_silent(window):
        return "no_speech"
    if is_loop(window.text):
        return "repetition"
    return "unintelligible" if is_unintelligible(window) or is_echo(window) else ""


def is_silent(window: Decoded) -> bool:
    """Whether the decoder itself takes the window for something else than speech."""
    return window.no_speech_probability > NO_SPEECH_PROBABILITY and window.avg_logprob < IMPROBABLE_LOGPROB


def is_unintelligible(window: Decoded) -> bool:
    """Whether most words would be wrong; a single word is improbable by itself and stays."""
    sparse = window.speech_s >= SPARSE_FROM_S and len(window.words) < SPARSE_WORDS_PER_S * window.speech_s
    if window.avg_logprob < UNSURE_LOGPROB and (sparse or is_said_twice(window.text)):
        return True
    return window.avg_logprob < IMPROBABLE_LOGPROB and len(window.words) >= FEWEST_WORDS


def is_echo(window: Decoded) -> bool:
    """Whether the decoder says what it was told rather than what it hears."""
    runs, count = echoes(window.text, window.told), len(window.words)
    if window.avg_logprob < ECHO_LOGPROB and len(runs) > 1:
        return True
    return count < SPOKEN_WORDS_PER_S * window.speech_s and sum(runs) >= ECHOED_SHARE * max(1, count)


def echoes(text: str, told: str) -> list[int]:
    """The lengths, in words, of runs in a text that what was told has too; shorter ones say nothing."""
    said, known = _plain(text), f" {' '.join(_plain(told))} "
    found, start = [], 0
    while start < len(said):
        end = start
        while end < len(said) and f" {' '.join(said[start : end + 1])} " in known:
            end += 1
        if end - start >= ECHOED_WORDS:
            found.append(end - start)
        start = max(end, start + 1)
    return found


def is_failed(window: Decoded) -> bool:
    """Whether another sampling temperature is worth a try."""
    return window.avg_logprob < IMPROBABLE_LOGPROB or is_loop(window.text)


def is_loop(text: str) -> bool:
    """Whether the text repeats itself as only a decoder does.

    That is: zlib makes it 2.4 times smaller, or one phrase of up to six words, said at least four times, fills most
    of it.
    """
    words = _plain(text)
    if len(words) < SHORTEST_LOOP_WORDS:
        return False
    if compression_ratio(text) > COMPRESSION_RATIO:
        return True
    return any(_fills(words, size) for size in range(1, LONGEST_REPEAT_WORDS + 1))


def is_said_twice(text: str) -> bool:
    """Whether a phrase of five words or more, said at least twice, fills most of the text."""
    words = _plain(text)
    return any(_fills(words, size, 2) for size in range(FEWEST_WORDS, len(words) // 2 + 1))


def compression_ratio(text: str) -> float:
    """Bytes of the text over its bytes after zlib, as Whisper measures it."""
    content = text.encode()
    return len(content) / len(zlib.compress(content))


def _plain(text: str) -> list[str]:
    return [word.strip(".,!?").lower() for word in text.split()]


def _fills(words: list[str], size: int, repeats: int = REPEATS) -> bool:
    phrases = Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))
    most = max(phrases.values(), default=0)
    return most >= repeats and most * size >= REPEATED_SHARE * len(words)


def uncovered(speech: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """What is left of `speech` without the spans of `covered`, in time order; both are in time order on entry."""
    left: list[Span] = []
    gone = sorted(covered, key=lambda span: span.start_s)
    for region in speech:
        start_s = region.start_s
        for span in gone:
            if start_s < span.end_s and span.start_s < region.end_s:
                if span.start_s > start_s:
                    left.append(Span(start_s, span.start_s))
                start_s = span.end_s
        if start_s < region.end_s:
            left.append(Span(start_s, region.end_s))
    return left
