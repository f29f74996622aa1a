"""The made clips. They are kept in a folder, since moving the faces takes minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.vision import clips
from bench.vision.acts import Act
from bench.vision.puppet import Puppet
from scripts.make_sample.portrait import Picture

RATE_HZ = 15.0
"""Frame rate of clips in which the rate does not matter."""


@dataclass(frozen=True, slots=True)
class Material:
    """Faces that can be moved, and where clips are kept. `data` holds real recordings, None without any."""

    folder: Path
    puppets: dict[str, Puppet]
    data: Path | None

    def performed(self, name: str, face: str, act: Act, times_s: list[float] | None = None) -> Path:
        """A clip of a face's act."""
        times_s = times_s or clips.steady(act.duration_s, RATE_HZ)
        return self.made(f"{name}-{face}", times_s, lambda: clips.performed(self.puppets[face], act, times_s))

    def made(
        self, name: str, times_s: list[float], pictures: Callable[[], Iterable[Picture]], bit_rate: int | None = None
    ) -> Path:
        """The clip of this name, made when it is not there yet."""
        path = self.folder / f"{name}.mp4"
        if not path.exists():
            unfinished = path.with_suffix(".part.mp4")
            clips.write(unfinished, times_s, pictures(), bit_rate)
            unfinished.rename(path)
        return path
