"""Lists of sessions: found by name and state, and as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.sessions.spreadsheet import plain
from servicekit.errors import storage_down
from servicekit.wire import media_message
from tests.contract.gateway.test_sessions import ID, UNKNOWN, session
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.recorded import RESULT


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects") as running:
        yield running


async def test_sessions_are_found_by_name_and_state(gateway: RunningGateway) -> None:
    for number, name in enumerate(("Siti Rahma", "Budi", "Sita")):
        one = session(pb.SESSION_STATE_FAILED if name == "Sita" else pb.SESSION_STATE_RUNNING)
        one.session_id, one.candidate_name = f"{number:032x}", name
        gateway.orchestrator.put(one)

    async def names(**query: str) -> list[str]:
        page = (await gateway.client.get("/v1/sessions", params=query)).json()
        return [s["candidate_name"] for s in page["sessions"]]

    assert await names(q="sit") == ["Sita", "Siti Rahma"]
    assert await names(q="sit", state="running") == ["Siti Rahma"]
    assert (await gateway.client.get("/v1/sessions?state=sleeping")).status_code == 400


async def test_sessions_as_a_table(gateway: RunningGateway) -> None:
    published = session(pb.SESSION_STATE_COMPLETED)
    published.candidate_name = '=HYPERLINK("http://evil")'
    findings = {
        "findings": [
            RESULT["content"][0]["result"]["evidence"]["findings"][0] | {"severity": s} for s in ("info", "review")
        ]
    }
    found = {
        "llm_results": {"final_score_llm": 92.0},  # of an older version, which had two
        "decision_proposal": {"outcome": "pass", "total": 91.5, "total_low": 84.5, "total_high": 98.0},
        "content": [{"result": {"evidence": findings}}, {"result": {"penilaian": {"rate_by_hand": True}}}],
    }
    content = json.dumps(found).encode()
    published.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", content)))
    gateway.orchestrator.put(published)
    waiting = session()
    waiting.session_id = UNKNOWN
    gateway.orchestrator.put(waiting)
    response = await gateway.client.get("/v1/sessions.csv")
    assert response.headers["content-type"].startswith("text/csv")
    newest, oldest = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert (newest["state"], newest["score"], newest["decision"]) == ("running", "", "")
    assert oldest["candidate_name"] == '\'=HYPERLINK("http://evil")'
    assert (oldest["score"], oldest["proposal"], oldest["findings_to_review"]) == ("91.5", "pass", "1")
    assert (oldest["total_low"], oldest["total_high"], oldest["rate_by_hand"]) == ("84.5", "98.0", "1")
    assert (newest["total_low"], newest["rate_by_hand"]) == ("", "")
    assert (newest["problem"], oldest["problem"]) == ("", "")


async def test_a_result_that_cannot_be_read_is_no_result_that_is_missing(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = session(pb.SESSION_STATE_COMPLETED)
    published.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", b"{}")))
    gateway.orchestrator.put(published)

    async def away(uri: str) -> bytes:
        raise storage_down("object store")

    with monkeypatch.context() as patched:
        patched.setattr(gateway.store, "read", away)
        [line] = csv.DictReader(io.StringIO((await gateway.client.get("/v1/sessions.csv")).text))
    assert "cannot be read now" in line["problem"]
    await gateway.store.delete(published.result.uri)
    [line] = csv.DictReader(io.StringIO((await gateway.client.get("/v1/sessions.csv")).text))
    assert line["problem"] == ""


async def test_a_spreadsheet_program_reads_names_as_they_are(gateway: RunningGateway) -> None:
    """By the mark at its beginning; without one Excel takes a file for the system's own code page."""
    content = (await gateway.client.get("/v1/sessions.csv")).content
    assert content.startswith(b"\xef\xbb\xbfsession_id,")


@pytest.mark.parametrize(
    "cell",
    ["=1", "+1", "-1", "@A1", "\t=1", "\r1", "\n1", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\ufe661",
     "\u200b=1", "\ufeff\uff1d1", "\u3000\uff1d1", "\u00a0=1"],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str) -> None:
    assert plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Siti", "Ａｎｄｉ", "1=1", "Jean-Luc", "Ⅳ", "", 7, None, 0.5])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert plain(cell) == cell
