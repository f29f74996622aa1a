"""Our own: which model in which version produced what, and how each part of the work ended."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.evidence import Attribution, StageReport
from servicekit.wire import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy(Attribution):
    """Who rated, by what. `samples` is how many tries each score is the mean of; 0 with token probabilities."""

    rubric: str
    rubric_sha256: str
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedBy(Attribution):
    """Who translated, and how well: `none`, `gist` or `full`."""

    grade: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """The models behind one answer; null where a part has no result."""

    transcriber: Model | None
    vision: tuple[Model, ...]
    audio: tuple[Model, ...]
    judge: JudgedBy | None
    translation: TranslatedBy | None


@dataclass(frozen=True, slots=True)
class Modalities:
    """How each part of the work ended."""

    transcribe: StageReport
    watch: StageReport
    listen: StageReport
    evaluate: StageReport
    translate: StageReport
    """pending: the translation follows, and the result is published again with it. on_demand: it is made when somebody
    asks for it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a recording could not be used at all."""

    reason: str
    message: str
