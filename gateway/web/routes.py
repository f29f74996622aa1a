"""The pages for people, and the greeting for programs."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from gateway.web.schemas import Welcome

router = APIRouter(tags=["Pages"])

ASSETS = Path(__file__).parent / "assets"
"""Modules, styles and pictures of the pages; served under `/assets`."""
_PAGES = Path(__file__).parent / "pages"
_WELCOME = Welcome(
    message="Interview Assessment System",
    model="faster-whisper",
    endpoints={
        "upload": "POST /upload",
        "upload_json": "POST /upload_json",
        "status": "GET /status/{session_id}",
        "results": "GET /results/{session_id}",
        "events": "GET /v1/sessions/{session_id}/events",
        "sessions": "GET /v1/sessions",
        "answers": "GET /v1/sessions/{session_id}/answers",
        "findings": "GET /v1/sessions/{session_id}/findings",
        "health": "GET /readyz",
        "docs": "GET /docs",
    },
)


@router.get("/", summary="What this server is", response_model=Welcome)
async def root(request: Request) -> Response:
    """The upload page for a browser (`Accept: text/html`), a JSON object for everything else."""
    if "text/html" in request.headers.get("accept", ""):
        return _page("index.html")
    return JSONResponse(_WELCOME.model_dump(), headers={"Vary": "Accept"})


@router.get("/Upload.html", include_in_schema=False)
async def upload_page() -> Response:
    """The upload page."""
    return _page("index.html")


@router.get("/halaman_dasboard.html", include_in_schema=False)
async def result_page() -> Response:
    """The result page; it reads `?session=` itself. The original's address, spelling included."""
    return _page("result.html")


@router.get("/organisation.html", include_in_schema=False)
async def organisation_page() -> Response:
    """Members and keys of an organisation, for its admins."""
    return _page("organisation.html")


@router.get("/sessions.html", include_in_schema=False)
async def sessions_page() -> Response:
    """The list of sessions."""
    return _page("sessions.html")


@router.get("/links.html", include_in_schema=False)
async def links_page() -> Response:
    """Where links for candidates are made."""
    return _page("links.html")


@router.get("/jobs.html", include_in_schema=False)
async def jobs_page() -> Response:
    """The list of jobs."""
    return _page("jobs.html")


@router.get("/job.html", include_in_schema=False)
async def job_page() -> Response:
    """One job, or a new one; it reads `?job=` itself."""
    return _page("job.html")


@router.get("/compare.html", include_in_schema=False)
async def compare_page() -> Response:
    """Two to four candidates side by side; it reads `?sessions=` itself."""
    return _page("compare.html")


@router.get("/deliveries.html", include_in_schema=False)
async def deliveries_page() -> Response:
    """What became of webhooks; it reads `?job=` itself."""
    return _page("deliveries.html")


@router.get("/impact.html", include_in_schema=False)
async def impact_page() -> Response:
    """How groups fare in a job; it reads `?job=` itself."""
    return _page("impact.html")


@router.get("/candidate.html", include_in_schema=False)
async def candidate_page() -> Response:
    """Where candidates hand in under their link."""
    return _page("candidate.html")


@router.get("/sign-in.html", include_in_schema=False)
async def sign_in_page() -> Response:
    """Where people sign in."""
    return _page("sign-in.html")


@router.get("/docs", include_in_schema=False)
async def docs_page() -> Response:
    """The API description as a page."""
    return _page("docs.html")


def _page(name: str) -> Response:
    return FileResponse(_PAGES / name, headers={"Vary": "Accept", "Cache-Control": "no-cache"})
