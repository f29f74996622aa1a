"""Quotes of a letter that nobody said: a person may change a letter, but not what the candidate's words were."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orchestrator.letters.material import Answer

_QUOTE = re.compile(r"[“\"]([^“”\"\n]{1,2000})[”\"]")
_EDGES = " .,;:!?…"


def unfounded(text: str, answers: Iterable[Answer]) -> list[str]:
    """Quotes in the text that stand in no transcript and in no question, in their order; spaces and case aside."""
    known = [_plain(line) for answer in answers for line in (_said(answer), answer.question)]
    found = dict.fromkeys(match.strip() for match in _QUOTE.findall(text))
    return [quote for quote in found if not any(_plain(quote) in line for line in known)]


def _said(answer: Answer) -> str:
    heard = answer.result.evidence.transcript
    return " ".join(segment.text for segment in heard.segments) if heard else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(_EDGES).casefold()
