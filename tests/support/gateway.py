"""A scripted orchestrator, and the gateway as a real HTTP server in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import uvicorn
from interview.audit.v1.audit_service_pb2_grpc import add_AuditServiceServicer_to_server
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1 import orchestrator_service_pb2_grpc as pb_grpc

from gateway.app import create_app
from gateway.errors import answer_not_found, link_not_found
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from servicekit.certificates.rights import method_forbidden
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import ServerSettings
from servicekit.wire import duration
from tests.support.http_server import HttpServer, listening
from tests.support.no_jobs import add_no_jobs
from tests.support.no_letters import add_nothing
from tests.support.no_notes import NoNotes
from tests.support.no_organisations import NoOrganisations
from tests.support.recorded_reads import RecordedReads
from tests.support.serving import served

Context = grpc.aio.ServicerContext[Any, Any]
_ENDED = (pb.SESSION_STATE_COMPLETED, pb.SESSION_STATE_FAILED, pb.SESSION_STATE_CANCELLED)


class ScriptedOrchestrator(NoNotes):
    """Keeps what it is asked to create; tests put sessions in and say what goes wrong."""

    service_name = "interview.orchestrator.v1.OrchestratorService"

    def __init__(self) -> None:
        self.audit = RecordedReads(self)
        self.organisations = NoOrganisations()
        self.created: list[pb.CreateSessionRequest] = []
        self.sessions: dict[str, pb.Session] = {}
        self.entries: list[pb.AuditEntry] = []
        self.keys: dict[str, pb.ApiKey] = {}
        self.links: dict[str, pb.Link] = {}
        self.looked_up = 0
        self.authentications = 0
        self.translations: list[int] = []
        self.failure: ServiceError | None = None
        """Raised before anything is recorded."""
        self.failure_after: ServiceError | None = None
        """Raised after the session was recorded: the caller cannot know."""
        self.watching = 0
        self.looked_at = 0
        self.changed = asyncio.Event()

    def register(self, server: grpc.aio.Server) -> None:
        pb_grpc.add_OrchestratorServiceServicer_to_server(self, server)
        add_nothing(server)
        add_no_jobs(server)
        add_AuditServiceServicer_to_server(self.audit, server)
        self.organisations.register(server)

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def put(self, session: pb.Session) -> None:
        """Record a state of a session and tell those who watch."""
        self.sessions[session.session_id] = session
        self.changed.set()
        self.changed = asyncio.Event()

    async def CreateSession(self, request: pb.CreateSessionRequest, context: Context) -> pb.CreateSessionResponse:
        if self.failure is not None:
            raise self.failure
        before = next((r for r in self.created if r.session_id == request.session_id), request)
        if _asked(before) != _asked(request):
            raise ServiceError(grpc.StatusCode.ALREADY_EXISTS, "SESSION_EXISTS", "This id belongs to another request.")
        self.created.append(request)
        session = self.sessions.get(request.session_id) or pb.Session(
            session_id=request.session_id,
            candidate_name=request.candidate_name,
            language_code=request.language_code,
            owner=request.owner,
            state=pb.SESSION_STATE_PENDING,
            answers=[pb.Answer(index=i, question=a.question) for i, a in enumerate(request.answers)],
        )
        self.put(session)
        if self.failure_after is not None:
            raise self.failure_after
        return pb.CreateSessionResponse(session=session)

    async def GetSession(self, request: pb.GetSessionRequest, context: Context) -> pb.GetSessionResponse:
        self.looked_at += 1
        return pb.GetSessionResponse(session=self._found(request.session_id))

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Context) -> pb.ListSessionsResponse:
        start = int(request.page_token) if request.page_token.isdecimal() else 0
        wanted = [s for s in reversed(self.sessions.values()) if _fits(s, request)]
        page = wanted[start : start + request.page_size]
        end = start + len(page)
        return pb.ListSessionsResponse(sessions=page, next_page_token=str(end) if end < len(wanted) else "")

    async def WatchSession(
        self, request: pb.WatchSessionRequest, context: Context
    ) -> AsyncIterator[pb.WatchSessionResponse]:
        session = self._found(request.session_id)
        self.watching += 1
        try:
            while True:
                changed = self.changed
                session = self._found(request.session_id)
                yield pb.WatchSessionResponse(session=session)
                if session.state in _ENDED and not session.translating:
                    return
                await changed.wait()
        finally:
            self.watching -= 1

    async def CancelSession(self, request: pb.CancelSessionRequest, context: Context) -> pb.CancelSessionResponse:
        session = self._found(request.session_id)
        session.state = pb.SESSION_STATE_CANCELLED
        self.put(session)
        return pb.CancelSessionResponse(session=session)

    async def DeleteSession(self, request: pb.DeleteSessionRequest, context: Context) -> pb.DeleteSessionResponse:
        self._found(request.session_id)
        del self.sessions[request.session_id]
        return pb.DeleteSessionResponse(deleted_objects=3)

    async def TranslateAnswer(self, request: pb.TranslateAnswerRequest, context: Context) -> pb.TranslateAnswerResponse:
        session = self._found(request.session_id)
        if self.failure is not None:
            raise self.failure
        if request.answer_index >= len(session.answers):
            raise answer_not_found()
        self.translations.append(request.answer_index)
        stages = session.answers[request.answer_index].stages
        stage = next((s for s in stages if s.name == "translate"), None) or stages.add(name="translate")
        if stage.state != pb.STAGE_STATE_COMPLETED:
            stage.state = pb.STAGE_STATE_PENDING
            session.translating = 1
            self.put(session)
        return pb.TranslateAnswerResponse(session=session)

    async def RetryAnswer(self, request: pb.RetryAnswerRequest, context: Context) -> pb.RetryAnswerResponse:
        session = self._found(request.session_id)
        if request.answer_index >= len(session.answers):
            raise answer_not_found()
        if not session.answers[request.answer_index].retryable:
            raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NOTHING_TO_RETRY", "Nothing failed.")
        session.answers[request.answer_index].retryable = False
        session.state = pb.SESSION_STATE_PENDING
        self.put(session)
        return pb.RetryAnswerResponse(session=session)

    async def OpenEvidence(self, request: pb.OpenEvidenceRequest, context: Context) -> pb.OpenEvidenceResponse:
        session = self._found(request.session_id)
        self.entries.append(
            pb.AuditEntry(actor=request.reviewer, action="evidence_opened", answer_index=request.answer_index)
        )
        return pb.OpenEvidenceResponse(result=session.result)

    async def RecordReview(self, request: pb.RecordReviewRequest, context: Context) -> pb.RecordReviewResponse:
        session = self._found(request.session_id)
        session.review.CopyFrom(request.review)
        session.review_state = pb.REVIEW_STATE_DECIDED
        return pb.RecordReviewResponse(session=session)

    async def ContestReview(self, request: pb.ContestReviewRequest, context: Context) -> pb.ContestReviewResponse:
        session = self._found(request.session_id)
        session.objection, session.review_state = request.objection, pb.REVIEW_STATE_CONTESTED
        return pb.ContestReviewResponse(session=session)

    async def ListAuditEntries(
        self, request: pb.ListAuditEntriesRequest, context: Context
    ) -> pb.ListAuditEntriesResponse:
        return pb.ListAuditEntriesResponse(entries=self.entries, reviews=[self._found(request.session_id).review])

    async def ListPolicies(self, request: pb.ListPoliciesRequest, context: Context) -> pb.ListPoliciesResponse:
        policy = pb.Policy(name="eu", description="Stricter.", requires_consent=True, sha256="a" * 64)
        return pb.ListPoliciesResponse(policies=[policy], retention=duration(12 * 86_400))

    async def ListRubrics(self, request: pb.ListRubricsRequest, context: Context) -> pb.ListRubricsResponse:
        if self.failure is not None:
            raise self.failure
        criteria = [judge_pb.RubricCriterion(name="quality", weight=2 / 3)]
        rubric = judge_pb.Rubric(name="software", role="software developer", criteria=criteria, is_default=True)
        return pb.ListRubricsResponse(rubrics=[rubric])

    async def _administration(self, request: Any, context: Context) -> Any:
        raise method_forbidden()  # administration's, and a gateway is none

    CreateApiKey = ListApiKeys = RevokeApiKey = _administration

    async def CreateLink(self, request: pb.CreateLinkRequest, context: Context) -> pb.CreateLinkResponse:
        if self.failure is not None:
            raise self.failure
        link = pb.Link(link_id=request.link_id, owner=request.owner, state=pb.LINK_STATE_OPEN)
        link.create_time.GetCurrentTime()
        link.expire_time.CopyFrom(request.expire_time)
        self.links[request.token_sha256] = link
        return pb.CreateLinkResponse(link=link)

    async def ListLinks(self, request: pb.ListLinksRequest, context: Context) -> pb.ListLinksResponse:
        start = int(request.page_token) if request.page_token.isdecimal() else 0
        wanted = [link for link in reversed(self.links.values()) if request.owner in ("", link.owner)]
        for link in wanted:
            if link.state == pb.LINK_STATE_OPEN and link.link_id in self.sessions:
                link.state = pb.LINK_STATE_USED
        end = start + (request.page_size or 50)
        return pb.ListLinksResponse(links=wanted[start:end], next_page_token=str(end) if end < len(wanted) else "")

    async def GetLink(self, request: pb.GetLinkRequest, context: Context) -> pb.GetLinkResponse:
        self.looked_up += 1
        if request.token_sha256 not in self.links:
            raise link_not_found()
        return pb.GetLinkResponse(link=self.links[request.token_sha256])

    async def RevokeLink(self, request: pb.RevokeLinkRequest, context: Context) -> pb.RevokeLinkResponse:
        found = (link for link in self.links.values() if link.link_id == request.link_id)
        link = next((link for link in found if request.owner in ("", link.owner)), None)
        if link is None:
            raise link_not_found()
        link.state = pb.LINK_STATE_REVOKED
        link.revoke_time.GetCurrentTime()
        return pb.RevokeLinkResponse(link=link)

    async def AuthenticateApiKey(
        self, request: pb.AuthenticateApiKeyRequest, context: Context
    ) -> pb.AuthenticateApiKeyResponse:
        self.authentications += 1
        known = {key.key_id: key for key in self.keys.values()} if request.key_id else self.keys
        key = known.get(request.key_id or request.secret)
        if key is None:
            raise ServiceError(grpc.StatusCode.UNAUTHENTICATED, "KEY_REFUSED", "This key is unknown.")
        return pb.AuthenticateApiKeyResponse(key=key)

    def _found(self, session_id: str) -> pb.Session:
        self.audit.check_there(session_id)
        return self.sessions[session_id]


def _asked(request: pb.CreateSessionRequest) -> pb.CreateSessionRequest:
    """What is asked for, wherever the recordings lie."""
    asked = pb.CreateSessionRequest()
    asked.CopyFrom(request)
    for answer in asked.answers:
        answer.media.uri = ""
    return asked


def _fits(session: pb.Session, request: pb.ListSessionsRequest) -> bool:
    return (
        request.query.lower() in session.candidate_name.lower()
        and request.state in (0, session.state)
        and request.owner in ("", session.owner)
    )


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that answers at `port`, with what stands behind it."""

    port: int
    client: httpx.AsyncClient
    orchestrator: ScriptedOrchestrator
    store: MediaStore
    store_dir: Path
    sessions: Sessions

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def files(self) -> list[str]:
        """Paths of all files in the object store."""
        return sorted(str(p.relative_to(self.store_dir)) for p in self.store_dir.rglob("*") if p.is_file())


@asynccontextmanager
async def running_gateway(store_dir: Path, **settings: Any) -> AsyncIterator[RunningGateway]:
    """The gateway over a scripted orchestrator, both on free ports."""
    orchestrator = ScriptedOrchestrator()
    configured = GatewaySettings.model_validate({"object_store": str(store_dir), **settings})
    store = MediaStore(configured)
    async with served(orchestrator, ServerSettings(max_concurrent=0)) as channel:
        sessions = Sessions(channel, timeout_s=600)
        app = create_app(configured, store, sessions)
        async with serving(app) as port, _client(port) as client:
            yield RunningGateway(port, client, orchestrator, store, store_dir, sessions)


def _client(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=None, verify=False)  # loads no authorities


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1, proxy_headers=False
    )
    server, listener = HttpServer(config), listening()
    task = asyncio.create_task(server.serve(sockets=[listener]))
    yield listener.getsockname()[1]
    server.should_exit = True
    await task
