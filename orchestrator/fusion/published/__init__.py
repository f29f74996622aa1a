"""A published result, read and completed.

It may be older than the types of today: only what is named here is read of it, and whatever is not changed stays as it
was, byte for byte.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel

from orchestrator.evidence import StageReport, Translation
from orchestrator.fusion.blocks.proposal import Outcome
from orchestrator.fusion.provenance import translated_by
from orchestrator.fusion.rounding import rounded
from orchestrator.fusion.serialisation import json_value, text
from orchestrator.fusion.translation import offered_report
from orchestrator.policies import policy


class _Heard(BaseModel):
    segments: list[Any]


class _Evidence(BaseModel):
    transcript: _Heard | None


class _Modality(BaseModel):
    state: str


class _Modalities(BaseModel):
    translate: _Modality


class _AnswerMetadata(BaseModel):
    duration_seconds: float | None


class _AnswerResult(BaseModel):
    evidence: _Evidence
    modalities: _Modalities
    metadata: _AnswerMetadata


class _Answer(BaseModel):
    result: _AnswerResult


class _Policy(BaseModel):
    translation: policy.Translation = "after_result"
    """Results that name none were translated in any case."""


class _Metadata(BaseModel):
    policy: _Policy


class _Proposal(BaseModel):
    outcome: Outcome


class _Proposed(BaseModel):
    decision_proposal: _Proposal


class _Result(BaseModel):
    content: list[_Answer]
    metadata: _Metadata


def proposed_outcome(content: bytes) -> Outcome:
    """What a published result proposes. Raises pydantic's ValidationError when it is no result."""
    return _Proposed.model_validate_json(content).decision_proposal.outcome


@dataclass(frozen=True, slots=True)
class Published:
    """A result as it was published; `values` are its JSON's."""

    values: dict[str, Any]
    _read: _Result

    @classmethod
    def read(cls, content: bytes) -> Self:
        """From JSON. Raises pydantic's ValidationError when it is no result."""
        return cls._of(json.loads(content))

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        return cls(values, _Result.model_validate(values))

    def to_json(self) -> bytes:
        """As it is published."""
        return text(self.values, indent=2)

    def is_translated(self, index: int) -> bool:
        """Whether it holds an answer's translation."""
        return self._read.content[index].result.modalities.translate.state == "completed"

    def with_translation(self, index: int, report: StageReport, translation: Translation | None = None) -> Self:
        """The same, in which an answer's translation stands as `report` says.

        What was published may be older than the rules of today, so nothing is computed again.
        """
        read = self._read.content[index].result
        if read.evidence.transcript is None:
            return self
        spoken = bool(read.evidence.transcript.segments)
        report = offered_report(report, spoken, self._read.metadata.policy.translation)
        values = copy.deepcopy(self.values)
        block, timing = values["content"][index]["result"], values["metadata"]["timing"][index]
        block["modalities"]["translate"] = json_value(report)
        if translation is not None:
            block[f"transkripsi_{translation.language}"] = translation.text
            block["provenance"]["translation"] = json_value(translated_by(translation))
            block["evidence"]["translation_mismatches"] = list(translation.mismatches)
        if report.seconds is not None:
            timing["seconds"]["translate"] = report.seconds
            if duration_s := read.metadata.duration_seconds:
                timing["seconds_per_minute"]["translate"] = rounded(60 * report.seconds / duration_s, 2)
        return self._of(values)
