"""Which reading of a window counts: the first, one that parts languages, or a second look at what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from servicekit.wire import Span
from services.transcriber.drops import is_failed, uncovered, window_reason
from services.transcriber.languages import Opinion, changes, likeliest
from services.transcriber.sentences import Decoded, segments
from services.transcriber.windows import Recording, Window, cut, span, within

LIKELY = 0.4
"""Probability from which a stretch is in another language: people reach 0.5 to 1, synthetic voices that are taken for
another language stay under 0.2."""

Part = tuple[Window, Decoded]


class Readings(Protocol):
    """Ways of reading a window; each decodes it once."""

    def opinions(self, recording: Recording, group: Sequence[Window], allowed: Sequence[str]) -> list[list[Opinion]]:
        """What the model thinks of each stretch of each window: the probability of every allowed language."""

    def opinion(self, recording: Recording, window: Window, allowed: Sequence[str]) -> Opinion:
        """What the model thinks of a window as a whole."""

    def first(
        self, recording: Recording, group: Sequence[Window], language: str, before: str, after_s: float
    ) -> list[Decoded]:
        """The windows read at once and each as a whole, after `after_s` in time and what was said `before`."""

    def second(
        self,
        recording: Recording,
        window: Window,
        language: str,
        temperatures: Sequence[float],
        after_s: float,
    ) -> Decoded:
        """A window read from time stamp to time stamp, on its own."""


@dataclass(slots=True)
class Reader:
    """Reads the windows of one recording, in order, as often as they deserve."""

    recording: Recording
    readings: Readings
    languages: Sequence[str]
    """Those allowed."""
    temperatures: Sequence[float]
    longest_pause_s: float
    """A longer stretch of speech without a word was not read."""
    _before: dict[str, str] = field(default_factory=dict)
    """What was said last, by language."""

    def read(self, group: Sequence[Window], expected: str, after_s: float = 0.0) -> Iterator[Decoded]:
        """The best reading of each window, in order of time; what was parted gives several."""
        opinions = self._opinions(group)
        at_once = self.readings.first(self.recording, group, expected, self._said(expected), after_s)
        for window, opinion, first in zip(group, opinions, at_once, strict=True):
            for part, read in self._by_language(window, opinion, expected, first):
                for found in self._completed(part, self._surer(part, read, after_s)):
                    best = found.after(after_s)
                    if worth(best):
                        self._before[best.language] = best.text
                    after_s = _end(best, after_s)
                    yield best

    def _opinions(self, group: Sequence[Window]) -> Sequence[Sequence[Opinion]]:
        if len(self.languages) < 2:
            return [()] * len(group)
        return self.readings.opinions(self.recording, group, self.languages)

    def _by_language(self, window: Window, opinion: Sequence[Opinion], expected: str, first: Decoded) -> list[Part]:
        """The window, or its parts by language where those are heard clearly or have more and surer words.

        Both more and surer, because an unusual voice read in the wrong language gives many words that mean nothing.
        Words alone do not decide: told the wrong language, Whisper translates, fluently.
        """
        path = likeliest(opinion, self.languages, expected)
        runs = changes(path)
        if all(code == expected for _, code in runs):
            return [(window, first)]
        parts = cut(self.recording.sound, window, [start_s for start_s, _ in runs[1:]])
        found = [(p, self._at_once(p, code)) for p, (_, code) in zip(parts, runs, strict=True)]
        others = [heard[code] for heard, code in zip(opinion, path, strict=True) if code != expected]
        if sum(others) > LIKELY * len(others) and not any(window_reason(read) for _, read in found):
            return found
        right_words = sum(worth(read) for _, read in found)  # a loop has many words that are all sure
        surer = right_words * len(first.words) > first.right_words * sum(len(read.words) for _, read in found)
        return found if surer and right_words > worth(first) else [(window, first)]

    def _surer(self, window: Window, first: Decoded, after_s: float) -> Decoded:
        """The second reading of a window that would be left out or failed, if it says more than the first."""
        if not is_failed(first) and not window_reason(first):
            return first
        second = self.readings.second(self.recording, window, first.language, self.temperatures, after_s)
        return max(first, second, key=worth)

    def _completed(self, window: Window, read: Decoded) -> list[Decoded]:
        """The reading, and readings of the stretches of speech in which it has no word, in order of time.

        What will be left out is not completed: every look at noise is a chance to invent something.
        """
        if window_reason(read):
            return [read]
        heard = [s for chunk in window for s in within(self.recording.speech, span(chunk))]
        left = uncovered(heard, [segment.span for segment in segments(read)])
        found = [self._stretch(s, read.language) for s in left if s.duration_s > self.longest_pause_s]
        return ordered([read, *(other for other in found if worth(other))])

    def _stretch(self, stretch: Span, language: str) -> Decoded:
        """A stretch that nobody read yet, in whichever language has more words for it."""
        window = self.recording.window(stretch)
        return max((self._at_once(window, code) for code in (language, *self._others(window, language))), key=worth)

    def _others(self, window: Window, language: str) -> list[str]:
        """Languages that are likely for a stretch."""
        if len(self.languages) < 2:
            return []
        opinion = self.readings.opinion(self.recording, window, self.languages)
        return [code for code in self.languages if code != language and opinion[code] > LIKELY]

    def _at_once(self, window: Window, language: str) -> Decoded:
        (read,) = self.readings.first(self.recording, [window], language, self._said(language), 0.0)
        return read

    def _said(self, language: str) -> str:
        """What was said last in a language."""
        return self._before.get(language, "")


def ordered(reads: Sequence[Decoded]) -> list[Decoded]:
    """Readings of different stretches in order of time; one that lies within another parts it."""
    first, *others = reads
    words = first.words
    found = []
    for other in sorted(others, key=lambda read: read.words[0].span.start_s):
        before = tuple(word for word in words if word.span.start_s < other.words[0].span.start_s)
        words = words[len(before) :]
        found += [first.of(before), other] if before else [other]
    return [*found, first.of(words)] if words or not found else found


def worth(read: Decoded) -> float:
    """How many right words a reading adds to the transcript."""
    return 0.0 if window_reason(read) else read.right_words


def _end(read: Decoded, after_s: float) -> float:
    return read.words[-1].span.end_s if read.words else after_s
