"""Blind review over REST: by oneself first, then what others and the machine made of it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from interview.administration.v1 import administration_service_pb2 as pb
from sqlalchemy import text
from structlog.testing import capture_logs
from typer.testing import CliRunner

from gateway.access.scopes import REVEALING
from interview_client import AsyncInterviewClient, InterviewError, ScorecardRating
from interview_client.cli import app
from orchestrator.settings import DatabaseSettings
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.candidates import Made, seed
from tests.support.hiring import JOB, Site, site_over
from tests.support.recorded import rated_result

ANI = f"{1:032x}"
PATH = f"/v1/sessions/{ANI}"
CRITERIA = ("coherence", "quality", "relevance")
SCOPES = {"Rina": ["review"], "Budi": ["review"], "Hr": ["read"], "Root": ["admin"]}


@dataclass(frozen=True, slots=True)
class Blind:
    """A site, and what each person signs in with."""

    site: Site
    keys: dict[str, str]
    job_id: str

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[who]}"}

    async def get(self, path: str, who: str) -> httpx.Response:
        return await self.site.client.get(path, headers=self.headers(who))

    async def rate(self, who: str, values: tuple[int, ...] = (4, 4, 4), **changes: Any) -> httpx.Response:
        ratings = [{"answer_index": 0, "criterion": c, "rating": v} for c, v in zip(CRITERIA, values, strict=False)]
        body = {"ratings": ratings, "recommendation": "pass", "reason": "Good examples."} | changes
        return await self.site.client.post(f"{PATH}/scorecards", json=body, headers=self.headers(who))


@pytest.fixture
async def blind(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Blind]:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True) as site:
        wanted = [pb.CreateApiKeyRequest(name=name, scopes=scopes) for name, scopes in SCOPES.items()]
        made = [await site.orchestrator.administration.CreateApiKey(key, None) for key in wanted]
        keys = dict(zip(SCOPES, (key.secret for key in made), strict=True))
        root = {"Authorization": f"Bearer {keys['Root']}"}
        job_id = (await site.client.post("/v1/jobs", json=JOB, headers=root)).json()["job_id"]
        media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
        written = await media.write(f"results/{ANI}.json", json.dumps(rated_result()).encode())
        people = (Made("Ani", "pass", 92.0, (0, 1, 0), decision="consider"),)
        await seed(site.orchestrator, job_id, people, blind=True, result=dataclasses.asdict(written))
        yield Blind(site, keys, job_id)


def revealing() -> list[str]:
    """Addresses of everything that shows how others, or the machine, see the session."""
    shown = (path for method, path in REVEALING if method == "GET")
    paths = (path.replace("{name:path}", "0/timeline.json") for path in shown)
    return sorted(path.format(session_id=ANI, index=0) for path in paths)


async def test_nothing_is_seen_before_one_has_rated(blind: Blind) -> None:
    for path in revealing():
        response = await blind.get(path, "Rina")
        assert (response.status_code, "blind" in response.text) == (400, True), path
    session = (await blind.get(PATH, "Rina")).json()
    assert (session["blind"], session["review"], session["review_state"]) == (True, None, "decided")
    assert (await blind.get("/v1/sessions", "Rina")).json()["sessions"][0]["review"] is None
    [line] = (await blind.get(f"/v1/jobs/{blind.job_id}/candidates", "Rina")).json()["candidates"]
    assert (line["hidden"], line["outcome"], line["total"], line["findings"]) == (True, None, None, None)
    sheet = (await blind.get("/v1/sessions.csv", "Rina")).text
    assert ("Reviewed blind" in sheet, "92" in sheet, "consider" in sheet) == (True, False, False)
    assert (await blind.rate("Rina")).status_code == 201
    missing = "artefacts", "letter", "recording"
    for path in (p for p in revealing() if not any(each in p for each in missing)):
        assert (await blind.get(path, "Rina")).status_code == 200, path
        assert (await blind.get(path, "Budi")).status_code == 400, path  # who has not
    [line] = (await blind.get(f"/v1/jobs/{blind.job_id}/candidates", "Rina")).json()["candidates"]
    assert (line["hidden"], line["outcome"], line["total"], line["findings"]["review"]) == (False, "pass", 92.0, 1)
    assert (await blind.get(PATH, "Rina")).json()["review"]["decision"] == "consider"


async def test_what_is_hidden_is_neither_sorted_counted_nor_found(blind: Blind) -> None:
    await seed(blind.site.orchestrator, blind.job_id, (Made("Eka", "fail", 20.0), Made("Fajar", "pass", 80.0)), 50)
    path = f"/v1/jobs/{blind.job_id}/candidates"
    page = (await blind.get(f"{path}?order=total&page_size=2", "Rina")).json()
    assert [c["candidate_name"] for c in page["candidates"]] == ["Fajar", "Eka"]
    assert (page["totals"]["steps"][9], page["totals"]["not_scored"]) == (0, 1)
    rest = (await blind.get(f"{path}?order=total&page_size=2&page_token={page['next_page_token']}", "Rina")).json()
    assert [c["candidate_name"] for c in rest["candidates"]] == ["Ani"]
    for query in ("least_total=90", "findings=review", "findings=none&q=ani", "outcome=pass&q=ani"):
        assert (await blind.get(f"{path}?{query}", "Rina")).json()["fitting"] == 0, query
        assert (await blind.get(f"{path}?{query}", "Hr")).json()["fitting"] == (query != "findings=none&q=ani"), query


async def test_who_is_no_reviewer_sees_as_ever(blind: Blind) -> None:
    for who in ("Hr", "Root"):
        assert (await blind.get(f"/results/{ANI}", who)).status_code == 200
        found = (await blind.get(f"{PATH}/scorecards", who)).json()
        assert (found["rate_first"], found["scorecards"]) == (False, [])
    assert (await blind.rate("Hr")).status_code == 403


async def test_scorecards_and_agreement_are_shown_afterwards(blind: Blind) -> None:
    assert (await blind.rate("Rina", (4, 5, 5))).status_code == 201
    waiting = (await blind.get(f"{PATH}/scorecards", "Budi")).json()
    assert (waiting["rate_first"], waiting["rated"], waiting["scorecards"]) == (True, False, [])
    assert (await blind.rate("Budi", (4, 4, 1), recommendation="fail")).status_code == 201
    found = (await blind.get(f"{PATH}/scorecards", "Rina")).json()
    assert (found["rate_first"], found["rated"]) == (False, True)
    assert [(card["author"], card["recommendation"]) for card in found["scorecards"]] == [
        ("Rina", "pass"),
        ("Budi", "fail"),
    ]
    assert [each["rating"] for each in found["scorecards"][1]["ratings"]] == [4, 4, 1]
    assert found["people"] == {"compared": 3, "same": 1, "near": 2}
    # The machine: 90, 96 and 91 of 100, all nearest to 5.
    assert found["machine"] == {"compared": 6, "same": 2, "near": 5}
    audit = (await blind.get(f"{PATH}/audit", "Root")).json()["entries"]
    assert [(entry["actor"], entry["action"]) for entry in audit][1:] == [("Rina", "rated"), ("Budi", "rated")]


@pytest.mark.parametrize(
    "changes",
    [
        {"ratings": [{"answer_index": 0, "criterion": "quality", "rating": 4}]},
        {"ratings": [{"answer_index": 0, "criterion": c, "rating": 4} for c in (*CRITERIA, "luck")]},
        {"ratings": [{"answer_index": 0, "criterion": c, "rating": 6} for c in CRITERIA]},
        {"reason": " "},
        {"recommendation": "maybe"},
    ],
)
async def test_a_scorecard_is_whole(blind: Blind, changes: dict[str, Any]) -> None:
    response = await blind.rate("Rina", **changes)
    assert (response.status_code, response.json()["error"]["details"][0]["reason"]) == (400, "FIELD_INVALID")
    assert (await blind.get(f"/results/{ANI}", "Rina")).status_code == 400


async def test_a_scorecard_stays_and_goes_with_the_session(blind: Blind) -> None:
    assert (await blind.rate("Rina")).status_code == 201
    again = await blind.rate("Rina", (1, 1, 1))
    assert (again.status_code, again.json()["error"]["details"][0]["reason"]) == (409, "SCORECARD_EXISTS")
    await blind.site.orchestrator._store.delete(ANI)
    async with blind.site.orchestrator._store.transaction() as db:
        assert await db.scalar(text("select count(*) from scorecards")) == 0


async def test_rating_by_the_client(blind: Blind) -> None:
    url = str(blind.site.client.base_url)
    async with AsyncInterviewClient(url, blind.keys["Rina"]) as client:
        assert (await client.scorecards(ANI)).rate_first
        with pytest.raises(InterviewError) as caught:
            await client.findings(ANI)
        assert caught.value.reason == "SCORECARD_FIRST"
        ratings = [ScorecardRating(answer_index=0, criterion=name, rating=5) for name in CRITERIA]
        assert (await client.rate(ANI, ratings, "pass", "Good.")).author == "Rina"
        found = await client.scorecards(ANI)
        assert (found.rated, found.machine.same, found.scorecards[0].reason) == (True, 3, "Good.")


async def test_rating_as_commands(blind: Blind) -> None:
    environment = {
        "INTERVIEW_URL": str(blind.site.client.base_url), "INTERVIEW_API_KEY": blind.keys["Rina"], "COLUMNS": "200",
    }  # fmt: skip

    def ran(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ("candidates", *words), env=environment)
        assert result.exit_code == code, result.output
        return result.output

    def everything() -> None:
        assert "Rate it first" in ran("scorecards", ANI)
        how = ("--recommend", "pass", "--reason", "Good.")
        assert "such as 1:relevance=4" in ran("rate", ANI, "-r", "1:relevance=9", *how, code=2)
        rated = [word for name in CRITERIA for word in ("-r", f"1:{name}=5")]
        assert "Recorded for Rina." in ran("rate", ANI, *rated, *how)
        told = ran("scorecards", ANI)
        assert "Rina, of 5" in told
        assert "People: nothing to compare" in told
        assert "People and machine: of 3 pairs 3 the same" in told

    with capture_logs():
        await asyncio.to_thread(everything)
