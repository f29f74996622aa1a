"""Every route of the gateway, asked by another organisation: taken from the application's own table, so that a new
route is tried by being there, and fails here until it is known what to send to it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestrator.settings import DatabaseSettings
from tests.contract.organisations.estate import DELETED, Estate, estate_over, later, unknown
from tests.contract.test_doors import CLOSED
from tests.support.hiring import JOB
from tests.support.servers import ON_POSTGRESQL
from tests.support.tus import TUS

pytestmark = ON_POSTGRESQL

Operation = tuple[str, str]
ONE = "/v1/sessions/{session_id}"
INVITED = "/v1/jobs/{job_id}/invitations"
BODIES: dict[Operation, Any] = {
    ("POST", "/v1/jobs"): JOB,
    ("PUT", "/v1/jobs/{job_id}"): JOB,
    ("POST", "/v1/jobs/{job_id}:copy"): {"title": "Another"},
    ("POST", INVITED): {"candidates": [{"candidate_name": "Budi"}]},
    ("POST", f"{INVITED}:check"): {"csv": "name,email\nBudi,budi@example.org\n"},
    ("POST", f"{INVITED}:send"): {"invitation_ids": ["{invitation_id}"]},
    ("POST", f"{INVITED}/{{invitation_id}}:prolong"): {"expire_time": later().isoformat()},
    ("POST", "/v1/upload-links"): {"candidate_name": "Budi", "language": "id", "questions": ["Apa?"]},
    ("POST", f"{ONE}/reviews"): {"reviewer": "Rina", "decision": "pass", "reason": "Why."},
    ("POST", f"{ONE}/contests"): {"actor": "Siti", "objection": "No."},
    ("POST", f"{ONE}/scorecards"): {
        "ratings": [{"answer_index": 0, "criterion": "quality", "rating": 3}], "recommendation": "pass", "reason": "So",
    },
    ("PUT", "/v1/jobs/{job_id}/team"): {"principals": []},
    ("PUT", "/v1/jobs/{job_id}/group-questions"): {"characteristics": [{"name": "sex"}]},
    ("PUT", f"{ONE}/letter"): {"text": "Yth.", "revision": 1, "author": "Rina"},
    ("PUT", f"{ONE}/shortlist"): {"shortlisted": True, "actor": "Rina"},
    ("POST", f"{ONE}/comments"): {"text": "Yes.", "author": "Rina"},
    ("POST", "/v1/members"): {"email": "budi@example.org", "role": "reviewer"},
    ("PUT", "/v1/members/{member_id}"): {"role": "admin"},
    ("POST", "/v1/me/organisation"): {"organisation_id": "charlie"},
    ("PUT", "/v1/organisation/settings"): {"policy": "eu", "retention_days": 14},
    ("PUT", "/v1/organisation/secrets/{kind}"): {"secret": "tulisan-rahasia-bravo"},
    ("POST", "/v1/organisation/encryption-key"): {},
    ("POST", "/v1/organisation/encryption-key:delete"): {"confirm": "acme"},
    ("POST", "/v1/keys"): {"name": "HR", "scopes": ["read"]},
    ("POST", "/v1/sessions"): {
        "candidate_name": "Budi", "language": "id",
        "answers": [{"question": "Apa?", "upload_id": "{upload_id}"}],
    },
    ("POST", "/upload_json"): {
        "candidate_name": "Budi", "language": "id", "job_id": "{job_id}", "consent_reference": "form 7",
        "interviews": [{"positionId": 1, "question": "Apa?", "recordedVideoUrl": "https://example.org/a.mp4"}],
    },
}  # fmt: skip
FORMS: dict[Operation, dict[str, str]] = {
    ("POST", "/upload"): {
        "candidate_name": "Budi", "language": "id", "question": '["Apa?"]', "job_id": "{job_id}",
        "consent_reference": "form 7",
    }
}  # fmt: skip
HEADERS = {
    ("POST", "/v1/uploads"): {"Upload-Length": "3"},
    ("PATCH", "/v1/uploads/{upload_id}"): {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
}
SHOWN_TO_ALL = {"/v1/policies", "/v1/rubrics", "/v1/job-templates"}
"""What belongs to nobody."""

EXPECTED = {"NO_RESULT", "EVIDENCE_NOT_OPENED", "NOTHING_TO_RETRY", "MAIL_OFF", "UPLOAD_INCOMPLETE", "FIELD_INVALID",
            "TRANSCRIPT_NOT_FOUND", "ARTEFACT_NOT_FOUND", "TRANSLATION_OFF", "LAST_ADMIN", "ENCRYPTION_OFF",
            "NOT_A_MEMBER", "RECORDING_NOT_FOUND"}  # fmt: skip
"""What `acme` itself may be told of its own: the session has no result, there is no mail server."""

OF_ITSELF = "/v1/organisation/"
"""What names nothing but one's own organisation, and is answered otherwise the second time."""

