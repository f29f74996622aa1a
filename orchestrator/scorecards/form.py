"""What a scorecard has to hold: every criterion of the rubric of every answer that could be used, rated 1 to 5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.sessions.states import AnswerState
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import field_invalid

LEAST, MOST = 1, 5
USABLE = (AnswerState.COMPLETED, AnswerState.PARTIAL)


def wanted(session: SessionRow, rubrics: Iterable[judge_pb.Rubric]) -> set[tuple[int, str]]:
    """Answers by their place from 0, each with the criteria that it is rated by."""
    known = list(rubrics)
    by_name = {rubric.name: rubric for rubric in known}
    usual = next((rubric for rubric in known if rubric.is_default), judge_pb.Rubric())
    return {
        (answer.index, criterion.name)
        for answer in session.answers
        if answer.state in USABLE
        for criterion in _rubric(by_name, answer.rubric or session.rubric, usual).criteria
    }


def checked(given: Iterable[pb.ScorecardRating], asked: set[tuple[int, str]]) -> list[dict[str, object]]:
    """The ratings as they are kept. Raises FIELD_INVALID unless each that is asked for is there once, and no other."""
    found = [(rating.answer_index, rating.criterion, rating.rating) for rating in given]
    if any(not LEAST <= value <= MOST for _, _, value in found):
        raise field_invalid("ratings", f"must be {LEAST} to {MOST}")
    if len(found) != len(asked) or {(index, name) for index, name, _ in found} != asked:
        raise field_invalid("ratings", "must hold every criterion of every answer once")
    return [{"answer_index": index, "criterion": name, "rating": value} for index, name, value in sorted(found)]


def _rubric(known: Mapping[str, judge_pb.Rubric], name: str, usual: judge_pb.Rubric) -> judge_pb.Rubric:
    return known.get(name, usual) if name else usual
