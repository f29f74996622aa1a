"""What the gateway reads of a published result: only these keys, with defaults for results of earlier versions.

The whole of a result is described by docs/result.schema.json. Times are seconds from the beginning of the recording.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Severity = Literal["info", "review", "serious"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Span(_Part):
    """A stretch of the recording."""

    start_s: float
    end_s: float


class Turn(Span):
    """A voice speaks."""

    speaker: int


class Speaker(_Part):
    """A voice; 0 speaks most."""

    speaker: int


class Finding(Span):
    """A moment that a person should look at."""

    type: str
    severity: Severity
    strength: float
    confidence: float
    explanation: str
    innocent_explanation: str
    still: str = ""
    quote: str = ""


class Rating(_Part):
    """A criterion; figures are None where the answer has no score or they were not measured."""

    criterion: str
    score: float | None = None
    confidence: float | None = None
    low: float | None = None
    high: float | None = None
    influence: float | None = None
    quote: str = ""
    start_s: float | None = None


class Word(Span):
    """A spoken word."""

    text: str
    probability: float


class Segment(Span):
    """A stretch of speech; the language is empty where the answer's is meant."""

    words: list[Word]
    language: str = ""


class Language(_Part):
    """A language's share of the words."""

    language: str
    percent: float | None = None


class Heard(_Part):
    """What was said."""

    language: str
    languages: list[Language] = []
    segments: list[Segment]


class Signals(_Part):
    """What the candidate's page was to note: what its browser can tell, and what it cannot."""

    measured: list[str] = []
    not_measured: list[str] = []


class Evidence(_Part):
    """What an answer's figures rest on."""

    findings: list[Finding] = []
    transcript: Heard | None = None
    ratings: list[Rating] = []
    turns: list[Turn] = []
    speakers: list[Speaker] = []
    blinks: list[Span] = []
    looking_away: list[Span] = []
    translation_mismatches: list[str] = []
    timeline: str | None = None
    signals: Signals | None = None


class Rated(_Part):
    """The judge's block, `penilaian`."""

    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    analisis_llm: str | None = None
    missing: list[str] = []
    follow_up_question: str = ""
    not_scored_reason: str = ""
    rate_by_hand: bool = False


class NonVerbal(_Part):
    """The non-verbal score with its interval."""

    score: float | None = None
    low: float | None = None
    high: float | None = None


class Modality(_Part):
    """How a part of the work ended."""

    state: str
    error_message: str = ""


class Model(_Part):
    """A model as it ran."""

    name: str
    version: str = ""
    sha256: str = ""
    runtime: str = ""


class MadeBy(_Part):
    """Who judged."""

    model: Model


class TranslatedBy(MadeBy):
    """Who translated, and how far that can be relied on."""

    grade: str | None = None


class Provenance(_Part):
    """The models by part."""

    transcriber: Model | None = None
    vision: list[Model] = []
    audio: list[Model] = []
    judge: MadeBy | None = None
    translation: TranslatedBy | None = None

    def models(self) -> list[tuple[str, Model]]:
        """Part and model; a part can have several."""
        single = {"transcriber": self.transcriber}
        several = {"vision": self.vision, "audio": self.audio}
        made = {"judge": self.judge, "translation": self.translation}
        return [
            *((part, model) for part, model in single.items() if model),
            *((part, model) for part, models in several.items() for model in models),
            *((part, by.model) for part, by in made.items() if by),
        ]


class Problem(_Part):
    """Why a recording could not be used."""

    message: str


class AnswerMetadata(_Part):
    """Of an answer."""

    duration_seconds: float | None = None


class _Block(_Part):
    """Parts that are null count as absent."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if value is not None}


class AnswerResult(_Block):
    """What was made of one answer."""

    penilaian: Rated = Rated()
    non_verbal_analysis: dict[str, dict[str, Any]] = {}
    non_verbal_confidence: NonVerbal | None = None
    transkripsi_en: str = ""
    transkripsi_id: str = ""
    transkripsi_calibrated_confidence: float | None = None
    metadata: AnswerMetadata = AnswerMetadata()
    evidence: Evidence = Evidence()
    provenance: Provenance = Provenance()
    modalities: dict[str, Modality] = {}
    error: Problem | None = None

    @property
    def other_language(self) -> Literal["en", "id"]:
        """The language that the answer is translated into."""
        heard = self.evidence.transcript
        return "en" if heard and heard.language == "id" else "id"

    @property
    def translated(self) -> str:
        """The text in that language; empty without a translation."""
        return self.transkripsi_en if self.other_language == "en" else self.transkripsi_id


class Answer(_Part):
    """A question and what came of it."""

    question: str = ""
    result: AnswerResult


class Term(_Part):
    """A summand of the total."""

    name: str
    value: float | None
    weight: float | None
    points: float | None


class Proposal(_Part):
    """What the policy proposes. `total` is the session's final score, on every page the same."""

    outcome: str = ""
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    interview_score: float | None = None
    terms: list[Term] = []
    reasons: list[str] = []


class Judged(_Part):
    """The judge's figures of the session."""

    kesimpulan_llm: str | None = None
    rata_rata_confidence_score: float | None = None


class Integrity(_Part):
    """The verdict on the session."""

    final_aggregate_verdict: str = ""


class SessionNonVerbal(_Part):
    """The non-verbal score of the session."""

    overall_confidence_score: float | None = None


class Result(_Block):
    """A published result."""

    name: str = ""
    llm_results: Judged = Judged()
    decision_proposal: Proposal = Proposal()
    aggregate_cheating_detection: Integrity = Integrity()
    aggregate_non_verbal_analysis: SessionNonVerbal = SessionNonVerbal()
    content: list[Answer] = Field(default=[])

    def findings(self) -> list[tuple[int, Finding]]:
        """Every finding with the place of its answer."""
        return [(i, finding) for i, answer in enumerate(self.content) for finding in answer.result.evidence.findings]
