"""The ASGI application."""

from __future__ import annotations

from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from gateway.access.guard import Guard
from gateway.dependencies import Parts, guarded
from gateway.description import describe
from gateway.errors import add_handlers
from gateway.hosts import HostMiddleware
from gateway.middleware import RequestMiddleware
from gateway.routes import (
    artefacts,
    choices,
    events,
    health,
    links,
    pages,
    report,
    results,
    reviews,
    sign_in,
    status,
    transcripts,
    upload,
    upload_json,
    v1_sessions,
)
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from servicekit.media import MediaStore

COMPRESSED_FROM_BYTES = 1000
DASHBOARD_DIR = Path(__file__).parent / "dashboard"
ROUTES = (
    upload,
    upload_json,
    status,
    results,
    events,
    v1_sessions,
    transcripts,
    artefacts,
    report,
    reviews,
    choices,
    links,
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
        docs_url=None,  # FastAPI's pages load scripts from other hosts; ours is dashboard/docs.html
        redoc_url=None,
        dependencies=[Depends(guarded)],
    )
    app.state.parts = Parts(settings, store, sessions, Guard(settings, sessions))
    add_handlers(app)
    for module in ROUTES:
        app.include_router(module.router)
    describe(app)
    app.mount("/assets", StaticFiles(directory=DASHBOARD_DIR), name="assets")
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["GET", "POST", "DELETE"])
    if not settings.sign_in:
        app.add_middleware(HostMiddleware, public_url=settings.public_url)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM_BYTES)
    app.add_middleware(RequestMiddleware, settings.s3_origin if settings.presigned_downloads else "")
    return app
