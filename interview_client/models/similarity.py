"""Answers that are nearly another candidate's."""

from __future__ import annotations

from interview_client.models.body import Body


class OtherAnswer(Body):
    """A stretch of another candidate's answer (`answer_index` from 0); seconds from the recording's beginning."""

    session_id: str
    candidate_name: str = ""
    answer_index: int
    quote: str
    start_s: float = 0.0
    end_s: float = 0.0


class SimilarAnswer(Body):
    """An answer (`answer_index` from 0) that is nearly another candidate's to the same question.

    `shared` is the share of the shorter answer's runs of three words that stand in both, 0 to 1. It is for information.
    """

    answer_index: int
    quote: str
    start_s: float = 0.0
    end_s: float = 0.0
    other: OtherAnswer
    shared: float = 0.0
    severity: str = "info"
    explanation: str = ""
    innocent_explanation: str = ""


class SimilarAnswers(Body):
    """What was found of a session."""

    similar_answers: tuple[SimilarAnswer, ...] = ()
