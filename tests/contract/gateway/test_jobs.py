"""Jobs and invitations over REST, from the real orchestrator's database to a candidate's hand-in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from interview.administration.v1 import administration_service_pb2 as pb
from sqlalchemy import text

from gateway.access import believed
from orchestrator.invitations.store import forget
from orchestrator.jobs.content import fingerprint
from orchestrator.settings import DatabaseSettings
from tests.support.hiring import CANDIDATES, JOB, Site, site_over
from tests.support.tus import TUS


@pytest.fixture
async def site(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr(believed, "KEPT_S", 0.0)
    async with site_over(database, tmp_path, monkeypatch) as found:
        yield found


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def handed_in(site: Site, token: str, *videos: bytes) -> httpx.Response:
    files = [("videos", (f"{n}.mp4", video)) for n, video in enumerate(videos)]
    return await site.client.post("/v1/upload-link", files=files, headers=bearer(token))


async def agreed(site: Site, token: str) -> httpx.Response:
    """The candidate reads what is shown and agrees to it."""
    seen = await site.get("/v1/upload-link", **bearer(token))
    hashes = {f"{part}_sha256": seen[part]["sha256"] for part in ("consent", "information")}
    return await site.client.post(
        "/v1/upload-link/consent", json={"language": seen["language"], **hashes}, headers=bearer(token)
    )


async def test_from_a_job_to_a_session(site: Site) -> None:
    job_id = await site.job()
    siti, budi = await site.invited(job_id)
    assert (siti["candidate_name"], siti["language"], budi["language"], siti["state"]) == (
        "Siti Rahma", "id", "en", "created",
    )  # fmt: skip
    token = await site.token(siti)
    assert await site.states(job_id) == ["created", "sent"]
    seen = await site.get("/v1/upload-link", **bearer(token))
    assert (seen["title"], seen["candidate_name"], seen["language"]) == ("Layanan pelanggan", "Siti Rahma", "id")
    assert seen["questions"] == [
        {"text": "Mengapa?", "thinking_s": 20, "limit_s": 90, "retakes": 2, "pauses": 0},
        {"text": "Apa?", "thinking_s": 30, "limit_s": 180, "retakes": 1, "pauses": 0},
    ]
    sha256 = hashlib.sha256(b"Saya setuju.").hexdigest()
    assert seen["consent"] == {"text": "Saya setuju.", "language": "id", "version": "job", "sha256": sha256}
    assert "Alasan" not in str(seen)
    assert (await site.states(job_id))[1] == "opened"
    first = {"Upload-Length": "3", "Upload-Metadata": "question MA=="}
    begun = await site.client.post("/v1/upload-link/uploads", headers=TUS | bearer(token) | first)
    assert begun.status_code == 201
    assert (await site.states(job_id))[1] == "started"
    refused = await handed_in(site, token, b"one", b"two")
    assert (refused.status_code, "consent" in refused.text) == (
        400,
        True,
    )  # this policy needs it, and showing is no act
    assert (await agreed(site, token)).status_code == 201
    assert (await handed_in(site, token, b"one", b"two")).status_code == 200
    assert (await site.states(job_id))[1] == "handed_in"
    [session] = (await site.get(f"/v1/sessions?job_id={job_id}"))["sessions"]
    assert (session["session_id"], session["job_id"], session["job_version"]) == (siti["invitation_id"], job_id, 1)
    assert (session["policy"], session["rubric"], session["language"]) == ("eu", "customer_service", "id")
    assert session["consent_reference"].startswith("given by the candidate")
    assert session["consent_reference"].endswith(f"id job, {sha256}")
    assert [answer["rubric"] for answer in session["answers"]] == ["", "software"]
    row = await site.orchestrator._store.existing(session["session_id"])
    assert [answer.reference for answer in row.answers] == ["Alasan.", ""]
    assert (await site.get(f"/v1/sessions?job_id={'0' * 32}"))["sessions"] == []
    job = await site.get(f"/v1/jobs/{job_id}")
    assert {name: count for name, count in job["invitations"].items() if count} == {"created": 1, "handed_in": 1}
    assert {name: count for name, count in job["sessions"].items() if count} == {"pending": 1}


async def test_what_somebody_has_seen_stays(site: Site) -> None:
    job_id = await site.job()
    siti, budi = await site.invited(job_id)
    first = await site.get(f"/v1/jobs/{job_id}")
    assert (first["version"], first["freeze_time"]) == (1, None)
    changed = JOB | {"questions": [{"text": "Siapa?"}], "sha256": first["sha256"]}
    second = (await site.client.put(f"/v1/jobs/{job_id}", json=changed)).json()
    assert (second["version"], second["sha256"] == first["sha256"]) == (1, False)  # nobody had seen it
    assert await site.refused(f"/v1/jobs/{job_id}", changed, "PUT") == (409, "JOB_CHANGED")
    token = await site.token(siti)
    assert (await site.get("/v1/upload-link", **bearer(token)))["questions"][0]["text"] == "Siapa?"
    third = (await site.client.put(f"/v1/jobs/{job_id}", json=JOB | {"title": "Lain"})).json()
    assert (third["version"], third["title"], third["freeze_time"]) == (2, "Lain", None)
    assert (await site.get("/v1/upload-link", **bearer(token)))["questions"][0]["text"] == "Siapa?"
    other = await site.get("/v1/upload-link", **bearer(await site.token(budi)))
    assert [question["text"] for question in other["questions"]] == ["Mengapa?", "Apa?"]
    old = await site.get(f"/v1/jobs/{job_id}?version=1")
    assert (old["sha256"], old["questions"][0]["text"]) == (second["sha256"], "Siapa?")
    questions = [{k: v for k, v in question.items() if v or k != "pauses"} for question in old["questions"]]
    kept = {"language_code": old["language"], **{k: old[k] for k in ("rubric", "policy", "consent_text")}}
    kept |= {"questions": questions}  # without what came later and says nothing
    assert fingerprint(kept) == old["sha256"]  # as anybody can work it out
    assert (await agreed(site, token)).status_code == 201
    assert (await handed_in(site, token, b"one")).status_code == 200
    [session] = (await site.get(f"/v1/sessions?job_id={job_id}"))["sessions"]
    assert session["job_version"] == 1
    fourth = (await site.client.put(f"/v1/jobs/{job_id}", json=JOB | {"title": "Lain lagi"})).json()
    assert (fourth["version"], fourth["title"]) == (2, "Lain lagi")  # a title is no question


async def test_an_upload_may_name_a_job_and_takes_from_it_what_it_leaves_out(site: Site) -> None:
    job_id = await site.job(policy="", consent_text="")
    form = {"candidate_name": "Ani", "question": "Mengapa?", "job_id": job_id}
    files = [("videos", ("a.mp4", b"one"))]
    sent = await site.client.post("/upload", data=form, files=files, headers={"Idempotency-Key": "k"})
    assert sent.status_code == 200, sent.text
    interviews = [{"question": "Lain?", "recordedVideoUrl": "https://example.org/a.mp4"}]
    body = {"candidate_name": "Eka", "interviews": interviews, "job_id": job_id, "rubric": "software", "language": "en"}
    await site.post("/upload_json", body)
    await site.client.put(f"/v1/jobs/{job_id}", json=JOB | {"questions": [{"text": "Siapa?"}]})
    again = await site.client.post("/upload", data=form, files=files, headers={"Idempotency-Key": "k"})
    assert again.json() == sent.json()  # the job's change makes no other request of it
    eka, ani = (await site.get(f"/v1/sessions?job_id={job_id}"))["sessions"]
    assert (ani["language"], ani["rubric"], ani["job_version"]) == ("id", "customer_service", 1)
    assert (eka["language"], eka["rubric"]) == ("en", "software")
    missing = await site.client.post("/upload_json", json=body | {"job_id": "0" * 32})
    assert missing.status_code == 404


async def test_a_list_is_looked_through_before_anybody_is_invited(site: Site) -> None:
    job_id = await site.job()
    await site.invited(job_id, [{"candidate_name": "Siti", "email": "siti@example.org"}])
    lines = ("\ufeffNama;Surel;Bahasa", "Budi;budi@example.org;ID", "", ";ani@example.org;",
             "Eka;eka(at)example.org;id", "Dewi;BUDI@example.org;", "Siti R;Siti@Example.org;", "Joko;;jv",
             'Tono;"tono@example.org";en')  # fmt: skip
    checked = await site.post(f"/v1/jobs/{job_id}/invitations:check", {"csv": "\r\n".join(lines)})
    assert [(p["line"], p["reason"]) for p in checked["problems"]] == [
        (4, "NAME_MISSING"), (5, "EMAIL_INVALID"), (6, "EMAIL_TWICE"), (7, "EMAIL_INVITED"), (8, "LANGUAGE_UNKNOWN"),
    ]  # fmt: skip
    assert checked["candidates"][0] == {"candidate_name": "Budi", "email": "budi@example.org", "language": "id"}
    assert len(await site.states(job_id)) == 1
    path = f"/v1/jobs/{job_id}/invitations"
    assert await site.refused(path, {"candidates": checked["candidates"]}) == (400, "FIELD_INVALID")
    assert len(await site.states(job_id)) == 1
    for csv, reason in (
        ("a,b\nc,d", "COLUMNS_MISSING"),
        ("name\nA\ufffdB", "TEXT_UNREADABLE"),
        ("\n", "COLUMNS_MISSING"),
    ):
        [found] = (await site.post(f"{path}:check", {"csv": csv}))["problems"]
        assert found["reason"] == reason
    good = [c for c in checked["candidates"] if c["candidate_name"] in ("Budi", "Tono")]
    made = await site.invited(job_id, good)
    assert [found["candidate_name"] for found in made] == ["Budi", "Tono"]
    await site.post(f"{path}/{made[0]['invitation_id']}:revoke")
    await site.invited(job_id, [good[0]])  # whoever was withdrawn can be invited again


async def test_an_invitation_ends_is_prolonged_and_withdrawn(site: Site) -> None:
    job_id = await site.job()
    siti, budi = await site.invited(job_id)
    token = await site.token(siti)
    path = f"/v1/jobs/{job_id}/invitations/{siti['invitation_id']}"
    async with site.orchestrator._store.transaction() as db:
        await db.execute(text("update links set expires_at = '2020-01-01 00:00:00+00'"))
    refused = await site.client.get("/v1/upload-link", headers=bearer(token))
    assert (refused.status_code, "expired" in refused.text) == (401, True)
    assert (await site.states(job_id)) == ["expired", "expired"]
    assert await site.refused(f"{path}:prolong", {"expire_time": "2020-01-01T00:00:00Z"}) == (400, "FIELD_INVALID")
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert (await site.post(f"{path}:prolong", {"expire_time": later}))["state"] == "sent"
    assert (await site.get("/v1/upload-link", **bearer(token)))["used"] is False  # the same link
    assert await site.token(siti) == token
    assert (await site.post(f"{path}:revoke"))["state"] == "revoked"
    refused = await site.client.get("/v1/upload-link", headers=bearer(token))
    assert (refused.status_code, "withdrawn" in refused.text) == (401, True)
    assert await site.refused(f"{path}:prolong", {"expire_time": later}) == (400, "INVITATION_ENDED")
    other = f"/v1/jobs/{await site.job()}/invitations/{budi['invitation_id']}"
    assert await site.refused(f"{other}:revoke", {}) == (404, "INVITATION_NOT_FOUND")


async def test_a_job_is_copied_put_away_and_closed(site: Site) -> None:
    closes = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
    job_id = await site.job(close_time=closes.isoformat())
    copy = await site.post(f"/v1/jobs/{job_id}:copy", {"title": "Salinan"}, 201)
    assert (copy["title"], copy["questions"], copy["close_time"]) == (
        "Salinan", (await site.get(f"/v1/jobs/{job_id}"))["questions"], None,
    )  # fmt: skip
    siti, _ = await site.invited(job_id)
    assert datetime.fromisoformat(siti["expire_time"]) == closes
    token = await site.token(siti)
    await site.post(f"/v1/jobs/{job_id}:archive")
    assert [job["job_id"] for job in (await site.get("/v1/jobs"))["jobs"]] == [copy["job_id"]]
    assert [job["job_id"] for job in (await site.get("/v1/jobs?archived=true"))["jobs"]] == [job_id]
    path = f"/v1/jobs/{job_id}/invitations"
    assert await site.refused(path, {"candidates": CANDIDATES}) == (400, "JOB_CLOSED")
    assert (await site.get("/v1/upload-link", **bearer(token)))["used"] is False  # given out is given out
    await site.post(f"/v1/jobs/{job_id}:restore")
    page = await site.get("/v1/jobs?page_size=1")
    rest = await site.get(f"/v1/jobs?page_size=1&page_token={page['next_page_token']}")
    assert [job["job_id"] for job in (*page["jobs"], *rest["jobs"])] == [copy["job_id"], job_id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consent_text": " "}, "consent_text"),
        ({"policy": "none"}, "policy"),
        ({"rubric": "none"}, "rubric"),
        ({"questions": [{"text": "Apa?"}, {"text": " Apa?"}]}, "questions"),
        ({"questions": [{"text": " "}]}, "questions[0].text"),
        ({"close_time": "2020-01-01T00:00:00Z"}, "close_time"),
        ({"title": " "}, "title"),
    ],
)
async def test_a_wrong_job_is_not_recorded(site: Site, changes: dict[str, Any], field: str) -> None:
    response = await site.client.post("/v1/jobs", json=JOB | changes)
    assert (response.status_code, response.json()["error"]["details"][0]["metadata"]) == (400, {"field": field})
    assert (await site.get("/v1/jobs"))["jobs"] == []


async def test_nothing_is_asked_that_could_not_be_handed_in(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, max_videos=1, max_question_chars=5) as site:
        assert await site.refused("/v1/jobs", JOB | {"questions": [{"text": "A?"}, {"text": "B?"}]}) == (
            400, "FIELD_INVALID",
        )  # fmt: skip
        assert await site.refused("/v1/jobs", JOB | {"questions": [{"text": "Apa??!"}]}) == (400, "FIELD_INVALID")
        await site.job(questions=[{"text": "Apa?"}])


async def test_every_template_is_a_job(site: Site) -> None:
    templates = (await site.get("/v1/job-templates"))["templates"]
    assert [template["name"] for template in templates] == [
        "customer_service", "layanan_pelanggan", "software_developer",
    ]  # fmt: skip
    for template in templates:
        made = await site.post("/v1/jobs", {name: value for name, value in template.items() if name != "name"}, 201)
        assert made["questions"] == template["questions"]
        # How long recordings are kept is the policy's to say; the information above the consent says it.
        assert not re.search("deleted|dihapus", template["consent_text"])
    assert [template["language"] for template in templates] == ["en", "id", "en"]


async def test_who_was_invited_goes_with_the_session(site: Site) -> None:
    job_id = await site.job()
    siti, _ = await site.invited(job_id)
    token = await site.token(siti)
    await site.get("/v1/upload-link", **bearer(token))
    await site.orchestrator._store.delete(siti["invitation_id"])
    await forget(site.orchestrator._store, siti["invitation_id"])
    assert len(await site.states(job_id)) == 1
    assert (await site.client.get("/v1/upload-link", headers=bearer(token))).status_code == 401
    async with site.orchestrator._store.transaction() as db:
        kept = [str(dict(row)) for row in (await db.execute(text("select * from invitations"))).mappings()]
    assert "Siti" not in str(kept)
    assert token not in str(kept)


async def test_jobs_of_others_are_as_good_as_missing(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site_over(database, tmp_path, monkeypatch, sign_in=True, session_access="owner") as site:
        wanted = [pb.CreateApiKeyRequest(name=name, scopes=["submit", "read"]) for name in ("Ani", "Budi")]
        made = [await site.orchestrator.administration.CreateApiKey(key, None) for key in wanted]
        ani, budi = ({"Authorization": f"Bearer {key.secret}"} for key in made)
        job_id = (await site.client.post("/v1/jobs", json=JOB, headers=ani)).json()["job_id"]
        paths = f"/v1/jobs/{job_id}", f"/v1/jobs/{job_id}/invitations"
        for path in paths:
            assert (await site.client.get(path, headers=budi)).status_code == 404
            assert (await site.client.get(path, headers=ani)).status_code == 200
        assert (await site.client.get("/v1/jobs", headers=budi)).json()["jobs"] == []
        body = {"candidates": CANDIDATES}
        assert (await site.client.post(paths[1], json=body, headers=budi)).status_code == 404
        interviews = [{"question": "Lain?", "recordedVideoUrl": "https://example.org/a.mp4"}]
        session = {"candidate_name": "Eka", "interviews": interviews, "job_id": job_id, "consent_reference": "form 7"}
        assert (await site.client.post("/upload_json", json=session, headers=budi)).status_code == 404
        assert (await site.client.post("/upload_json", json=session, headers=ani)).status_code == 200
