"""Scorecards over gRPC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.fusion.published.ratings import scores
from orchestrator.policies.choices import Choices
from orchestrator.scorecards import agreement, form
from orchestrator.scorecards.agreement import Ratings
from orchestrator.scorecards.store import ScorecardStore
from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.scorecards.wire import RECOMMENDED, agreement_message, scorecard_message
from orchestrator.sessions.request import MAX_NAME, check_text
from orchestrator.sessions.search import composed
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError, field_invalid
from servicekit.media import MediaStore

MAX_REASON = 4_000


class ScorecardCalls:
    """Records how people rate sessions, and says how far they agree."""

    def __init__(self, store: SessionStore, media: MediaStore, choices: Choices) -> None:
        """Sessions are in `store`, their results in `media`; `choices` knows the rubrics."""
        self._store, self._media, self._choices = store, media, choices
        self._scorecards = ScorecardStore(store)

    async def RecordScorecard(self, request: pb.RecordScorecardRequest, context: Any) -> pb.RecordScorecardResponse:
        """Record a person's scorecard."""
        given = request.scorecard
        check_text("author", given.author, 1, MAX_NAME)
        check_text("author_id", given.author_id, 1, MAX_NAME)
        check_text("reason", given.reason, 1, MAX_REASON)
        if given.recommendation not in RECOMMENDED:
            raise field_invalid("recommendation", "must be one of pass, consider, fail")
        session = await self._store.existing(request.session_id)
        if session.result is None:
            raise _no_result()
        ratings = form.checked(given.ratings, form.wanted(session, await self._choices.rubrics()))
        row = ScorecardRow(
            session_id=session.id,
            author_id=given.author_id,
            author=composed(given.author),
            ratings=ratings,
            recommendation=RECOMMENDED[given.recommendation],
            reason=given.reason.strip(),
            created_at=datetime.now(UTC),
        )
        await self._scorecards.add(row)
        return pb.RecordScorecardResponse(scorecard=scorecard_message(row))

    async def ListScorecards(self, request: pb.ListScorecardsRequest, context: Any) -> pb.ListScorecardsResponse:
        """The scorecards that the viewer may see."""
        session = await self._store.existing(request.session_id)
        rows = await self._scorecards.of(session.id)
        rated = any(row.author_id == request.viewer_id for row in rows)
        if request.viewer_id and not rated:
            return pb.ListScorecardsResponse(rated=False, people=pb.Agreement(), machine=pb.Agreement())
        ratings = [_ratings(row) for row in rows]
        return pb.ListScorecardsResponse(
            scorecards=map(scorecard_message, rows),
            rated=rated,
            people=agreement_message(agreement.people(ratings)),
            machine=agreement_message(agreement.with_machine(ratings, await self._scores(session))),
        )

    async def _scores(self, session: SessionRow) -> dict[tuple[int, str], float]:
        return scores(await self._media.read(str(session.result["uri"]))) if session.result else {}


def _ratings(row: ScorecardRow) -> Ratings:
    return {(each["answer_index"], each["criterion"]): each["rating"] for each in row.ratings}


def _no_result() -> ServiceError:
    message = "The session has no result yet, so there is nothing to rate."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NO_RESULT", message)
