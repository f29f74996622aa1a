"""What can be right or wrong about a reading: a text for people, and the test of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.recordings.reader import Reading
from servicekit.wire import Span
from services.vision.model import Direction, EventKind

NEAR_S = 0.6
"""How far a time may be off: a look away begins and ends within a third of a second of movement."""
BLINK_S = 0.2
SURE = 0.6
"""A number of voices that is said with less confidence is no serious finding (`orchestrator.fusion`)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`found` says what was read, for who looks why it is wrong."""

    text: str
    holds: Callable[[Reading], bool]
    found: Callable[[Reading], object]


def sound_lasts(seconds: float) -> Claim:
    """Length of the sound."""
    return Claim(
        f"sound of {seconds:g} s",
        lambda r: abs(r.sound.total_s - seconds) < NEAR_S,
        lambda r: f"{r.sound.total_s:.1f} s",
    )


def picture_lasts(seconds: float) -> Claim:
    """Length of the answer as the picture's service knows it."""
    return Claim(
        f"answer of {seconds:g} s", lambda r: abs(r.picture.duration_s - seconds) < NEAR_S,
        lambda r: f"{r.picture.duration_s:.1f} s",
    )  # fmt: skip


def looks_away(start_s: float, end_s: float, direction: Direction = Direction.LEFT) -> Claim:
    """One look away, and no other."""

    def holds(reading: Reading) -> bool:
        found = reading.events(EventKind.LOOKING_AWAY)
        return len(found) == 1 and found[0].direction == direction and _near(found[0].span, Span(start_s, end_s))

    text = f"looks {direction.name.lower()} from {start_s:g} to {end_s:g} s"
    return Claim(text, holds, lambda r: _told(r.spans(EventKind.LOOKING_AWAY)))


def blinks(times_s: Sequence[float]) -> Claim:
    """Exactly these blinks."""

    def holds(reading: Reading) -> bool:
        found = [event.peak_s for event in reading.events(EventKind.BLINK)]
        return len(found) == len(times_s) and all(
            abs(one - other) < BLINK_S for one, other in zip(sorted(found), times_s, strict=True)
        )

    return Claim(
        f"{len(times_s)} blinks in their places", holds,
        lambda r: ", ".join(f"{e.peak_s:.1f}" for e in r.events(EventKind.BLINK)),
    )  # fmt: skip


def face_in_view(ratio: float) -> Claim:
    """Share of the whole answer in which there is a face."""
    return Claim(
        f"face in view {100 * ratio:.0f} %", lambda r: abs(r.picture.face_present_ratio - ratio) < 0.03,
        lambda r: f"{100 * r.picture.face_present_ratio:.0f} %",
    )  # fmt: skip


def none_of(*kinds: EventKind) -> Claim:
    """Nothing of these kinds is claimed."""
    names = ", ".join(kind.name.lower() for kind in kinds)
    return Claim(f"no {names}", lambda r: not r.events(*kinds), lambda r: _told(r.spans(*kinds)))


def picture_missing(*spans: Span) -> Claim:
    """Exactly these stretches without a picture are named."""
    return Claim(
        f"no picture {_told(spans)}", lambda r: _same(r.picture.missing, spans), lambda r: _told(r.picture.missing)
    )


def sound_missing(*spans: Span) -> Claim:
    """Exactly these stretches without sound are named."""
    return Claim(f"no sound {_told(spans)}", lambda r: _same(r.sound.missing, spans), lambda r: _told(r.sound.missing))


def sound_track(index: int, why: str) -> Claim:
    """Which track is heard, and why."""
    return Claim(
        f"hears track {index} ({why})",
        lambda r: r.sound.track is not None and (r.sound.track.index, r.sound.track.why) == (index, why),
        lambda r: r.sound.track,
    )


def picture_track(index: int, why: str) -> Claim:
    """Which track is watched, and why."""
    return Claim(
        f"watches track {index} ({why})",
        lambda r: r.picture.track is not None and (r.picture.track.index, r.picture.track.why) == (index, why),
        lambda r: r.picture.track,
    )


def says(*parts: str) -> Claim:
    """Words that stand in the transcript."""
    return Claim(
        "says “" + "”, “".join(parts) + "”", lambda r: all(part in r.text.lower() for part in parts), lambda r: r.text
    )


def languages(*codes: str) -> Claim:
    """Each has a fifth of the words or more."""
    return Claim(
        f"words in {' and '.join(codes)}",
        lambda r: {one.language for one in r.words.languages if one.share >= 0.2} == set(codes),
        lambda r: ", ".join(f"{one.language} {one.share:.2f}" for one in r.words.languages),
    )


def one_voice() -> Claim:
    """One voice, or so unsure of more that nothing serious follows."""
    return Claim(
        "one voice, or unsure",
        lambda r: len(r.sound.voices.speakers) == 1 or (r.sound.voices.confidence or 0.0) < SURE,
        lambda r: f"{len(r.sound.voices.speakers)} at confidence {r.sound.voices.confidence}",
    )


def _near(one: Span, other: Span) -> bool:
    return abs(one.start_s - other.start_s) < NEAR_S and abs(one.end_s - other.end_s) < NEAR_S


def _same(found: Sequence[Span], wanted: Sequence[Span]) -> bool:
    return len(found) == len(wanted) and all(map(_near, found, wanted))


def _told(spans: Sequence[Span]) -> str:
    return ", ".join(f"{span.start_s:.1f} to {span.end_s:.1f} s" for span in spans) or "nowhere"
