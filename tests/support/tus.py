"""Resumable uploads by hand."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tests.support.gateway import RunningGateway
from tests.support.waiting import PAUSE_S

TUS = {"Tus-Resumable": "1.0.0"}


async def begun(gateway: RunningGateway, length: int, path: str = "/v1/uploads", **headers: str) -> str:
    headers = (
        TUS | {"Upload-Length": str(length), "Upload-Metadata": "filename YS5tcDQ=,filetype dmlkZW8vbXA0"} | headers
    )
    answer = await gateway.client.post(path, headers=headers)
    assert answer.status_code == 201
    return httpx.URL(answer.headers["location"]).path


async def sent(gateway: RunningGateway, path: str, offset: int, content: bytes, **headers: str) -> httpx.Response:
    headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"} | headers
    return await gateway.client.patch(path, content=content, headers=headers)


async def uploaded(gateway: RunningGateway, content: bytes, path: str = "/v1/uploads", **headers: str) -> str:
    path = await begun(gateway, len(content), path, **headers)
    assert (await sent(gateway, path, 0, content, **headers)).status_code == 204
    return path.rpartition("/")[2]


async def stands(gateway: RunningGateway, path: str) -> int:
    return int((await gateway.client.head(path, headers=TUS)).headers["upload-offset"])


async def reached(gateway: RunningGateway, path: str, offset: int) -> None:
    while await stands(gateway, path) < offset:  # noqa: ASYNC110 - HTTP has no event for it
        await asyncio.sleep(PAUSE_S)


def session_of(*upload_ids: str, **more: Any) -> dict[str, Any]:
    answers = [{"question": "Why?", "upload_id": upload_id} for upload_id in upload_ids]
    return {"candidate_name": "Siti Rahma", "language": "id", "answers": answers} | more


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["details"][0]["reason"])
