"""The shortlist and comments over REST, from the real orchestrator's database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from interview.administration.v1 import administration_service_pb2 as pb
from sqlalchemy import text
from structlog.testing import capture_logs

from orchestrator.notes import store as notes
from orchestrator.settings import DatabaseSettings
from tests.support.candidates import Made, seed
from tests.support.hiring import Site, site_over

ANI = f"{1:032x}"
PATH = f"/v1/sessions/{ANI}"


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    async with site_over(database, tmp_path, monkeypatch) as found:
        await seed(found.orchestrator, await found.job())
        yield found


async def put(site: Site, shortlisted: bool, actor: str = "Rina") -> Any:
    body = {"shortlisted": shortlisted, "actor": actor}
    response = await site.client.put(f"{PATH}/shortlist", json=body)
    assert response.status_code == 200, response.text
    return response.json()["shortlist_time"]


async def audited(site: Site, path: str = PATH) -> list[tuple[str, str]]:
    return [(entry["actor"], entry["action"]) for entry in (await site.get(f"{path}/audit"))["entries"]]


async def test_on_the_shortlist_and_off_again(site: Site) -> None:
    [job] = (await site.get("/v1/jobs"))["jobs"]
    path = f"/v1/jobs/{job['job_id']}/candidates?shortlisted=true"
    assert (await site.get(path))["candidates"] == []
    since = await put(site, True)
    assert await put(site, True, "Budi") == since  # it is so already
    [found] = (await site.get(path))["candidates"]
    assert (found["candidate_name"], found["shortlist_time"]) == ("Ani", since)
    assert (await site.get(PATH))["shortlist_time"] == since
    assert await put(site, False, "Budi") is None
    assert (await site.get(PATH))["shortlist_time"] is None
    assert (await site.get(path))["fitting"] == 0
    assert await audited(site) == [("system", "submitted"), ("Rina", "shortlisted"), ("Budi", "unlisted")]
    assert (await site.get(PATH))["review_state"] == "open"  # it decides nothing


async def test_comments_are_listed_counted_and_deleted(site: Site) -> None:
    first = await site.post(f"{PATH}/comments", {"text": " Good examples. ", "author": "Rina"}, 201)
    await site.post(f"{PATH}/comments", {"text": "Ask about the second\none.", "author": "Budi"}, 201)
    listed = (await site.get(f"{PATH}/comments"))["comments"]
    assert [(c["author"], c["text"], c["deletable"]) for c in listed] == [
        ("Rina", "Good examples.", True), ("Budi", "Ask about the second\none.", True),
    ]  # fmt: skip
    [job] = (await site.get("/v1/jobs"))["jobs"]
    counts = {
        c["candidate_name"]: c["comments"]
        for c in (await site.get(f"/v1/jobs/{job['job_id']}/candidates"))["candidates"]
    }
    assert (counts["Ani"], counts["Budi"]) == (2, 0)
    other = f"/v1/sessions/{2:032x}/comments/{first['comment_id']}?actor=Rina"
    assert await site.refused(other, None, "DELETE") == (404, "COMMENT_NOT_FOUND")
    gone = await site.client.delete(f"{PATH}/comments/{first['comment_id']}?actor=Rina")
    assert gone.status_code == 204
    assert [c["author"] for c in (await site.get(f"{PATH}/comments"))["comments"]] == ["Budi"]
    assert [action for _, action in await audited(site)][1:] == ["commented", "commented", "comment_deleted"]
    assert "Good" not in str(await site.get(f"{PATH}/audit"))


@pytest.mark.parametrize(
    "body", [{"text": " ", "author": "Rina"}, {"text": "x" * 4001, "author": "Rina"}, {"text": "Good.", "author": ""}]
)
async def test_a_comment_needs_words_and_a_name(site: Site, body: dict[str, str]) -> None:
    assert await site.refused(f"{PATH}/comments", body) == (400, "FIELD_INVALID")
    assert (await site.get(f"{PATH}/comments"))["comments"] == []


async def test_there_is_an_end_to_comments(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "MOST", 1)
    await site.post(f"{PATH}/comments", {"text": "One.", "author": "Rina"}, 201)
    assert await site.refused(f"{PATH}/comments", {"text": "Two.", "author": "Rina"}) == (400, "COMMENTS_FULL")


async def test_of_what_is_not_there_nothing_is_noted(site: Site) -> None:
    path = f"/v1/sessions/{'f' * 32}"
    assert await site.refused(f"{path}/shortlist", {"shortlisted": True, "actor": "Rina"}, "PUT") == (
        404, "SESSION_NOT_FOUND",
    )  # fmt: skip
    assert await site.refused(f"{path}/comments", {"text": "One.", "author": "Rina"}) == (404, "SESSION_NOT_FOUND")
    assert await site.refused(f"{path}/comments", None, "GET") == (404, "SESSION_NOT_FOUND")


async def test_notes_go_with_the_session_and_are_never_logged(site: Site) -> None:
    with capture_logs() as logs:
        await put(site, True)
        await site.post(f"{PATH}/comments", {"text": "Sembilan belas.", "author": "Rina"}, 201)
        await site.orchestrator._store.delete(ANI)
    assert ("Rina" in str(logs), "Sembilan" in str(logs)) == (False, False)
    async with site.orchestrator._store.transaction() as db:
        for table in ("comments", "audit_entries"):
            left = await db.scalar(text(f"select count(*) from {table} where session_id = '{ANI}'"))
            assert left == 0, table


async def test_comments_are_deleted_by_who_wrote_them(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True) as site:
        scopes = {"Ani": ["review"], "Budi": ["review"], "Eka": ["read"], "Root": ["admin"]}
        wanted = [pb.CreateApiKeyRequest(name=name, scopes=scopes[name]) for name in scopes]
        made = [await site.orchestrator.administration.CreateApiKey(key, None) for key in wanted]
        ani, budi, eka, root = ({"Authorization": f"Bearer {key.secret}"} for key in made)
        await seed(site.orchestrator, "", (Made("Ani", "pass", 80.0),))
        ids = []
        for headers in (ani, ani, budi):
            body = {"text": "Good.", "author": "Somebody else"}
            ids.append((await site.client.post(f"{PATH}/comments", json=body, headers=headers)).json()["comment_id"])
        listed = (await site.client.get(f"{PATH}/comments", headers=ani)).json()["comments"]
        assert [(c["author"], c["deletable"]) for c in listed] == [("Ani", True), ("Ani", True), ("Budi", False)]
        seen = (await site.client.get(f"{PATH}/comments", headers=eka)).json()["comments"]
        assert [c["deletable"] for c in seen] == [False] * 3
        codes = [
            (await site.client.delete(f"{PATH}/comments/{ids[n]}", headers=headers)).status_code
            for n, headers in ((0, budi), (0, ani), (1, eka), (1, root))
        ]
        assert codes == [404, 204, 403, 204]
        mark = {"shortlisted": True}
        assert (await site.client.put(f"{PATH}/shortlist", json=mark, headers=eka)).status_code == 403
        assert (await site.client.put(f"{PATH}/shortlist", json=mark, headers=ani)).status_code == 200
        assert ("Ani", "shortlisted") in [
            (entry["actor"], entry["action"])
            for entry in (await site.client.get(f"{PATH}/audit", headers=root)).json()["entries"]
        ]


async def test_others_sessions_take_no_notes(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True, session_access="owner") as site:
        wanted = pb.CreateApiKeyRequest(name="Ani", scopes=["review"])
        key = await site.orchestrator.administration.CreateApiKey(wanted, None)
        headers = {"Authorization": f"Bearer {key.secret}"}
        await seed(site.orchestrator, "", (Made("Budi", "pass", 80.0),), owner="key:other")
        calls: tuple[tuple[str, str, Any], ...] = (
            ("PUT", "shortlist", {"shortlisted": True}),
            ("POST", "comments", {"text": "Good."}),
            ("GET", "comments", None),
        )
        for method, path, body in calls:
            response = await site.client.request(method, f"{PATH}/{path}", json=body, headers=headers)
            assert response.status_code == 404, path
