"""What a job holds: its fields checked, its form in the database, its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.policies.choices import Choices, UsualPolicy
from orchestrator.policies.policy import Policy
from orchestrator.sessions.page import check_signals
from orchestrator.sessions.request import (
    LANGUAGES,
    MAX_NAME,
    MAX_QUESTION,
    MAX_REFERENCE,
    MAX_RUBRIC,
    check_text,
)
from servicekit.errors import field_invalid

MOST_QUESTIONS = 20
MAX_CONSENT = 20_000
THINKING_S, LIMIT_S, RETAKES, PAUSES = (0, 600), (10, 1800), (0, 10), (0, 10)
LATER, LATER_OF_QUESTION = ("audio_only", "signals"), ("pauses",)
"""Fields that came later: where they say nothing they are not kept, so that content from before has the same hash."""


class Contents:
    """Checks the content of jobs against the policies and rubrics that there are."""

    def __init__(self, policies: Mapping[str, Policy], usual: UsualPolicy, choices: Choices, most_answers: int) -> None:
        """`usual` knows the policy of jobs that name none; rubrics are asked of `choices`."""
        self._policies, self._usual, self._choices = policies, usual, choices
        self._most_questions = min(MOST_QUESTIONS, most_answers)

    async def check(self, content: pb.JobContent) -> pb.JobContent:
        """The content without spaces around its texts. Raises FIELD_INVALID; UPSTREAM_DOWN where a rubric is named."""
        if not 1 <= len(content.questions) <= self._most_questions:
            raise field_invalid("questions", f"needs 1 to {self._most_questions}, got {len(content.questions)}")
        found = _checked(content)
        await self._check_policy(found)
        await self._choices.check_rubric(found.rubric)
        for name in sorted({question.rubric for question in found.questions}):
            await self._choices.check_rubric(name)
        return found

    async def _check_policy(self, content: pb.JobContent) -> None:
        policy = self._policies.get(content.policy or await self._usual.policy())
        if policy is None:
            raise field_invalid("policy", f"must be one of {', '.join(self._policies)}")
        if policy.requires_consent and not content.consent_text:
            raise field_invalid("consent_text", f"is required by the policy {policy.name}")


def check_title(title: str) -> str:
    """The title without spaces around it. Raises FIELD_INVALID."""
    check_text("title", title, 1, MAX_NAME)
    return " ".join(title.split())


def stored(content: pb.JobContent) -> dict[str, Any]:
    """The content as it is kept: every field by its name."""
    kept = MessageToDict(content, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    questions = [_without_empty(question, LATER_OF_QUESTION) for question in kept["questions"]]
    return _without_empty(kept, LATER) | {"questions": questions}


def content_of(kept: dict[str, Any]) -> pb.JobContent:
    """The content that is kept; fields that a later release knows are left out."""
    return ParseDict(kept, pb.JobContent(), ignore_unknown_fields=True)


def fingerprint(kept: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys and without spaces, hex."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _without_empty(kept: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if value or name not in names}


def _checked(content: pb.JobContent) -> pb.JobContent:
    if content.language_code not in LANGUAGES:
        raise field_invalid("language", f"must be one of {', '.join(LANGUAGES)}")
    check_text("rubric", content.rubric, 0, MAX_RUBRIC)
    check_text("consent_text", content.consent_text, 0, MAX_CONSENT)
    questions = [_question(f"questions[{i}]", q) for i, q in enumerate(content.questions)]
    if len({question.text for question in questions}) < len(questions):
        raise field_invalid("questions", "must differ from each other")
    return pb.JobContent(
        language_code=content.language_code,
        questions=questions,
        rubric=content.rubric.strip(),
        policy=content.policy.strip(),
        consent_text=content.consent_text.strip(),
        audio_only=content.audio_only,
        signals=check_signals("signals", content.signals),
    )


def _question(name: str, question: pb.Question) -> pb.Question:
    check_text(f"{name}.text", question.text, 1, MAX_QUESTION)
    check_text(f"{name}.reference", question.reference, 0, MAX_REFERENCE)
    check_text(f"{name}.rubric", question.rubric, 0, MAX_RUBRIC)
    _between(f"{name}.thinking_s", question.thinking_s, THINKING_S)
    _between(f"{name}.limit_s", question.limit_s, LIMIT_S)
    _between(f"{name}.retakes", question.retakes, RETAKES)
    _between(f"{name}.pauses", question.pauses, PAUSES)
    return pb.Question(
        text=question.text.strip(),
        reference=question.reference.strip(),
        thinking_s=question.thinking_s,
        limit_s=question.limit_s,
        retakes=question.retakes,
        rubric=question.rubric.strip(),
        pauses=question.pauses,
    )


def _between(name: str, value: int, limits: tuple[int, int]) -> None:
    least, most = limits
    if not least <= value <= most:
        raise field_invalid(name, f"must be {least} to {most}")
