"""Sessions over gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.events.outbox import announcements
from orchestrator.events.tables import DeliveryRow
from orchestrator.policies import store as policy_store
from orchestrator.policies.choices import Choices
from orchestrator.policies.policy import Policy
from orchestrator.sessions import request as requests
from orchestrator.sessions.launch import Starting
from orchestrator.sessions.recent import RecentSessions
from orchestrator.sessions.retries import retry
from orchestrator.sessions.starts import SessionStart
from orchestrator.sessions.states import ENDED_SESSION, AnswerState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.sessions.wire import page_token, page_token_value, session_message
from orchestrator.settings import ApiSettings
from orchestrator.settled import Settled, Signing
from orchestrator.translations import store as translations
from orchestrator.translations.service import Translations
from orchestrator.workflows.control import WorkflowControl
from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore

WATCH_INTERVAL_S = 0.5
SESSIONS = "sessions"
"""Folder of the object store, with one for each session."""

ENDED = (pb.SESSION_STATE_COMPLETED, pb.SESSION_STATE_FAILED, pb.SESSION_STATE_CANCELLED)


class JobsToAnswer(Protocol):
    """What a request for a session leaves to its job."""

    async def filled(self, request: pb.CreateSessionRequest) -> tuple[pb.CreateSessionRequest, int]:
        """The request with what is its job's, and the version of that; 0 without a job. Raises JOB_NOT_FOUND."""


class SessionCalls:
    """Records sessions, starts and stops their workflows, and shows where they stand."""

    def __init__(
        self,
        settings: ApiSettings,
        store: SessionStore,
        media: MediaStore,
        policies: Mapping[str, Policy],
        choices: Choices,
        workflows: WorkflowControl,
        starting: Starting,
        translating: Translations,
        jobs: JobsToAnswer,
        preferences: Settled,
        signing: Signing,
    ) -> None:
        """Rows are in `store`; recordings that a request names are in `media`, what it leaves to its job in `jobs`."""
        self._settings, self._store, self._media, self._policies = settings, store, media, policies
        self._choices, self._workflows, self._starting = choices, workflows, starting
        self._translations, self._jobs = translating, jobs
        self._preferences, self._signing = preferences, signing
        self._recent = RecentSessions(store)
        self._kept_policies = set[str]()

    async def CreateSession(self, request: pb.CreateSessionRequest, context: Any) -> pb.CreateSessionResponse:
        """Record a session and start its workflow; the same request twice starts one.

        What is recorded is accepted: with the workflow engine away the start is owed, and made later.
        """
        s = self._settings
        async with self._starting.recording:
            filled, job_version = await self._jobs.filled(request)
            settled = await self._preferences.get()
        usual = filled.policy or settled.policy or s.policy
        row = requests.session_row(filled, self._media, s.max_answers, self._policies, usual)
        row.request_sha256, row.job_version = requests.fingerprint(request), job_version
        await self._check_recordings(row)
        for rubric in sorted({row.rubric, *(answer.rubric for answer in row.answers)}):
            await self._choices.check_rubric(rubric)
        if row.webhook_url:
            await self._signing.check()
        told = [] if request.webhook_url else announcements("handed_in", row.told)
        async with self._starting.recording:
            recorded = await self._recorded(row, told)
        if recorded.started_at is None:
            self._starting.soon(SessionStart(row.id, len(recorded.answers), row.owner, settled.retention_days))
        await self._store.open([recorded])
        return pb.CreateSessionResponse(session=session_message(recorded))

    async def _recorded(self, row: SessionRow, told: Sequence[DeliveryRow]) -> SessionRow:
        """The session as it is in the database, which had it before if the same request comes again."""
        if row.policy_sha256 not in self._kept_policies:  # those of other processes stay too
            await policy_store.keep(self._store, self._policies[row.policy])
            self._kept_policies.add(row.policy_sha256)
        await self._media.begin(f"sessions/{row.id}")
        if await self._store.create(row, *told):
            return row
        await self._join(row)
        return await self._store.existing(row.id)

    async def GetSession(self, request: pb.GetSessionRequest, context: Any) -> pb.GetSessionResponse:
        """One session."""
        return pb.GetSessionResponse(session=(await self._recent_one(request.session_id))[1])

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Any) -> pb.ListSessionsResponse:
        """A page of sessions, newest first."""
        size = requests.page_size(request.page_size)
        wanted = requests.session_filter(request)
        rows = await self._store.page(size + 1, page_token_value(request.page_token), wanted)
        await self._store.open(rows[:size])
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
        row = await self._store.existing(request.session_id)
        if row.state not in ENDED_SESSION:
            if row.started_at is None:  # what is not there cannot be cancelled, and would be started later
                kept = (await self._preferences.get()).retention_days
                await self._workflows.start_session(row.id, len(row.answers), row.owner, kept)
            await self._workflows.cancel_session(row.id)
        elif translations.waiting(row):
            await self._translations.stop(row)
        return pb.CancelSessionResponse(session=session_message(await self._store.shown(row.id)))

    async def RetryAnswer(self, request: pb.RetryAnswerRequest, context: Any) -> pb.RetryAnswerResponse:
        """Run an answer again whose stages failed."""
        session = await self._store.existing(request.session_id)
        policy = await policy_store.of_session(self._store, session, self._policies)
        await retry(self._store, session, request.answer_index, policy)
        kept = (await self._preferences.get()).retention_days
        await self._starting.start(SessionStart(session.id, len(session.answers), session.owner, kept))
        return pb.RetryAnswerResponse(session=session_message(await self._store.shown(session.id)))

    async def DeleteSession(self, request: pb.DeleteSessionRequest, context: Any) -> pb.DeleteSessionResponse:
        """Stop the session and delete everything of it; waits until that is done."""
        row = await self._store.existing(request.session_id)
        return pb.DeleteSessionResponse(deleted_objects=await self._workflows.erase(row.id))

    async def _check_recordings(self, row: SessionRow) -> None:
        """Raise FIELD_INVALID for a recording of a session that the caller's organisation does not see."""
        for answer in row.answers:
            folder, _, rest = self._media.key(str(answer.media["uri"])).partition("/") if answer.media else ("", "", "")
            session_id = rest.partition("/")[0]
            if folder == SESSIONS and session_id != row.id and await self._store.get(session_id) is None:
                raise requests.media_refused(answer.index)

    async def _recent_one(self, session_id: str) -> tuple[int, pb.Session]:
        found = await self._recent.get(session_id)
        if found is None:
            raise await self._store.missing(session_id)
        return found

    async def _join(self, row: SessionRow) -> None:
        """Take the same request again, with it recordings that were lost before it began. Raises SESSION_EXISTS."""
        recorded = await self._store.existing(row.id)
        if recorded.request_sha256 != row.request_sha256:
            raise ServiceError(
                grpc.StatusCode.ALREADY_EXISTS, "SESSION_EXISTS", "This session id belongs to another request."
            )
        for there, sent in zip(recorded.answers, row.answers, strict=True):
            if there.state == AnswerState.PENDING and there.media and sent.media:
                await self._replace(row.id, there.index, Media(**there.media), Media(**sent.media))  # type: ignore[arg-type]

    async def _replace(self, session_id: str, index: int, lost: Media, sent: Media) -> None:
        if lost.uri != sent.uri and not await self._media.exists(lost.uri):
            await self._store.set_media(session_id, index, sent)
