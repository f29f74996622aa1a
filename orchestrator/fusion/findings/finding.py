"""What a finding is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from orchestrator.evidence import Transcript
from orchestrator.fusion.findings.identity import VoiceDifference
from servicekit.wire import Span

Severity = Literal["info", "review", "serious"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A moment that a person should look at. `strength` is in the unit of its type, `confidence` 0 to 1."""

    type: str
    start_s: float
    end_s: float
    strength: float
    confidence: Annotated[float, Field(ge=0, le=1)]
    severity: Severity
    explanation: str
    innocent_explanation: str
    still: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """How an answer differs from the session's others: its voice, and the distance of its face; None if alike."""

    voice: VoiceDifference | None = None
    face_distance: float | None = None


ALIKE = Differences()


def shared_s(span: Span, others: Iterable[Span]) -> float:
    """Seconds of a span that lie in others, which do not overlap."""
    return sum(max(0.0, min(o.end_s, span.end_s) - max(o.start_s, span.start_s)) for o in others)


def words_in(transcript: Transcript | None, span: Span, most: int = 30) -> str:
    """The words spoken within a span, at most `most` of them."""
    if transcript is None:
        return ""
    words = [w for s in transcript.segments for w in s.words]
    inside = [w.text for w in words if w.span.start_s < span.end_s and w.span.end_s > span.start_s]
    return " ".join(inside[:most]) + (" ..." if len(inside) > most else "")
