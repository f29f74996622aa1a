"""What the services found in one answer, as the orchestrator keeps it: one artefact a stage.

Times are seconds of media time from the first frame. `None` means: could not be measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter

from orchestrator.policy import Policy
from servicekit.wire import Model, Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word; `probability` 0 to 1."""

    span: Span
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech. `avg_logprob` is the mean natural log probability of its tokens, at most 0."""

    span: Span
    text: str
    words: tuple[Word, ...]
    avg_logprob: float
    no_speech_probability: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch left out of the transcript; `reason` is `no_speech` or `repetition`."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. `quality` is `good`, `usable` or `insufficient`; confidences 0 to 1."""

    segments: tuple[Segment, ...]
    language: str
    language_probability: float
    word_count: int
    confidence: float | None
    min_confidence: float | None
    max_confidence: float | None
    speech_s: float
    dropped: tuple[Dropped, ...]
    quality: str
    quality_reason: str
    model: Model
    calibrated_confidence: float | None = None

    @property
    def text(self) -> str:
        """The whole text, segments joined by single spaces."""
        return " ".join(segment.text.strip() for segment in self.segments if segment.text.strip())


@dataclass(frozen=True, slots=True)
class VisionEvent:
    """Something in the picture.

    `type` is `blink`, `looking_away`, `face_absent`, `second_face`, `reading`, or `camera_` and `black`, `frozen`,
    `photograph`, `looped`, `dark`, `blurred`, `far` or `slow`. `direction` is `left`, `right`, `up`, `down` or empty,
    `still` the URI of a picture or empty.
    """

    type: str
    span: Span
    direction: str
    strength: float
    confidence: float
    still: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """The original's per-frame figures; confidences 0 to 100."""

    suspicious_frames: int
    suspicious_percent: float
    average_confidence: float | None
    min_confidence: float | None
    max_confidence: float | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Measurements in columns, about 10 rows a second; every column has the length of `offset_s`. NaN is `None`."""

    offset_s: list[float] = field(default_factory=list)
    face_count: list[int] = field(default_factory=list)
    yaw_deg: list[float | None] = field(default_factory=list)
    pitch_deg: list[float | None] = field(default_factory=list)
    roll_deg: list[float | None] = field(default_factory=list)
    gaze_horizontal_deg: list[float | None] = field(default_factory=list)
    gaze_vertical_deg: list[float | None] = field(default_factory=list)
    eye_aspect_ratio: list[float | None] = field(default_factory=list)
    mouth_opening: list[float | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Vision:
    """What the picture showed. Ratios 0 to 1; the other units are those of `interview.vision.v1.VisionSummary`."""

    events: tuple[VisionEvent, ...]
    frame_count: int
    analyzed_frame_count: int
    frame_rate_hz: float
    width_px: int
    height_px: int
    duration_s: float
    face_present_ratio: float
    multiple_faces_ratio: float
    blink_count: int
    blink_rate_per_minute: float | None
    eye_contact_ratio: float | None
    gaze_stability: float | None
    smile_intensity: float | None
    smile_variation: float | None
    eyebrow_movement_range: float | None
    baseline_smile_intensity: float | None
    baseline_eyebrow_position: float | None
    calibration_applied: bool
    head_movement_intensity: float | None
    screening: Screening
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One voice speaks; speaker 0 speaks most."""

    span: Span
    speaker: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice: its speech in seconds, its share of all speech 0 to 1."""

    speaker: int
    speaking_s: float
    share: float


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """The embedding of the voice that speaks most, to recognise it in the session's other answers.

    Biometric: it is an artefact of its own, deleted with the session and part of no result.
    """

    embedding: tuple[float, ...]
    """Unit length, 256 numbers."""
    speaking_s: float
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Audio:
    """What the sound held. Units are those of `interview.audio.v1.AudioSummary`."""

    speech: tuple[Span, ...]
    pauses: tuple[Span, ...]
    turns: tuple[Turn, ...]
    total_s: float
    speaking_s: float
    nonsilent_s: float
    response_latency_s: float | None
    speaker_count: int
    speaker_confidence: float | None
    silhouette: float | None
    speakers: tuple[Speaker, ...]
    speech_level_dbfs: float | None
    snr_db: float | None
    clipping_ratio: float
    models: tuple[Model, ...]
    integrated_lufs: float | None = None
    overlaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who did a judge's work: backend, model, and who could not (`backend: reason`)."""

    backend: str
    model: Model
    failures: tuple[str, ...]
    prompt_sha256: str
    input_tokens: int
    output_tokens: int
    seconds: float = 0.0
    """Wall time."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion: score 1 to 100, confidence 0 to 1 or unknown, a verbatim quote or empty."""

    criterion: str
    score: float
    confidence: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerFlag:
    """What a person should look at in the words: `answer_addresses_the_judge` or `keyword_list`; quote verbatim."""

    type: str
    quote: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judge's rating of one answer. `total` 1 to 100, `confidence` 0 to 1.

    `samples` is how many tries each score is the mean of; 0 with token probabilities.
    """

    ratings: tuple[Rating, ...]
    total: float
    confidence: float
    logprobs_available: bool
    logprobs_probability: float | None
    analysis: str
    attribution: Attribution
    flags: tuple[AnswerFlag, ...] = ()
    rubric: str = ""
    rubric_sha256: str = ""
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """The transcript in the other language; `grade` is `none`, `gist` or `full`; `text` is empty for `none`.

    `mismatches` are numbers and names that stand on one side only.
    """

    text: str
    language: str
    grade: str
    attribution: Attribution
    mismatches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageReport:
    """How one stage ended: `state` is `completed`, `failed` or `skipped`; `seconds` of wall time."""

    state: str
    seconds: float | None = None
    error_reason: str = ""
    error_message: str = ""


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
    """URI of the timeline artefact; empty without one."""
    still_lips: tuple[Span, ...] = ()
    """Where somebody speaks while the visible mouth is still."""
    error_reason: str = ""
    error_message: str = ""


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
    """The main voice of each answer by its index, where the policy lets them be compared."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The judge's summary of a session; `confidence` 0 to 1 or unknown."""

    text: str
    confidence: float | None
    attribution: Attribution


def to_json(value: object) -> bytes:
    """A dataclass of this module as JSON."""
    return TypeAdapter(type(value)).dump_json(value)


def from_json(kind: type[T], content: bytes) -> T:
    """A dataclass of this module from JSON. Raises pydantic's ValidationError when it does not fit."""
    return TypeAdapter(kind).validate_json(content)
