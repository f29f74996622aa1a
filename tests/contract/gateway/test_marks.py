"""What a candidate's page notes while it records: kept with the upload, handed over with the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.consents.texts import LANGUAGES, Noted, named_signals, offered
from servicekit.wire import seconds
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import reason, uploaded

LINK = {"candidate_name": "Siti", "language": "en", "questions": ["Why?"], "pauses": 1}
UPLOADS = "/v1/upload-link/uploads"
OF_THE_FIRST = "question MA=="
PAUSE = {"kind": "pause", "start_s": 42.1, "end_s": 42.1, "duration_s": 14.0}
LEFT = {"kind": "page_left", "start_s": 3.0, "end_s": 9.0, "duration_s": 6.0}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects") as running:
        yield running


async def linked(gateway: RunningGateway, *signals: str, agrees: bool = True) -> dict[str, str]:
    made = (await gateway.client.post("/v1/upload-links", json=LINK | {"signals": signals})).json()
    link = {"Authorization": f"Bearer {made['url'].partition('#')[2]}"}
    if agrees:
        seen = (await gateway.client.get("/v1/upload-link", headers=link)).json()
        body = {"language": "en"} | {f"{part}_sha256": seen[part]["sha256"] for part in ("consent", "information")}
        assert (await gateway.client.post("/v1/upload-link/consent", json=body, headers=link)).status_code == 201
    return link


async def recorded(gateway: RunningGateway, link: dict[str, str]) -> str:
    return await uploaded(gateway, b"video", UPLOADS, **link, **{"Upload-Metadata": OF_THE_FIRST})


async def noted(gateway: RunningGateway, link: dict[str, str], upload_id: str, **notes: Any) -> httpx.Response:
    return await gateway.client.put(f"{UPLOADS}/{upload_id}/marks", json=notes, headers=link)


async def handed_in(gateway: RunningGateway, link: dict[str, str], upload_id: str) -> pb.NewAnswer:
    done = await gateway.client.post("/v1/upload-link", json={"upload_ids": [upload_id]}, headers=link)
    assert done.status_code == 200, done.text
    return gateway.orchestrator.created[-1].answers[0]


async def test_pauses_and_signals_go_with_the_answer(gateway: RunningGateway) -> None:
    link = await linked(gateway, "page_left", "second_screen")
    upload_id = await recorded(gateway, link)
    assert (await noted(gateway, link, upload_id, marks=[PAUSE])).status_code == 204
    later = {"marks": [PAUSE, LEFT], "measured": ["page_left"], "not_measured": ["second_screen"]}
    assert (await noted(gateway, link, upload_id, **later)).status_code == 204
    page = (await handed_in(gateway, link, upload_id)).page
    assert [(mark.kind, seconds(mark.start_offset), seconds(mark.duration)) for mark in page.marks] == [
        ("page_left", 3.0, 6.0),
        ("pause", 42.1, 14.0),
    ]
    assert (list(page.measured), list(page.not_measured)) == (["page_left"], ["second_screen"])


async def test_a_page_that_was_killed_while_paused_has_said_so(gateway: RunningGateway) -> None:
    link = await linked(gateway)
    upload_id = await recorded(gateway, link)
    open_pause = {"kind": "pause", "start_s": 42.1}
    assert (await noted(gateway, link, upload_id, marks=[open_pause])).status_code == 204
    [mark] = (await handed_in(gateway, link, upload_id)).page.marks
    assert (mark.HasField("end_offset"), mark.HasField("duration")) == (False, False)


@pytest.mark.parametrize(
    "marks",
    [
        [PAUSE, PAUSE],
        [PAUSE | {"start_s": -1}],
        [PAUSE | {"end_s": 1}],
        [PAUSE | {"kind": "keystrokes"}],
        [LEFT] * 501,
    ],
)
async def test_what_cannot_be_is_refused(gateway: RunningGateway, marks: list[dict[str, Any]]) -> None:
    link = await linked(gateway, "page_left")
    refused = await noted(gateway, link, await recorded(gateway, link), marks=marks)
    assert (refused.status_code, reason(refused)) == (400, "FIELD_INVALID")


@pytest.mark.parametrize(("signals", "agrees"), [((), True), (("page_left",), False)])
async def test_what_nobody_was_told_of_is_not_kept(
    gateway: RunningGateway, signals: tuple[str, ...], agrees: bool
) -> None:
    link = await linked(gateway, *signals, agrees=agrees)
    upload_id = await recorded(gateway, link)
    said = await noted(gateway, link, upload_id, marks=[PAUSE, LEFT], measured=["page_left"])
    assert said.status_code == 204
    page = (await handed_in(gateway, link, upload_id)).page
    assert [mark.kind for mark in page.marks] == ["pause"]
    assert (list(page.measured), tuple(page.not_measured)) == ([], signals)


async def test_a_recording_made_elsewhere_measured_nothing(gateway: RunningGateway) -> None:
    link = await linked(gateway, "paste")
    assert list((await handed_in(gateway, link, await recorded(gateway, link))).page.not_measured) == ["paste"]
    plain = await linked(gateway)
    assert not (await handed_in(gateway, plain, await recorded(gateway, plain))).HasField("page")


async def test_notes_of_others_recordings_are_refused(gateway: RunningGateway) -> None:
    link, other = await linked(gateway), await linked(gateway)
    upload_id = await recorded(gateway, link)
    assert (await noted(gateway, other, upload_id, marks=[])).status_code == 404
    await handed_in(gateway, link, upload_id)
    late = await noted(gateway, link, upload_id, marks=[])
    assert (late.status_code, reason(late)) == (409, "UPLOAD_TAKEN")


async def test_unknown_signals_are_refused(gateway: RunningGateway) -> None:
    refused = await gateway.client.post("/v1/upload-links", json=LINK | {"signals": ["keystrokes"]})
    assert refused.status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_information_names_what_is_noted_and_nothing_else(language: str) -> None:
    plain = offered(language, 30, "", True).information
    told = offered(language, 30, "", True, noted=Noted(signals=("paste", "page_left"))).information
    assert set(named_signals(told.text, language)) == {"paste", "page_left"}
    assert named_signals(plain.text, language) == ()
    assert told.sha256 != plain.sha256
    paused = offered(language, 30, "", True, noted=Noted(pauses=True)).information
    assert paused.sha256 != plain.sha256
    assert named_signals(paused.text, language) == ()
