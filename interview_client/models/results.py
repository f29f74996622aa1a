"""A result in parts."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from interview_client.models.body import Body
from interview_client.models.status import Problem, Video


class Translation(Body):
    """An answer in the other language, or where that stands.

    `state` is `pending`, `running`, `completed`, `failed` or `skipped` (stopped); `text` is None until it is there. The
    `grade` is `full`, `gist`, which is not to be quoted, or `none`; `mismatches` are numbers and names that stand on
    one side only.
    """

    state: str = "pending"
    language: str = ""
    text: str | None = None
    grade: str | None = None
    mismatches: tuple[str, ...] = ()
    error: Problem | None = None


class Finding(Body):
    """A moment that a person should look at, with what else it may be.

    `severity` is `info`, `review` or `serious`; `strength` is in the unit of its type, `confidence` 0 to 1;
    `still_url` is the picture at that moment.
    """

    answer_index: int = 0
    type: str
    severity: str = "info"
    start_s: float = 0.0
    end_s: float = 0.0
    strength: float = 0.0
    confidence: float = 0.0
    explanation: str = ""
    innocent_explanation: str = ""
    quote: str = ""
    still_url: str | None = None


class Spoken(Body):
    """What was said in an answer; `quality` is `good`, `usable` or `insufficient`, the latter two with a reason."""

    text: str = ""
    language: str = ""
    quality: str = ""
    quality_reason: str = ""


class Rated(Body):
    """How an answer was rated: `total` 1 to 100, None where a person has to rate it, `ratings` the score of each
    criterion, `confidence` 0 to 1."""

    total: int | None = None
    ratings: dict[str, int] = Field(default_factory=dict)
    confidence: float = 0.0
    analysis: str = ""


class SoFar(Body):
    """What is known of an answer before the result of its session: each part from the end of its stage on."""

    transcript: Spoken | None = None
    evaluation: Rated | None = None
    findings: tuple[Finding, ...] | None = None


class AssessedAnswer(Video):
    """An answer with the state of its stages, and what was made of it.

    `so_far` is what is known before the result is published; after it, `result` is the answer's block of it, without
    `evidence`.
    """

    question: str = ""
    file_name: str = ""
    position_id: int = 0
    so_far: SoFar | None = None
    result: dict[str, Any] | None = None


class Answers(Body):
    """The answers of a session, in order."""

    answers: tuple[AssessedAnswer, ...] = ()


class Findings(Body):
    """The findings of a session, by answer and then by time."""

    findings: tuple[Finding, ...] = ()
