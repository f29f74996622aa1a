"""What the services found in one answer, as the orchestrator keeps it: one artefact a stage.

Times are seconds on the recording's clock. `None` means: could not be measured.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter

from orchestrator.evidence.judgement import (
    AnswerFlag,
    Attribution,
    Evaluation,
    Rating,
    Summary,
    Translation,
    Unscored,
)
from orchestrator.evidence.picture import FacePrint, Screening, Timeline, Vision, VisionEvent
from orchestrator.evidence.session import AnswerEvidence, SessionEvidence, StageEnd, StageReport, Synchrony
from orchestrator.evidence.sound import Audio, Recording, Speaker, Turn, VoicePrint
from orchestrator.evidence.speech import Dropped, LanguageShare, Passage, Segment, Transcript, Word
from orchestrator.sessions.page import PageMark, PageNotes

__all__ = [
    "AnswerEvidence",
    "AnswerFlag",
    "Attribution",
    "Audio",
    "Dropped",
    "Evaluation",
    "FacePrint",
    "LanguageShare",
    "PageMark",
    "PageNotes",
    "Passage",
    "Rating",
    "Recording",
    "Screening",
    "Segment",
    "SessionEvidence",
    "Speaker",
    "StageEnd",
    "StageReport",
    "Summary",
    "Synchrony",
    "Timeline",
    "Transcript",
    "Translation",
    "Turn",
    "Unscored",
    "Vision",
    "VisionEvent",
    "VoicePrint",
    "Word",
    "from_json",
    "to_json",
]

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """A dataclass of this package as JSON."""
    return TypeAdapter(type(value)).dump_json(value)


def from_json(kind: type[T], content: bytes) -> T:
    """A dataclass of this package from JSON. Raises pydantic's ValidationError when it does not fit."""
    return TypeAdapter(kind).validate_json(content)
