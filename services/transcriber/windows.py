"""What is decoded at a time: stretches of speech, packed into windows of at most 30 seconds. All functions are pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicekit import intervals
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span

Sound = NDArray[np.float32]
Chunk = dict[str, int]
"""A stretch of speech in samples, `start` and `end`, as faster-whisper has them."""
Window = list[Chunk]
"""Stretches that are decoded together, one after the other without what lies between them."""

LONGEST = 30 * SAMPLE_RATE_HZ
"""Whisper hears 30 seconds at a time."""

# A longer stretch is cut at its quietest half second where the pieces stay between these lengths, in seconds: short
# pieces are misheard, and each costs as much as a full one.
SHORTEST_S, EARLIEST_S, CHOICE_S, MOMENT_S = 10.0, 20.0, 4.0, 0.5
LONGEST_S = LONGEST / SAMPLE_RATE_HZ

CUT_S = 2.0
"""How far from where a language changes a window may be cut; chosen by us: opinions on languages come every 4 s."""

PEAK_SILENCE = 1e-4
"""Sound whose loudest sample is below this holds no voice: it is under the last bit of 14-bit sound."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Mono samples at 16 kHz, where voice activity detection hears speech in them, and what is decoded at a time."""

    sound: Sound
    speech: tuple[Span, ...]
    windows: list[Window]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.sound.size / SAMPLE_RATE_HZ

    def speech_s(self, window: Window) -> float:
        """Speech in a window, seconds."""
        return sum(s.duration_s for chunk in window for s in within(self.speech, span(chunk)))

    def window(self, stretch: Span) -> Window:
        """A stretch as a window of its own, at most as long as a window may be."""
        start = _samples(stretch.start_s)
        return [{"start": start, "end": min(_samples(stretch.end_s), start + LONGEST)}]

    def samples(self, chunks: Iterable[Chunk]) -> Sound:
        """The samples of the chunks, one after the other."""
        return np.concatenate([self.sound[c["start"] : c["end"]] for c in chunks])


def is_audible(sound: Sound) -> bool:
    """Whether anything can be heard."""
    return bool(np.abs(sound).max(initial=0.0) >= PEAK_SILENCE)


def span(chunk: Chunk) -> Span:
    """A stretch in seconds."""
    return Span(chunk["start"] / SAMPLE_RATE_HZ, chunk["end"] / SAMPLE_RATE_HZ)


def within(speech: Iterable[Span], part: Span) -> list[Span]:
    """The speech within a part of the recording."""
    return [
        Span(max(s.start_s, part.start_s), min(s.end_s, part.end_s))
        for s in speech
        if s.start_s < part.end_s and part.start_s < s.end_s
    ]


def shifted(chunks: Iterable[Chunk], by: int) -> list[Chunk]:
    """The chunks so many samples later."""
    return [{"start": c["start"] + by, "end": c["end"] + by} for c in chunks]


def joined(chunks: Iterable[Chunk], gap: int) -> list[Chunk]:
    """The chunks, in order of time, with those less than `gap` samples apart made one."""
    return intervals.joined(
        chunks, lambda a, b: {"start": a["start"], "end": b["end"]} if b["start"] - a["end"] < gap else None
    )


def windows(sound: Sound, speech: Sequence[Chunk], padding: int) -> list[Window]:
    """Windows over `speech`, which is in order of time, with up to `padding` samples of what lies around it."""
    packed: list[Window] = []
    room = 0
    for chunk in (part for stretch in _padded(speech, padding, sound.size) for part in _parted(sound, stretch)):
        if size([chunk]) > room:
            packed.append([])
            room = LONGEST
        packed[-1].append(chunk)
        room -= size([chunk])
    return packed


def size(chunks: Iterable[Chunk]) -> int:
    """Samples in all."""
    return sum(c["end"] - c["start"] for c in chunks)


def clips(group: Sequence[Window]) -> list[dict[str, float]]:
    """Where each window of a group lies in seconds once all their samples stand one after the other."""
    borders = np.cumsum([0, *(size(window) for window in group)]) / SAMPLE_RATE_HZ
    return [{"start": float(a), "end": float(b)} for a, b in itertools.pairwise(borders)]


def cut(sound: Sound, window: Window, at_s: Sequence[float]) -> list[Window]:
    """The window cut near each of these seconds of its own time, between two stretches or at the quietest moment."""
    found, rest, gone = [], window, 0
    for second in at_s:
        samples = _nearest_pause(sound, rest, _samples(second) - gone)
        before, rest = _divided(rest, samples)
        found.append(before)
        gone += samples
    return [*found, rest]


def _nearest_pause(sound: Sound, window: Window, at: int) -> int:
    """The sample of a window to cut it at."""
    slack = _samples(CUT_S)
    borders = np.cumsum([size([chunk]) for chunk in window])[:-1]
    if borders.size and abs(borders - at).min() <= slack:
        return int(borders[abs(borders - at).argmin()])
    heard = np.concatenate([sound[c["start"] : c["end"]] for c in window])
    return _quietest(heard, max(0, at - slack), max(0, min(heard.size, at + slack)))


def _divided(window: Window, samples: int) -> tuple[Window, Window]:
    """The first so many samples of a window, and the others."""
    before: Window = []
    for number, chunk in enumerate(window):
        if samples < size([chunk]):
            middle = chunk["start"] + samples
            first = [{"start": chunk["start"], "end": middle}] if samples else []
            return [*before, *first], [{"start": middle, "end": chunk["end"]}, *window[number + 1 :]]
        before.append(chunk)
        samples -= size([chunk])
    return before, []


def _padded(speech: Sequence[Chunk], padding: int, end: int) -> list[Chunk]:
    """Each stretch with what is around it, at most half of the way to the next."""
    starts, ends = [0, *(c["end"] for c in speech)], [*(c["start"] for c in speech), end]
    halves = [(a + b) // 2 for a, b in zip(starts, ends, strict=True)]
    halves[0], halves[-1] = 0, end
    return [
        {"start": max(c["start"] - padding, halves[i]), "end": min(c["end"] + padding, halves[i + 1])}
        for i, c in enumerate(speech)
    ]


def _parted(sound: Sound, stretch: Chunk) -> Iterator[Chunk]:
    start = stretch["start"]
    while (left := stretch["end"] - start) > LONGEST:
        left_s = left / SAMPLE_RATE_HZ
        earliest_s = max(SHORTEST_S, min(EARLIEST_S, left_s - SHORTEST_S - CHOICE_S))
        cut = _quietest(sound, start + _samples(earliest_s), start + _samples(min(LONGEST_S, left_s - SHORTEST_S)))
        yield {"start": start, "end": cut}
        start = cut
    yield {"start": start, "end": stretch["end"]}


def _quietest(sound: Sound, first: int, last: int) -> int:
    """The middle of the quietest moment between two samples."""
    moment = _samples(MOMENT_S)
    if last - first <= moment:
        return last
    power = np.cumsum(np.square(sound[first:last], dtype=np.float64))
    return first + int((power[moment:] - power[:-moment]).argmin()) + moment // 2


def _samples(seconds: float) -> int:
    return int(seconds * SAMPLE_RATE_HZ)
