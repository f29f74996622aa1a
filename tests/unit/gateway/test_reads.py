"""No route of a session is forgotten: it shows what was made of a candidate, and is recorded, or it does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gateway.access.reads import READS, TOLD, Reads
from gateway.access.scopes import NEEDED, REVEALING


def test_every_route_of_a_session_says_whether_it_is_reading() -> None:
    shown = {path for method, path in NEEDED if method == "GET" and "{session_id}" in path}
    assert shown - set(READS) == TOLD
    assert {path for method, path in REVEALING if method == "GET"} <= set(READS)
    assert set(READS) <= {path for method, path in NEEDED if method == "GET"}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("length", "asked"), [(32, 1), (33, 0)])
async def test_what_is_no_sessions_id_is_not_asked_for(length: int, asked: int) -> None:
    calls: list[str] = []

    async def record_read(session_id: str, *_: object) -> bool:
        calls.append(session_id)
        return True

    reads = Reads(SimpleNamespace(channel=None, timeout_s=1.0))  # type: ignore[arg-type]
    reads._chain = SimpleNamespace(record_read=record_read)  # type: ignore[assignment]
    path, session_id = "/v1/sessions/{session_id}", "a" * length
    request: Any = SimpleNamespace(
        method="GET", path_params={"session_id": session_id}, url=SimpleNamespace(path=f"/v1/sessions/{session_id}")
    )
    principal: Any = SimpleNamespace(place="place", id="id")
    await reads.record(path, request, principal)
    assert len(calls) == asked
