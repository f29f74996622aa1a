"""Small JPEGs kept during the pass, from which the events' stills are chosen afterwards."""

from __future__ import annotations

import cv2

from servicekit.wire import Span
from services.vision.model import EventKind, Still, VisionEvent
from services.vision.picture.frames import Pixels

WIDTH_PX, QUALITY, MAX_BYTES = 320, 80, 64 * 1024
INTERVAL_S = 0.25
CAPACITY = 2000
"""JPEGs kept at most, about 10 KB each; when full every second one goes and the interval doubles."""


class StillShelf:
    """Keeps a small JPEG each quarter of a second; memory stays bounded however long the video is."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: list[tuple[float, bytes]] = []
        self._interval_s = INTERVAL_S
        self._due_s = 0.0

    def offer(self, offset_s: float, rgb: Pixels) -> None:
        """Keep the picture at this media time if it is time for one."""
        if offset_s < self._due_s:
            return
        self._due_s = offset_s + self._interval_s
        self._kept.append((offset_s, jpeg(rgb)))
        if len(self._kept) >= CAPACITY:
            self._kept, self._interval_s = self._kept[::2], self._interval_s * 2

    def nearest(self, peak_s: float, span: Span) -> tuple[float, bytes] | None:
        """The picture nearest to `peak_s` among those inside `span`; None without one."""
        inside = [kept for kept in self._kept if span.start_s <= kept[0] <= span.end_s]
        return min(inside, key=lambda kept: abs(kept[0] - peak_s), default=None)


def jpeg(rgb: Pixels) -> bytes:
    """A picture of shape (height, width, 3) as JPEG, at most 320 pixels wide and 64 KiB."""
    scale = min(1.0, WIDTH_PX / rgb.shape[1])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for quality in range(QUALITY, 0, -20):
        encoded = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        if len(encoded) <= MAX_BYTES:
            break
    return bytes(encoded)


def stills(events: list[VisionEvent], shelf: StillShelf, limit: int) -> dict[int, Still]:
    """Stills by event index: of all events but blinks, the longest first when there are more than `limit`."""
    shown = [i for i, event in enumerate(events) if event.kind is not EventKind.BLINK]
    shown.sort(key=lambda i: -events[i].span.duration_s)
    chosen = {i: shelf.nearest(events[i].peak_s, events[i].span) for i in shown[:limit]}
    return {i: Still(found[0], i, found[1]) for i, found in chosen.items() if found is not None}
