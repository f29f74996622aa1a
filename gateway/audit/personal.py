"""`GET /v1/sessions/{session_id}/personal-data.zip`: everything that is held about one candidate, for them to have."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import IO, Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from gateway.audit.about import about
from gateway.audit.orchestrator import AuditChain
from gateway.dependencies import Parts, PartsDep
from gateway.schemas import ErrorBody

router = APIRouter(prefix="/v1", tags=["Audit (v1)"])
_packing = asyncio.Semaphore(1)
READ_BYTES = 1 << 20


@router.get(
    "/sessions/{session_id}/personal-data.zip",
    summary="Everything that is held about a candidate",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}, 404: {"model": ErrorBody}},
)
async def personal_data(session_id: str, parts: PartsDep) -> StreamingResponse:
    """A zip file: what the database and the object store hold, with a manifest that says what each file is and its
    hash. Other people's names stand in it, those of reviewers: look through it before you hand it over.
    """
    await parts.sessions.get(session_id)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        async with _packing:
            await _packed(file, session_id, parts)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="personal-data-{session_id[:8]}.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


async def _packed(file: IO[bytes], session_id: str, parts: Parts) -> None:
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        async for name, content in _contents(session_id, parts):
            size, digest = 0, hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as entry:
                async for chunk in content:
                    await asyncio.to_thread(entry.write, chunk)
                    digest.update(chunk)
                    size += len(chunk)
            listed.append({"name": name, "bytes": size, "sha256": digest.hexdigest(), "about": about(name)})
        manifest = {
            "kind": "personal-data",
            "session_id": session_id,
            "create_time": datetime.now(UTC).isoformat(),
            "files": listed,
        }
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    file.seek(0)


async def _contents(session_id: str, parts: Parts) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    async for table in AuditChain(parts.sessions).personal_data(session_id):
        yield f"database/{table.name}.json", _once(table.rows.encode())
    folder, result = f"sessions/{session_id}/", f"results/{session_id}.json"
    for key in await parts.store.list(folder.rstrip("/")):
        yield f"files/{key.removeprefix(folder)}", parts.store.stream(parts.store.uri(key))
    for key, name in ((result, "result.json"), (f"consents/{session_id}.json", "files/consent-waiting.json")):
        if await parts.store.exists(parts.store.uri(key)):
            yield name, parts.store.stream(parts.store.uri(key))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(READ_BYTES):
            yield chunk
