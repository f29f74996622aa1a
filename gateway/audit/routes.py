"""`/v1/audit-chain` and receipts: what an auditor takes away and checks with `interview audit verify`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from interview.audit.v1 import audit_service_pb2 as pb

from gateway.audit.orchestrator import AuditChain
from gateway.audit.schemas import Reason, Reasons, Receipt, SignedHead
from gateway.dependencies import PartsDep, PrincipalDep
from gateway.schemas import ErrorBody
from gateway.wire import body

router = APIRouter(prefix="/v1", tags=["Audit (v1)"])
LINES = "application/x-ndjson"
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": ErrorBody}}


@router.get(
    "/audit-chain",
    summary="The audit chain",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES: {}}}, 400: {"model": ErrorBody}},
)
async def export(parts: PartsDep) -> StreamingResponse:
    """A JSON object a line: the heads that were signed before, every entry with its hash, and the head, signed now."""
    chain = AuditChain(parts.sessions)
    head = await chain.anchor()
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_lines(chain, head), media_type=LINES, headers=headers)


@router.post("/audit-chain:anchor", summary="Sign the head of the chain", responses={400: {"model": ErrorBody}})
async def anchor(parts: PartsDep) -> SignedHead:
    """Sign the head as it is now; kept elsewhere, it shows later that nothing before it was changed or removed."""
    return SignedHead.model_validate_json(await AuditChain(parts.sessions).anchor())


@router.get(
    "/sessions/{session_id}/receipt",
    summary="The receipt of a deletion",
    responses=_MISSING,
    response_model_exclude_unset=True,  # what was not signed is not there
)
async def receipt(session_id: str, parts: PartsDep, principal: PrincipalDep) -> Receipt:
    """What was deleted with a session: counts and hashes, signed. `interview verify` checks it without a network."""
    found = await AuditChain(parts.sessions).receipt(session_id, parts.guard.own(principal))
    return Receipt.model_validate_json(found)


@router.get("/sessions/{session_id}/reasons", summary="Reasons of decisions", responses=_MISSING)
async def reasons(session_id: str, parts: PartsDep) -> Reasons:
    """With what shows that each is what the chain has sealed: `interview audit verify --reasons`. They are there for
    their time, also where the session was deleted.
    """
    found = await AuditChain(parts.sessions).reasons(session_id)
    return Reasons(reasons=[body(Reason, each) for each in found])


async def _lines(chain: AuditChain, head: str) -> AsyncIterator[str]:
    last = json.loads(head)["sequence"]
    for anchored in await chain.anchors():
        yield f'{{"anchor":{anchored}}}\n'
    async for entries in chain.entries():
        for entry in entries:
            if entry.sequence <= last:  # what came after the signature is for the next export
                line = {"entry": _content(entry), "hash": entry.hash}
                yield json.dumps(line, separators=(",", ":")) + "\n"
    yield f'{{"head":{head}}}\n'


def _content(entry: pb.ChainEntry) -> dict[str, Any]:
    """What was recorded; where somebody has put other text there, that text under the entry's number."""
    try:
        found = json.loads(entry.content)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"sequence": entry.sequence, "unreadable": entry.content}
