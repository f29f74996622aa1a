"""A job's candidates, and what people note on their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interview_client.calls.call import Call, given, reader, safe, session_path
from interview_client.models import (
    CandidateFilters,
    CandidatePage,
    Comment,
    Comments,
    Scorecard,
    ScorecardRating,
    Scorecards,
    Session,
    SimilarAnswer,
    SimilarAnswers,
)


def candidates_call(job_id: str, page_size: int, page_token: str, filters: CandidateFilters) -> Call[CandidatePage]:
    """A page of candidates."""
    wanted = {name: _written(value) for name, value in given(filters).items()}
    params: dict[str, str | int] = {"page_size": page_size, "page_token": page_token, **wanted}
    return Call("GET", f"/v1/jobs/{safe(job_id)}/candidates", reader(CandidatePage, "list of candidates"), params)


def shortlist_call(session_id: str, shortlisted: bool, actor: str) -> Call[Session]:
    """Put on the shortlist or take off it."""
    body = {"shortlisted": shortlisted, "actor": actor}
    return Call("PUT", session_path(session_id, "/shortlist"), reader(Session, "session"), body=body)


def comments_call(session_id: str) -> Call[tuple[Comment, ...]]:
    """The comments on a session."""
    read = reader(Comments, "list of comments")
    return Call("GET", session_path(session_id, "/comments"), lambda body: read(body).comments)


def add_comment_call(session_id: str, text: str, author: str) -> Call[Comment]:
    """Comment on a session."""
    body = {"text": text, "author": author}
    return Call("POST", session_path(session_id, "/comments"), reader(Comment, "comment"), body=body)


def delete_comment_call(session_id: str, comment_id: str, actor: str) -> Call[None]:
    """Delete a comment."""
    path = session_path(session_id, f"/comments/{safe(comment_id)}")
    return Call("DELETE", path, lambda _: None, given({"actor": actor}))


def scorecards_call(session_id: str) -> Call[Scorecards]:
    """The scorecards of a session."""
    return Call("GET", session_path(session_id, "/scorecards"), reader(Scorecards, "list of scorecards"))


def rate_call(session_id: str, ratings: Sequence[ScorecardRating], recommendation: str, reason: str) -> Call[Scorecard]:
    """Record a scorecard."""
    rated = [rating.model_dump() for rating in ratings]
    body = {"ratings": rated, "recommendation": recommendation, "reason": reason}
    return Call("POST", session_path(session_id, "/scorecards"), reader(Scorecard, "scorecard"), body=body)


def similar_answers_call(session_id: str) -> Call[tuple[SimilarAnswer, ...]]:
    """Answers that are nearly another candidate's."""
    read = reader(SimilarAnswers, "list of similar answers")
    return Call("GET", session_path(session_id, "/similar-answers"), lambda body: read(body).similar_answers)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)
