"""How much a recording may be, and may cost, before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The fields are those of `DecodingSettings`, where each is explained."""

    max_pixels: int = 9_500_000
    max_tracks: int = 16
    max_packets: int = 3_000_000
    max_hours: float = 12.0
    memory_mb: int = 1_536
    cpu_s: int = 3_600
    silent_s: float = 120.0


DEFAULT = Limits()


class Refused(Exception):
    """A recording that is not read. `reason` is that of the error, `why` a half sentence that says what to do."""

    def __init__(self, why: str, reason: str = "MEDIA_UNREADABLE") -> None:
        """Refuse for `why`."""
        super().__init__(why)
        self.why, self.reason = why, reason
