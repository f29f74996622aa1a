"""One clock for all tracks of a recording, whatever its packets' stamps do.

Zero is where the file starts. Stamps that jump back belong to another recording that was joined to the first: it goes
on where the first ended, as it does where a clock was set. A single wild stamp is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BACK_S = 1.0
"""Stamps that fall by more begin another recording; by less they are out of order, as lost connections leave them."""
SET_S = 6 * 3600.0
"""Stamps that rise by more do so because the clock was set or ran over; a computer that slept, by less."""
WILD_S = 60.0
"""A stamp that is further ahead and taken back by the next is wrong."""


@dataclass(frozen=True, slots=True)
class Packets:
    """All packets of all tracks in the file's order, each array of shape (n,); NaN where a packet has no stamp."""

    track: NDArray[np.int32]
    decoded_s: Floats
    """When it is to be decoded; without that, when it is to be shown."""
    shown_s: Floats
    duration_s: Floats


@dataclass(slots=True)
class _Place:
    part: int
    last_s: float


def shifts(packets: Packets, zero_s: float) -> Floats:
    """Seconds to add to each packet's stamps, shape (n,); NaN for a packet whose stamp cannot be used."""
    parts, places, end_s = [-zero_s], dict[int, _Place](), 0.0
    following = _following(packets)
    shift = np.full(len(packets.track), np.nan)
    rows = zip(packets.track.tolist(), packets.decoded_s.tolist(), packets.duration_s.tolist(), following, strict=True)
    for index, (track, stamp_s, duration_s, next_s) in enumerate(rows):
        if stamp_s != stamp_s:  # NaN
            continue
        place = places.setdefault(track, _Place(0, stamp_s))
        if _wild(stamp_s, place.last_s, next_s):
            continue
        if not place.last_s - BACK_S <= stamp_s <= place.last_s + SET_S:
            place.part += 1
            if place.part == len(parts):
                parts.append(end_s - stamp_s)
        place.last_s = stamp_s
        shift[index] = parts[place.part]
        end_s = max(end_s, stamp_s + duration_s + parts[place.part])
    return shift


def _wild(stamp_s: float, last_s: float, next_s: float) -> bool:
    """Whether a stamp leaves its neighbours, which go on without it; `next_s` is NaN for the last of a track."""
    if stamp_s < last_s - BACK_S:
        return next_s >= last_s - BACK_S
    return stamp_s > last_s + WILD_S and next_s < stamp_s - BACK_S and next_s >= last_s - BACK_S


def _following(packets: Packets) -> list[float]:
    """The next stamp of the same track, NaN after the last."""
    found = np.full(len(packets.track), np.nan)
    for track in set(packets.track.tolist()):
        rows = np.flatnonzero((packets.track == track) & ~np.isnan(packets.decoded_s))
        found[rows[:-1]] = packets.decoded_s[rows[1:]]
    stamps: list[float] = found.tolist()
    return stamps
