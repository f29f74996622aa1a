"""The orchestrator, as the gateway sees it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar, cast

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from interview.common.v1.media_pb2 import MediaRef
from interview.judge.v1.judge_service_pb2 import Rubric
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1 import orchestrator_service_pb2_grpc as pb_grpc

from gateway.errors import link_not_found, session_not_found
from gateway.organisation import NamedChannel
from servicekit.errors import ServiceError, from_rpc_error, upstream_down
from servicekit.turns import Turns

T = TypeVar("T")
SUBMITTED_AT_ONCE = 4
"""Submissions for which one gateway asks the orchestrator something before their recordings are stored: where hundreds
arrive in the same moment, whoever asks for a session does not wait behind all of them.
"""
_ID = re.compile(r"[0-9a-f]{32}")


class Sessions:
    """Sessions over gRPC. Every method raises the `ServiceError` behind a failed call; an id that cannot be one is
    NOT_FOUND SESSION_NOT_FOUND without a call.
    """

    def __init__(self, channel: grpc.aio.Channel, timeout_s: float = 30.0) -> None:
        self.channel, self.timeout_s = cast(grpc.aio.Channel, NamedChannel(channel)), timeout_s
        self._stub = pb_grpc.OrchestratorServiceStub(self.channel)
        self._health = health_pb2_grpc.HealthStub(channel)
        self._timeout_s = timeout_s
        self.turns = Turns(SUBMITTED_AT_ONCE)
        """Whoever asks for a submission holds it."""

    async def create(self, request: pb.CreateSessionRequest) -> pb.Session:
        """Record a session and start it."""
        return (await answered(self._stub.CreateSession(request, timeout=self._timeout_s))).session

    async def get(self, session_id: str) -> pb.Session:
        """One session."""
        request = pb.GetSessionRequest(session_id=_checked(session_id))
        return (await answered(self._stub.GetSession(request, timeout=self._timeout_s))).session

    async def find(self, session_id: str) -> pb.Session | None:
        """One session, or None where there is no such."""
        try:
            return await self.get(session_id)
        except ServiceError as error:
            if error.reason not in ("SESSION_NOT_FOUND", "SESSION_DELETED"):
                raise
            return None

    async def exists(self, session_id: str) -> bool:
        """Whether there is such a session."""
        return await self.find(session_id) is not None

    async def list(self, request: pb.ListSessionsRequest) -> pb.ListSessionsResponse:
        """A page of sessions, newest first."""
        return await answered(self._stub.ListSessions(request, timeout=self._timeout_s))

    async def watch(self, session_id: str) -> AsyncGenerator[pb.Session]:
        """The session now and on every change until nothing follows any more. Closing the iterator cancels the call."""
        # No deadline: a session may take hours. Keepalive notices an orchestrator that is gone.
        call = self._stub.WatchSession(pb.WatchSessionRequest(session_id=_checked(session_id)))
        try:
            with _service_errors():
                async for response in call:
                    yield response.session
        finally:
            call.cancel()

    async def cancel(self, session_id: str) -> pb.Session:
        """Stop a session."""
        request = pb.CancelSessionRequest(session_id=_checked(session_id))
        return (await answered(self._stub.CancelSession(request, timeout=self._timeout_s))).session

    async def delete(self, session_id: str) -> int:
        """Delete a session; returns how many objects went with it."""
        request = pb.DeleteSessionRequest(session_id=_checked(session_id))
        return (await answered(self._stub.DeleteSession(request, timeout=self._timeout_s))).deleted_objects

    async def retry(self, session_id: str, answer_index: int) -> pb.Session:
        """Have an answer run again whose stages failed."""
        request = pb.RetryAnswerRequest(session_id=_checked(session_id), answer_index=answer_index)
        return (await answered(self._stub.RetryAnswer(request, timeout=self._timeout_s))).session

    async def translate(self, session_id: str, answer_index: int) -> pb.Session:
        """Have an answer translated unless it is."""
        request = pb.TranslateAnswerRequest(session_id=_checked(session_id), answer_index=answer_index)
        return (await answered(self._stub.TranslateAnswer(request, timeout=self._timeout_s))).session

    async def open_evidence(self, session_id: str, answer_index: int, reviewer: str) -> MediaRef:
        """Record who looks at an answer; returns where the result is."""
        request = pb.OpenEvidenceRequest(session_id=_checked(session_id), answer_index=answer_index, reviewer=reviewer)
        return (await answered(self._stub.OpenEvidence(request, timeout=self._timeout_s))).result

    async def record_review(self, session_id: str, review: pb.Review) -> pb.Session:
        """Record a person's decision."""
        request = pb.RecordReviewRequest(session_id=_checked(session_id), review=review)
        return (await answered(self._stub.RecordReview(request, timeout=self._timeout_s))).session

    async def contest_review(self, session_id: str, actor: str, objection: str, by_link: bool = False) -> pb.Session:
        """Record a candidate's objection; `by_link`: by themselves."""
        request = pb.ContestReviewRequest(session_id=_checked(session_id), actor=actor, objection=objection)
        request.by_link = by_link
        return (await answered(self._stub.ContestReview(request, timeout=self._timeout_s))).session

    async def has_rated(self, session_id: str, viewer_id: str) -> bool:
        """Whether this key or person has recorded a scorecard."""
        return (await self.scorecards(session_id, viewer_id)).rated

    async def scorecards(self, session_id: str, viewer_id: str) -> pb.ListScorecardsResponse:
        """The scorecards that a viewer may see (empty: all)."""
        request = pb.ListScorecardsRequest(session_id=_checked(session_id), viewer_id=viewer_id)
        return await answered(self._stub.ListScorecards(request, timeout=self._timeout_s))

    async def similar_answers(self, request: pb.ListSimilarAnswersRequest) -> pb.ListSimilarAnswersResponse:
        """A session's answers that are nearly another candidate's."""
        _checked(request.session_id)
        return await answered(self._stub.ListSimilarAnswers(request, timeout=self._timeout_s))

    async def deliveries(self, request: pb.ListDeliveriesRequest) -> pb.ListDeliveriesResponse:
        """A page of deliveries of webhooks."""
        return await answered(self._stub.ListDeliveries(request, timeout=self._timeout_s))

    async def resend_delivery(self, request: pb.ResendDeliveryRequest) -> pb.Delivery:
        """Send a webhook again."""
        return (await answered(self._stub.ResendDelivery(request, timeout=self._timeout_s))).delivery

    async def record_scorecard(self, session_id: str, scorecard: pb.Scorecard) -> pb.Scorecard:
        """Record how a person rates a session."""
        request = pb.RecordScorecardRequest(session_id=_checked(session_id), scorecard=scorecard)
        return (await answered(self._stub.RecordScorecard(request, timeout=self._timeout_s))).scorecard

    async def audit(self, session_id: str) -> pb.ListAuditEntriesResponse:
        """What was done to a session, and every decision."""
        request = pb.ListAuditEntriesRequest(session_id=_checked(session_id))
        return await answered(self._stub.ListAuditEntries(request, timeout=self._timeout_s))

    async def authenticate(self, secret: str, key_id: str) -> pb.ApiKey:
        """The key behind a secret, or else behind an id. Raises KEY_REFUSED."""
        request = pb.AuthenticateApiKeyRequest(secret=secret) if secret else pb.AuthenticateApiKeyRequest(key_id=key_id)
        return (await answered(self._stub.AuthenticateApiKey(request, timeout=self._timeout_s))).key

    async def create_link(self, request: pb.CreateLinkRequest) -> pb.Link:
        """Record a candidate's link."""
        return (await answered(self._stub.CreateLink(request, timeout=self._timeout_s))).link

    async def links(self, request: pb.ListLinksRequest) -> pb.ListLinksResponse:
        """A page of candidates' links, newest first."""
        return await answered(self._stub.ListLinks(request, timeout=self._timeout_s))

    async def link_end(self, token_sha256: str) -> datetime | None:
        """Until when the link with this token works; None where there is none, or somebody has ended it."""
        request = pb.GetLinkRequest(token_sha256=token_sha256)
        try:
            found = (await answered(self._stub.GetLink(request, timeout=self._timeout_s))).link
        except ServiceError as error:
            if error.reason != "LINK_NOT_FOUND":
                raise
            return None
        return None if found.state == pb.LINK_STATE_REVOKED else found.expire_time.ToDatetime(UTC)

    async def revoke_link(self, link_id: str, owner: str) -> pb.Link:
        """End a link of an owner (empty: of anybody)."""
        if not _ID.fullmatch(link_id):
            raise link_not_found()
        request = pb.RevokeLinkRequest(link_id=link_id, owner=owner)
        return (await answered(self._stub.RevokeLink(request, timeout=self._timeout_s))).link

    async def policies(self) -> pb.ListPoliciesResponse:
        """The policies that a session can name, and how long results are kept."""
        return await answered(self._stub.ListPolicies(pb.ListPoliciesRequest(), timeout=self._timeout_s))

    async def rubrics(self) -> Sequence[Rubric]:
        """The rubrics that a session can name."""
        return (await answered(self._stub.ListRubrics(pb.ListRubricsRequest(), timeout=self._timeout_s))).rubrics

    async def check(self, timeout_s: float) -> None:
        """Ask for the orchestrator's health. Raises UPSTREAM_DOWN unless it is SERVING within `timeout_s`."""
        answer = await answered(self._health.Check(health_pb2.HealthCheckRequest(), timeout=timeout_s))
        if answer.status != health_pb2.HealthCheckResponse.SERVING:
            raise upstream_down("The orchestrator")


def _checked(session_id: str) -> str:
    if not _ID.fullmatch(session_id):
        raise session_not_found()
    return session_id


async def answered(call: Awaitable[T]) -> T:
    """The answer to a call. Raises the `ServiceError` behind a failed one."""
    with _service_errors():
        return await call


@contextmanager
def _service_errors() -> Iterator[None]:
    try:
        yield
    except grpc.aio.AioRpcError as error:
        found = from_rpc_error(error)
        if found.reason == "UPSTREAM_DOWN" and found.retry_after_s is None:
            # It came from the transport, whose words name addresses; the orchestrator's own say when to retry.
            raise upstream_down("The orchestrator") from None
        raise found from None