LAST = ("DELETE", ":cancel", ":revoke", ":archive", ":delete")
"""What ends something comes last."""


@pytest.fixture
async def estate(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Estate]:
    async with estate_over(database, tmp_path, monkeypatch) as found:
        yield found


def filled(value: Any, ids: dict[str, str]) -> Any:
    """With ids where their names stand in braces."""
    if isinstance(value, dict):
        return {name: filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    known = ids | {"index": "0", "kind": "webhook", "format": "srt", "name:path": "0/stills/1.jpg"}
    return re.sub(r"\{([a-z_:]+)\}", lambda found: known[found.group(1)], value) if isinstance(value, str) else value


async def asked(estate: Estate, operation: Operation, ids: dict[str, str], who: dict[str, str]) -> httpx.Response:
    method, path = operation
    if path.endswith("/receipt"):
        ids = ids | {"session_id": ids["deleted"]}
    if "{" not in path and method == "GET":
        path += "?job_id={job_id}&session_id={session_id}"
    content: dict[str, Any] = {}
    if operation in BODIES:
        content["json"] = filled(BODIES[operation], ids)
    if operation in FORMS:
        content |= {"data": filled(FORMS[operation], ids), "files": {"videos": ("a.mp4", b"abc")}}
    if method == "PATCH":
        content["content"] = b"abc"
    headers = who | (TUS if "/uploads" in path else {}) | HEADERS.get(operation, {})
    if path.endswith("/events"):  # which would go on as long as the session does
        async with estate.site.client.stream(method, filled(path, ids), headers=headers) as response:
            if response.status_code == 200:
                return httpx.Response(200, text=await anext(response.aiter_text()), request=response.request)
            await response.aread()
            return response
    return await estate.site.client.request(method, filled(path, ids), headers=headers, **content)


def reason(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["details"][0]["reason"])
    except (ValueError, KeyError, TypeError, IndexError):
        return ""


def said(response: httpx.Response, ids: dict[str, str]) -> tuple[int, str]:
    """What is answered, without the ids that were asked for and the moment."""
    text = response.text
    for name, value in ids.items():
        text = text.replace(value, f"<{name}>") if value else text
    return response.status_code, re.sub(r'"[^"]*_time": ?"[^"]*"', "", text)


async def test_no_route_shows_another_organisations_data(estate: Estate) -> None:
    before, nobodys = await estate.rows(), unknown(estate.ids)
    wrong: list[object] = []
    for operation in CLOSED:
        theirs = await asked(estate, operation, estate.ids, estate.bravo)
        nothing = await asked(estate, operation, nobodys, estate.bravo)
        alike = "{" in operation[1] and not operation[1].startswith(OF_ITSELF)
        if alike and said(theirs, estate.ids) != said(nothing, nobodys):
            wrong.append((operation, "differs", said(theirs, estate.ids), said(nothing, nobodys)))
        seen = [mark for mark in estate.told(theirs.text) if mark not in str(theirs.request.url)]
        if seen and operation[1] not in SHOWN_TO_ALL:
            wrong.append((operation, "shows", seen))
    assert not wrong, "\n".join(map(str, wrong))
    after = await estate.rows()
    changed = {name: set(rows) - set(after[name]) for name, rows in before.items()}
    # Its own chain grows, and its own key was looked up: of `acme` nothing has changed.
    assert {name: rows for name, rows in changed.items() if any("acme" in row for row in rows)} == {}
    assert not changed["sessions"] | changed["answers"] | changed["jobs"] | changed["links"] | changed["comments"]


async def test_the_same_requests_reach_what_is_ones_own(estate: Estate) -> None:
    """Without this the test above might send what is refused for everybody."""
    wrong, quiet = [], []
    for operation in sorted(CLOSED, key=lambda found: found[0] in LAST or found[1].endswith(LAST)):
        response = await asked(estate, operation, estate.ids, estate.acme)
        if operation[0] == "HEAD":  # says nothing but what GET says
            continue
        if response.status_code in (401, 403, 404, 405, 410, 415, 422) or response.status_code >= 500:
            if reason(response) not in EXPECTED and not operation[1].startswith("/results"):
                wrong.append((operation, response.status_code, response.text))
        elif response.status_code == 400 and reason(response) not in EXPECTED:
            wrong.append((operation, response.status_code, response.text))
        listing = operation[0] == "GET" and "{" not in operation[1] and operation[1] not in SHOWN_TO_ALL
        if listing and not estate.told(response.text):
            quiet.append(operation[1])
    assert not wrong, "\n".join(map(str, wrong))
    assert set(quiet) <= {"/v1/organisation", "/v1/audit-chain"}


async def test_a_deleted_session_is_gone_for_its_own_organisation_only(estate: Estate) -> None:
    for who, expected in ((estate.acme, (410, "SESSION_DELETED")), (estate.bravo, (404, "SESSION_NOT_FOUND"))):
        response = await estate.site.client.get(f"/v1/sessions/{DELETED}", headers=who)
        assert (response.status_code, reason(response)) == expected


async def test_a_candidates_link_opens_what_its_organisation_asks(estate: Estate) -> None:
    path = filled(f"{INVITED}/{{invitation_id}}:link", estate.ids)
    url = (await estate.site.client.post(path, headers=estate.acme)).json()["url"]
    token = {"Authorization": f"Bearer {url.partition('#')[2]}"}
    opened = (await estate.site.client.get("/v1/upload-link", headers=token)).json()
    assert (opened["candidate_name"], opened["title"]) == ("Siti Rahasia", "Rahasia dagang")
    zero = base64.b64encode(b"0").decode()
    begun = await estate.site.client.post(
        "/v1/upload-link/uploads", headers=token | TUS | {"Upload-Length": "3", "Upload-Metadata": f"question {zero}"}
    )
    assert begun.status_code == 201, begun.text


async def test_a_browser_that_signed_in_with_a_key_acts_for_the_keys_organisation(estate: Estate) -> None:
    key = estate.acme["Authorization"].removeprefix("Bearer ")
    assert (await estate.site.client.post("/v1/sign-in", json={"key": key})).status_code == 204
    me = (await estate.site.client.get("/v1/me")).json()
    assert (me["organisation"], me["scopes"]) == ("acme", ["admin"])
    assert "Rahasia dagang" in (await estate.site.client.get("/v1/jobs")).text


async def test_an_id_that_another_organisation_has_tells_nothing_of_it(estate: Estate) -> None:
    """The same idempotency key of the same kind of caller is another session in another organisation."""
    upload = {"data": {"candidate_name": "Budi", "language": "id", "question": '["Apa?"]'}}
    made = []
    for who in (estate.acme, estate.bravo):
        files = {"files": {"videos": ("a.mp4", b"abc")}}
        sent = await estate.site.client.post("/upload", headers=who | {"Idempotency-Key": "1"}, **upload, **files)  # type: ignore[arg-type]
        assert sent.status_code == 200, sent.text
        made.append(sent.json()["session_id"])
    assert made[0] != made[1]
