"""An answer with everything that is known of it, and a session of answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orchestrator.evidence.judgement import Evaluation, Translation
from orchestrator.evidence.picture import FacePrint, Vision
from orchestrator.evidence.sound import Audio, Recording, VoicePrint
from orchestrator.evidence.speech import Transcript
from orchestrator.policies.policy import Policy
from orchestrator.sessions.page import PageNotes
from servicekit.wire import Span

StageEnd = Literal["completed", "failed", "skipped", "pending", "on_demand"]


@dataclass(frozen=True, slots=True)
class StageReport:
    """How one stage ended; `seconds` of wall time.

    Only a translation may be `pending`, to follow, or `on_demand`, to be made when somebody asks for it.
    """

    state: StageEnd
    seconds: float | None = None
    error_reason: str = ""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class Synchrony:
    """How voice and lips go together in `seconds` of speech with the mouth in view.

    `similarity` is the highest correlation of level and opening within a second of shift, -1 to 1; `lag_s` is how much
    later the picture is than the sound there, to about 0.1 s, None if no shift stands out.
    """

    similarity: float
    lag_s: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class AnswerEvidence:
    """Everything that is known of one answer; a stage that failed leaves `None`."""

    index: int
    position_id: int
    question: str
    language: str
    duration_s: float | None
    stages: dict[str, StageReport]
    transcript: Transcript | None = None
    vision: Vision | None = None
    audio: Audio | None = None
    evaluation: Evaluation | None = None
    translation: Translation | None = None
    timeline: str = ""
    """Name of the timeline in the session's folder; empty without one."""
    still_lips: tuple[Span, ...] = ()
    """Where somebody speaks while the visible mouth is still."""
    synchrony: Synchrony | None = None
    """How the candidate's voice and lips go together; None where that could not be compared."""
    lips_voices: tuple[int, ...] = ()
    """The speaker that the lips move with, or several, where one person was taken for more; empty where that is not
    clear, and with one voice. The candidate's voice is then the one that speaks most."""
    recording: Recording | None = None
    """What was recorded; None in evidence that was written before it was kept."""
    error_reason: str = ""
    error_message: str = ""
    page: PageNotes | None = None
    """What the candidate's page noted; None where nothing was to be, or the answer was recorded elsewhere."""


@dataclass(frozen=True, slots=True)
class SessionEvidence:
    """A session with its answers in order."""

    session_id: str
    candidate_name: str
    language: str
    answers: tuple[AnswerEvidence, ...]
    project_score: float | None = None
    consent_reference: str = ""
    policy: Policy = field(kw_only=True)
    voices: dict[int, VoicePrint] = field(default_factory=dict)
    """The voice that speaks most in each answer by its index, where the policy lets them be compared."""
    faces: dict[int, FacePrint] = field(default_factory=dict)
    """The main face, in the same way."""
