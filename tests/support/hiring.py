"""A gateway over a real orchestrator's database, and what recruiters do with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestrator.api import Orchestrator
from orchestrator.settings import DatabaseSettings
from tests.support.recruiting import orchestrator_over, recruiting

SECRET = "s" * 40
JOB: dict[str, Any] = {
    "title": "Layanan pelanggan",
    "language": "id",
    "questions": [
        {"text": "Mengapa?", "reference": "Alasan.", "thinking_s": 20, "limit_s": 90, "retakes": 2},
        {"text": "Apa?", "rubric": "software"},
    ],
    "rubric": "customer_service",
    "policy": "eu",
    "consent_text": "Saya setuju.",
}
CANDIDATES = [
    {"candidate_name": "Siti Rahma", "email": "siti@example.org"},
    {"candidate_name": "Budi", "email": "", "language": "en"},
]


class Site:
    """A gateway's client over an orchestrator's database."""

    def __init__(self, client: httpx.AsyncClient, orchestrator: Orchestrator) -> None:
        self.client, self.orchestrator = client, orchestrator

    async def post(self, path: str, body: Any = None, code: int = 200, **headers: str) -> Any:
        response = await self.client.post(path, json=body if body is not None else {}, headers=headers)
        assert response.status_code == code, response.text
        return response.json()

    async def get(self, path: str, **headers: str) -> Any:
        response = await self.client.get(path, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    async def job(self, **changes: Any) -> str:
        return str((await self.post("/v1/jobs", JOB | changes, 201))["job_id"])

    async def invited(self, job_id: str, candidates: Any = CANDIDATES, **more: Any) -> list[Any]:
        path = f"/v1/jobs/{job_id}/invitations"
        return list((await self.post(path, {"candidates": candidates, **more}, 201))["invitations"])

    async def token(self, invitation: Any) -> str:
        path = f"/v1/jobs/{invitation['job_id']}/invitations/{invitation['invitation_id']}:link"
        return str((await self.post(path))["url"].partition("#")[2])

    async def states(self, job_id: str) -> list[str]:
        return [i["state"] for i in (await self.get(f"/v1/jobs/{job_id}/invitations"))["invitations"]]

    async def refused(self, path: str, body: Any, method: str = "POST") -> tuple[int, str]:
        response = await self.client.request(method, path, json=body)
        return response.status_code, response.json()["error"]["details"][0]["reason"]


@asynccontextmanager
async def site_over(
    database: DatabaseSettings, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any
) -> AsyncIterator[Site]:
    objects = folder / "objects"
    orchestrator = orchestrator_over(database, objects, monkeypatch)
    async with recruiting(orchestrator, objects, signing_key=SECRET, **settings) as running:
        yield Site(running.client, orchestrator)
    await orchestrator.close()
