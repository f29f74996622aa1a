"""The machine's score of each criterion of each answer, read of a published result."""

from __future__ import annotations

from pydantic import BaseModel


class _Rating(BaseModel):
    criterion: str
    score: float | None = None


class _Evidence(BaseModel):
    ratings: tuple[_Rating, ...] = ()


class _AnswerResult(BaseModel):
    evidence: _Evidence = _Evidence()


class _Answer(BaseModel):
    result: _AnswerResult


class _Result(BaseModel):
    content: tuple[_Answer, ...] = ()


def scores(content: bytes) -> dict[tuple[int, str], float]:
    """1 to 100, by the answer's place from 0 and the criterion. Raises pydantic's ValidationError."""
    return {
        (index, rating.criterion): rating.score
        for index, answer in enumerate(_Result.model_validate_json(content).content)
        for rating in answer.result.evidence.ratings
        if rating.score is not None
    }
