"""What a page has recorded, what of it lies on the server, and what the file holds in the end."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass, field
from pathlib import Path

import av

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound

COUNTED = """
window.counted = [];
const Known = MediaRecorder;
window.MediaRecorder = class extends Known {
  constructor(...all) {
    super(...all);
    let total = 0;
    this.addEventListener("dataavailable", ({ data }) => {
      total += data.size;
      window.counted.push([performance.now() / 1000, total]);
    });
  }
};
"""
"""Run in the page before its own scripts: the moment and the sum of bytes of every chunk."""
GAP_S = 0.5
"""Longer steps from one packet to the next are gaps."""


@dataclass(slots=True)
class Backlog:
    """How far the server was behind the page, sample by sample."""

    seconds: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)

    def add(self, counted: list[tuple[float, int]], there: int, now_s: float) -> None:
        """One sample: `counted` as the page has it, `there` bytes on the server at `now_s` of the page's clock."""
        if not counted:
            return
        first = bisect.bisect_right([total for _, total in counted], there)
        waiting = counted[first][0] if first < len(counted) else now_s
        self.seconds.append(max(0.0, now_s - waiting))
        self.bytes.append(max(0, counted[-1][1] - there))


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds."""

    size_bytes: int
    sound_s: float
    picture_s: float
    gaps: int
    longest_step_s: float
    height: int
    frame_rate_hz: float


def stored_bytes(objects: Path) -> int:
    """What has arrived of the recording that runs."""
    return sum(path.stat().st_size for path in objects.glob("uploads/*/*/parts/*"))


def held(path: Path) -> Held:
    """Read a recording packet by packet."""
    steps, ends, frames, height = list[float](), [0.0, 0.0], 0, 0
    with av.open(str(path)) as file:
        for place, stream in enumerate((file.streams.audio[0], file.streams.video[0])):
            file.seek(0)
            times = [float(p.pts * p.time_base) for p in file.demux(stream) if p.pts is not None and p.time_base]
            steps += [b - a for a, b in itertools.pairwise(times)]
            ends[place] = times[-1] - times[0]
            frames = len(times)
        height = file.streams.video[0].height
    sound_s = len(decode_sound(path)) / SAMPLE_RATE_HZ
    gaps = sum(step > GAP_S for step in steps)
    return Held(path.stat().st_size, sound_s, ends[1], gaps, max(steps), height, frames / ends[1])
