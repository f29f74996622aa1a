"""What a candidate's page can be asked to note while it records, besides pauses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

Signal = Literal["page_left", "second_screen", "paste", "device_change"]


def _each_once(signals: list[Signal]) -> list[Signal]:
    return list(dict.fromkeys(signals))


Signals = Annotated[list[Signal], Field(max_length=20), AfterValidator(_each_once)]
MAX_PAUSES = 10


def known_signals(names: Iterable[str]) -> tuple[Signal, ...]:
    """Those that this release knows, in their usual order: nothing is noted that could not be told before."""
    wanted = set(names)
    return tuple(signal for signal in get_args(Signal) if signal in wanted)
