"""What a candidate's page noted while it recorded: from a request to the form in which it is kept, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from pydantic import TypeAdapter

from servicekit.errors import field_invalid
from servicekit.wire import seconds

MOST_MARKS = 500
PAUSE: Final = "pause"
SIGNALS: Final = ("page_left", "second_screen", "paste", "device_change")
"""What a job can have noted besides, in the order in which people are told of it."""


@dataclass(frozen=True, slots=True)
class PageMark:
    """One thing that was noted: `pause` or a signal.

    `start_s` and `end_s` are on the recording's clock, in which nothing is that was paused; `duration_s` is on that on
    the wall. None: not known, as where the page was lost meanwhile.
    """

    kind: str
    start_s: float
    end_s: float | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class PageNotes:
    """All that was noted, and which of the signals that were wanted the browser could tell."""

    marks: tuple[PageMark, ...] = ()
    measured: tuple[str, ...] = ()
    not_measured: tuple[str, ...] = ()


_READER = TypeAdapter(PageNotes)


def check_signals(name: str, signals: Iterable[str]) -> list[str]:
    """Signals in their usual order, each once. Raises FIELD_INVALID."""
    wanted = set(signals)
    if wanted - set(SIGNALS):
        raise field_invalid(name, f"must be among {', '.join(SIGNALS)}")
    return [signal for signal in SIGNALS if signal in wanted]


def kept_notes(name: str, notes: pb.PageNotes) -> dict[str, Any]:
    """What was noted, as it is kept. Raises FIELD_INVALID."""
    if len(notes.marks) > MOST_MARKS:
        raise field_invalid(f"{name}.marks", f"must be {MOST_MARKS} at most")
    found = PageNotes(
        tuple(_mark(f"{name}.marks[{i}]", mark) for i, mark in enumerate(notes.marks)),
        tuple(check_signals(f"{name}.measured", notes.measured)),
        tuple(check_signals(f"{name}.not_measured", notes.not_measured)),
    )
    return asdict(found)


def page_notes(kept: Mapping[str, Any] | None) -> PageNotes | None:
    """What is kept of a page's notes."""
    return None if kept is None else _READER.validate_python(dict(kept))


def _mark(name: str, mark: pb.PageMark) -> PageMark:
    if mark.kind not in (PAUSE, *SIGNALS):
        raise field_invalid(f"{name}.kind", f"must be {PAUSE} or one of {', '.join(SIGNALS)}")
    start_s = seconds(mark.start_offset)
    end_s = _seconds(mark, "end_offset", mark.end_offset)
    duration_s = _seconds(mark, "duration", mark.duration)
    if start_s < 0 or (end_s is not None and end_s < start_s) or (duration_s or 0.0) < 0:
        raise field_invalid(name, "must not end before it begins, nor begin before the recording")
    return PageMark(mark.kind, start_s, end_s, duration_s)


def _seconds(mark: pb.PageMark, name: str, value: Duration) -> float | None:
    return seconds(value) if mark.HasField(name) else None  # type: ignore[arg-type]
