"""`OrchestratorService`: sessions over gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2_grpc import (
    OrchestratorServiceServicer,
    add_OrchestratorServiceServicer_to_server,
)
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from orchestrator import policy, requests, translations
from orchestrator.choices import Choices
from orchestrator.database import open_engine
from orchestrator.keys import Keys
from orchestrator.recent import RecentSessions
from orchestrator.reviews import Reviews
from orchestrator.session_wire import audit_message, page_token, page_token_value, review_message, session_message
from orchestrator.settings import ApiSettings
from orchestrator.states import ENDED_SESSION, StageState
from orchestrator.store import SessionStore
from orchestrator.tables import SessionRow
from orchestrator.temporal import connect
from orchestrator.translating import Translating
from orchestrator.types import ErasureInput, SessionInput, translation_workflow_id
from orchestrator.workflows import ErasureWorkflow, SessionWorkflow
from servicekit.errors import ServiceError, field_invalid, upstream_down
from servicekit.media import MediaStore
from servicekit.wire import media_message

WATCH_INTERVAL_S = 0.5
ENDED = (pb.SESSION_STATE_COMPLETED, pb.SESSION_STATE_FAILED, pb.SESSION_STATE_CANCELLED)


class Orchestrator(OrchestratorServiceServicer):
    """Records sessions, starts and stops their workflows, and shows where they stand."""

    service_name = pb.DESCRIPTOR.services_by_name["OrchestratorService"].full_name

    def __init__(self, settings: ApiSettings) -> None:
        """Connect to nothing yet; `load` does."""
        self._settings = settings
        engine = open_engine(settings)
        self._store, self._keys = SessionStore(engine), Keys(engine)
        self._recent = RecentSessions(self._store)
        self._media = MediaStore(settings)
        self._policies = policy.load(settings.policies_dir)
        if settings.policy not in self._policies:
            raise policy.PolicyError(f"ORCHESTRATOR_POLICY must be one of {', '.join(self._policies)}")
        self._choices = Choices(self._policies, settings.policy, settings.judge_target, settings)
        self._reviews = Reviews(self._store, self._media)
        self._translating = Translating(self._store, self._media, self._policies, settings.task_queue)
        self._temporal: Client

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        add_OrchestratorServiceServicer_to_server(self, server)

    async def load(self) -> None:
        """Connect to Temporal, waiting until it is there."""
        self._temporal = await connect(self._settings)

    async def close(self) -> None:
        """Close the database and the judge's channel."""
        await self._choices.close()
        await self._store.close()

    async def CreateSession(self, request: pb.CreateSessionRequest, context: Any) -> pb.CreateSessionResponse:
        """Record a session and start its workflow; the same request twice starts one."""
        s = self._settings
        row = requests.session_row(request, self._media, s.max_answers, self._policies, s.policy)
        await self._choices.check_rubric(row.rubric)
        if row.webhook_url and not s.webhook_secret.get_secret_value():
            raise field_invalid("webhook_url", "needs INTERVIEW_WEBHOOK_SECRET, which is not set here")
        created = await self._store.create(row)
        if not created:
            await self._check_same(row)
        await self._start(row, created)
        return pb.CreateSessionResponse(session=session_message(await self._row(row.id)))

    async def GetSession(self, request: pb.GetSessionRequest, context: Any) -> pb.GetSessionResponse:
        """One session."""
        return pb.GetSessionResponse(session=(await self._recent_one(request.session_id))[1])

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Any) -> pb.ListSessionsResponse:
        """A page of sessions, newest first."""
        size = requests.page_size(request.page_size)
        wanted = requests.session_filter(request)
        rows = await self._store.page(size + 1, page_token_value(request.page_token), wanted)
        token = page_token(rows[size - 1]) if len(rows) > size else ""
        return pb.ListSessionsResponse(sessions=map(session_message, rows[:size]), next_page_token=token)

    async def WatchSession(
        self, request: pb.WatchSessionRequest, context: Any
    ) -> AsyncIterator[pb.WatchSessionResponse]:
        """The session now and on every change until it has ended and no translation is to come."""
        seen: int | None = None
        while True:
            revision, session = await self._recent_one(request.session_id)
            if revision != seen:
                seen = revision
                yield pb.WatchSessionResponse(session=session)
                if session.state in ENDED and not session.translating:
                    return
            await asyncio.sleep(WATCH_INTERVAL_S)

    async def CancelSession(self, request: pb.CancelSessionRequest, context: Any) -> pb.CancelSessionResponse:
        """Ask the workflow to stop; of one that has ended, what makes its translations."""
        row = await self._row(request.session_id)
        if row.state not in ENDED_SESSION:
            await self._cancel(f"session-{row.id}")
        elif translations.waiting(row):
            await self._stop_translations(row.id)
        return pb.CancelSessionResponse(session=session_message(await self._row(row.id)))

    async def DeleteSession(self, request: pb.DeleteSessionRequest, context: Any) -> pb.DeleteSessionResponse:
        """Stop the session and delete everything of it; waits until that is done."""
        row = await self._row(request.session_id)
        try:
            deleted = await self._temporal.execute_workflow(
                ErasureWorkflow.run,
                ErasureInput(row.id),
                id=f"erase-{row.id}",
                task_queue=self._settings.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
            await self._drop_timer(row.id)
        except RPCError as error:
            raise upstream_down("The workflow engine") from error
        return pb.DeleteSessionResponse(deleted_objects=deleted)

    async def TranslateAnswer(self, request: pb.TranslateAnswerRequest, context: Any) -> pb.TranslateAnswerResponse:
        """Have an answer translated unless it is."""
        await self._translating.ask(self._temporal, await self._row(request.session_id), request.answer_index)
        return pb.TranslateAnswerResponse(session=session_message(await self._row(request.session_id)))

    async def OpenEvidence(self, request: pb.OpenEvidenceRequest, context: Any) -> pb.OpenEvidenceResponse:
        """Record who looks at an answer's evidence, and say where it is."""
        row = await self._row(request.session_id)
        found = await self._reviews.open_evidence(row, request.answer_index, request.reviewer)
        return pb.OpenEvidenceResponse(result=media_message(found))

    async def RecordReview(self, request: pb.RecordReviewRequest, context: Any) -> pb.RecordReviewResponse:
        """Record a person's decision."""
        await self._reviews.record(await self._row(request.session_id), request.review)
        return pb.RecordReviewResponse(session=session_message(await self._row(request.session_id)))

    async def ContestReview(self, request: pb.ContestReviewRequest, context: Any) -> pb.ContestReviewResponse:
        """Record a candidate's objection, which opens the decision again."""
        await self._reviews.contest(await self._row(request.session_id), request.actor, request.objection)
        return pb.ContestReviewResponse(session=session_message(await self._row(request.session_id)))

    async def ListAuditEntries(self, request: pb.ListAuditEntriesRequest, context: Any) -> pb.ListAuditEntriesResponse:
        """What was done to a session, and every decision."""
        row = await self._row(request.session_id)
        entries = await self._store.audit(row.id)
        return pb.ListAuditEntriesResponse(
            entries=map(audit_message, entries), reviews=map(review_message, row.reviews)
        )

    async def ListPolicies(self, request: pb.ListPoliciesRequest, context: Any) -> pb.ListPoliciesResponse:
        """The policies that a session can name."""
        return pb.ListPoliciesResponse(policies=self._choices.policies())

    async def ListRubrics(self, request: pb.ListRubricsRequest, context: Any) -> pb.ListRubricsResponse:
        """The rubrics that a session can name."""
        return pb.ListRubricsResponse(rubrics=await self._choices.rubrics())

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Any) -> pb.CreateApiKeyResponse:
        """Make a key."""
        return await self._keys.create(request)

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Any) -> pb.ListApiKeysResponse:
        """Every key, without its secret."""
        return pb.ListApiKeysResponse(keys=await self._keys.all())

    async def RevokeApiKey(self, request: pb.RevokeApiKeyRequest, context: Any) -> pb.RevokeApiKeyResponse:
        """End a key."""
        return pb.RevokeApiKeyResponse(key=await self._keys.revoke(request.key_id))

    async def AuthenticateApiKey(
        self, request: pb.AuthenticateApiKeyRequest, context: Any
    ) -> pb.AuthenticateApiKeyResponse:
        """The key behind a secret or an id."""
        return pb.AuthenticateApiKeyResponse(key=await self._keys.authenticate(request))

    async def _recent_one(self, session_id: str) -> tuple[int, pb.Session]:
        found = await self._recent.get(session_id)
        if found is None:
            raise _not_found()
        return found

    async def _row(self, session_id: str) -> SessionRow:
        row = await self._store.get(session_id)
        if row is None:
            raise _not_found()
        return row

    async def _check_same(self, row: SessionRow) -> None:
        if (await self._row(row.id)).request_sha256 != row.request_sha256:
            raise ServiceError(
                grpc.StatusCode.ALREADY_EXISTS, "SESSION_EXISTS", "This session id belongs to another request."
            )

    async def _start(self, row: SessionRow, created: bool) -> None:
        """Start the workflow. A new row may have the id of a session that was deleted, whose workflow has ended."""
        retention = timedelta(days=self._settings.retention_days)
        try:
            await self._temporal.start_workflow(
                SessionWorkflow.run,
                SessionInput(row.id, len(row.answers), retention.total_seconds()),
                id=f"session-{row.id}",
                task_queue=self._settings.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE
                if created
                else WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )
        except WorkflowAlreadyStartedError:
            return  # the same request again, after its session has ended
        except RPCError as error:
            raise upstream_down("The workflow engine") from error

    async def _stop_translations(self, session_id: str) -> None:
        # Rows first: what has not been started yet finds nothing to do.
        await translations.stop(self._store, session_id, StageState.SKIPPED, "CANCELLED", "Cancelled.")
        await self._cancel(translation_workflow_id(session_id))
        await self._translating.look(self._temporal, session_id)  # the result must say so, whoever was there to stop

    async def _cancel(self, workflow_id: str) -> None:
        handle = self._temporal.get_workflow_handle(workflow_id)
        try:
            await handle.cancel()
            async with asyncio.timeout(self._settings.drain_timeout_s):
                await handle.result()
        except TimeoutError:
            return  # it still winds down; watchers see when it has ended
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise upstream_down("The workflow engine") from error

    async def _drop_timer(self, session_id: str) -> None:
        """The retention timer of a deleted session has nothing left to do."""
        try:
            await self._temporal.get_workflow_handle(f"retention-{session_id}").terminate("deleted")
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise


def _not_found() -> ServiceError:
    return ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_NOT_FOUND", "There is no such session.")
