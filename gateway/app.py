"""The ASGI application."""

from __future__ import annotations

from functools import cache

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway import health
from gateway.access import routes as sign_in
from gateway.access.company import routes as company_sign_in
from gateway.access.guard import Guard
from gateway.answers import routes as answers
from gateway.audit import personal
from gateway.audit import routes as audit
from gateway.candidates import routes as candidates
from gateway.choices import routes as choices
from gateway.consents import routes as consents
from gateway.consents.store import Consents
from gateway.deliveries import routes as deliveries
from gateway.dependencies import Parts, guarded
from gateway.description import describe
from gateway.feedback import routes as feedback
from gateway.greenhouse import routes as greenhouse
from gateway.http.error_responses import add_handlers
from gateway.http.hosts import HostMiddleware
from gateway.http.middleware import RequestMiddleware
from gateway.impact import candidate as candidates_groups
from gateway.impact import routes as impact
from gateway.impact.orchestrator import Impact
from gateway.invitations import routes as invitations
from gateway.jobs import routes as jobs
from gateway.jobs import team
from gateway.jobs.orchestrator import Jobs
from gateway.letters import routes as letters
from gateway.letters.orchestrator import Letters
from gateway.links import routes as links
from gateway.notes import routes as notes
from gateway.notes.orchestrator import Notes
from gateway.orchestrator import Sessions
from gateway.organisations import routes as organisations
from gateway.preferences import routes as preferences
from gateway.recordings import routes as recordings
from gateway.report import routes as report
from gateway.reviews import routes as reviews
from gateway.scorecards import routes as scorecards
from gateway.sessions import artefacts, events, results, status
from gateway.sessions import routes as v1_sessions
from gateway.settings import GatewaySettings
from gateway.similarity import routes as similarity
from gateway.submissions import routes as new_session
from gateway.submissions import upload, upload_json
from gateway.transcripts import routes as transcripts
from gateway.translations import routes as translations
from gateway.uploads import marks
from gateway.uploads import routes as uploads
from gateway.uploads.protocol import TusMiddleware
from gateway.uploads.store import uploads_in
from gateway.uploads.takes import Takes
from gateway.web import routes as pages
from servicekit.media import MediaStore

COMPRESSED_FROM_BYTES = 1000
ALLOWED_HEADERS = (
    "Authorization", "Content-Type", "Idempotency-Key", "Interview-Organisation", "X-API-Key",
    "Tus-Resumable", "Upload-Checksum", "Upload-Defer-Length", "Upload-Length", "Upload-Metadata", "Upload-Offset",
    "X-HTTP-Method-Override",
)  # fmt: skip
"""What pages of other origins may send."""
EXPOSED_HEADERS = (
    "Idempotency-Replayed", "Location", "Retry-After",
    "Tus-Checksum-Algorithm", "Tus-Extension", "Tus-Max-Size", "Tus-Resumable", "Tus-Version",
    "Upload-Defer-Length", "Upload-Expires", "Upload-Length", "Upload-Metadata", "Upload-Offset",
)  # fmt: skip
"""What they may read of the answers."""
ROUTES = (
    upload,
    upload_json,
    uploads,
    marks,
    new_session,
    status,
    results,
    events,
    v1_sessions,
    answers,
    recordings,
    transcripts,
    translations,
    artefacts,
    report,
    reviews,
    letters,
    choices,
    links,
    consents,
    feedback,
    jobs,
    team,
    invitations,
    candidates,
    impact,
    candidates_groups,
    notes,
    scorecards,
    audit,
    personal,
    similarity,
    deliveries,
    greenhouse,
    organisations,
    preferences,
    company_sign_in,
    sign_in,
    health,
    pages,
)

_DESCRIPTION = """
Upload a candidate's recorded answers, follow the work, and read the assessment.

`POST /upload` or `POST /upload_json` starts a session and returns its id; `GET /status/{session_id}` says where it
stands (or listen to `GET /v1/sessions/{session_id}/events`); `GET /results/{session_id}` is the assessment.
"""


def create_app(settings: GatewaySettings, store: MediaStore, sessions: Sessions) -> FastAPI:
    """The gateway over an object store and an orchestrator."""
    app = FastAPI(
        title="Interview Assessment System",
        version="0.1.0",
        description=_DESCRIPTION,
        docs_url=None,  # FastAPI's pages load scripts from other hosts; ours is web/pages/docs.html
        redoc_url=None,
        max_body_size=settings.max_json_bytes,  # routes that take recordings count for themselves
        telemetry={"operation_spans": False, "metrics": False, "logs": False, "exclude": _is_untraced},
    )
    uploaded, guard = uploads_in(store, settings), Guard(settings, sessions)
    features = Consents(store), Jobs(sessions), Notes(sessions), Letters(sessions), Impact(sessions)
    app.state.parts = Parts(settings, store, sessions, guard, uploaded, Takes(store, uploaded), *features)
    add_handlers(app)
    app.router.routes.extend(_routes(settings.max_json_bytes))
    describe(app)
    app.mount("/assets", StaticFiles(directory=pages.ASSETS), name="assets")
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=ALLOWED_HEADERS,
            expose_headers=EXPOSED_HEADERS,
        )
    if not settings.sign_in:
        app.add_middleware(HostMiddleware, public_url=settings.public_url)
    app.add_middleware(TusMiddleware)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM_BYTES)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    app.add_middleware(RequestMiddleware, settings.s3_origin if settings.presigned_downloads else "")
    return app


@cache
def _routes(max_body_size: int) -> list[BaseRoute]:
    """Every operation. FastAPI reads all signatures anew where a router is included: a process does so once."""
    app = FastAPI(openapi_url=None, docs_url=None, dependencies=[Depends(guarded)], max_body_size=max_body_size)
    for module in ROUTES:
        app.include_router(module.router)
    return app.router.routes


def _is_untraced(scope: Scope) -> bool:
    """Probes and files: they tell nothing, and there are many of them."""
    return scope["path"] in ("/healthz", "/readyz") or scope["path"].startswith("/assets/")
