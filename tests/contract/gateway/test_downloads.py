"""Stills and timelines that the S3 server gives out by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from rehearsal.servers.seaweedfs import SeaweedFs
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.servers import s3_settings

ID = "0" * 32
STILL = f"/v1/sessions/{ID}/artefacts/0/stills/3.jpg"


def s3_fields(server: SeaweedFs) -> dict[str, object]:
    return s3_settings(server).model_dump()


@pytest.fixture(params=[True, False], ids=["presigned", "streamed"])
async def gateway(
    request: pytest.FixtureRequest, s3_server: SeaweedFs, tmp_path: Path
) -> AsyncIterator[RunningGateway]:
    fields = s3_fields(s3_server)
    async with running_gateway(tmp_path, presigned_downloads=request.param, **fields) as running:
        running.orchestrator.put(pb.Session(session_id=ID, state=pb.SESSION_STATE_COMPLETED))
        await running.store.write(f"sessions/{ID}/0/stills/3.jpg", b"jpeg", "image/jpeg")
        yield running


async def test_a_still_arrives_either_way(gateway: RunningGateway, s3_server: SeaweedFs) -> None:
    answer = await gateway.client.get(STILL, follow_redirects=True)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"jpeg", "image/jpeg")
    missing = await gateway.client.get(STILL.replace("3.jpg", "4.jpg"))
    assert (missing.status_code, missing.json()["error"]["status"]) == (404, "NOT_FOUND")


async def test_only_where_it_is_set_the_store_gives_it_out(s3_server: SeaweedFs, tmp_path: Path) -> None:
    async with running_gateway(tmp_path, presigned_downloads=True, **s3_fields(s3_server)) as running:
        running.orchestrator.put(pb.Session(session_id=ID, state=pb.SESSION_STATE_COMPLETED))
        await running.store.write(f"sessions/{ID}/0/stills/3.jpg", b"jpeg", "image/jpeg")
        answer = await running.client.get(STILL)
        assert answer.status_code == 307
        assert answer.headers["location"].startswith(f"{s3_server.endpoint}/")
        assert answer.headers["cache-control"] == "no-store"
        assert f"img-src 'self' data: {s3_server.endpoint};" in answer.headers["content-security-policy"]
        assert f"connect-src 'self' {s3_server.endpoint};" in answer.headers["content-security-policy"]
    async with running_gateway(tmp_path, **s3_fields(s3_server)) as running:
        assert s3_server.endpoint not in (await running.client.get("/healthz")).headers["content-security-policy"]


async def test_a_folder_is_streamed_whatever_is_set(tmp_path: Path) -> None:
    async with running_gateway(tmp_path, presigned_downloads=True) as running:
        running.orchestrator.put(pb.Session(session_id=ID, state=pb.SESSION_STATE_COMPLETED))
        await running.store.write(f"sessions/{ID}/0/stills/3.jpg", b"jpeg", "image/jpeg")
        assert (await running.client.get(STILL)).content == b"jpeg"


async def test_a_gateway_without_its_bucket_is_not_ready(s3_server: SeaweedFs, tmp_path: Path) -> None:
    fields = s3_fields(s3_server) | {"object_store": "s3://nothing-here"}
    async with running_gateway(tmp_path, **fields) as running:
        answer: httpx.Response = await running.client.get("/readyz")
        assert (answer.status_code, answer.json()["missing"]) == (503, ["object_store"])
