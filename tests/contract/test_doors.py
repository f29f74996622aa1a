"""Every operation of the gateway with every kind of wrong credential. Taken from the application's own table of routes,
so that a new operation is tried by being there.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from fastapi.routing import APIRoute
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.guard import UPLOADS
from gateway.access.origin import _READ_AND_RECORDED
from gateway.access.scopes import BY_LINK, BY_PARTNER, NEEDED
from gateway.app import ROUTES
from tests.contract.gateway.test_access import Issuer, bearer, issuer
from tests.contract.gateway.test_links import LINK
from tests.contract.gateway.test_sessions import ID, session
from tests.support.gateway import RunningGateway, running_gateway

__all__ = ["issuer"]
SECRET = "s" * 40
SCOPES = ("submit", "read", "review", "audit", "admin")
SAFE = ("GET", "HEAD", "OPTIONS")
CHANGING_AND_OPEN = {("POST", "/v1/sign-in"), ("POST", "/v1/sign-out")}


def operations() -> Iterator[tuple[str, str]]:
    for module in ROUTES:
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            yield from ((method, route.path) for method in sorted(route.methods or ()))


OPERATIONS = sorted(set(operations()))
CLOSED = [(method, path) for method, path in OPERATIONS if NEEDED.get((method.replace("HEAD", "GET"), path), {"admin"})]
LINKED = [(method, path) for method, path in OPERATIONS if (method.replace("HEAD", "GET"), path) in BY_LINK]
PARTNER = [(method, path) for method, path in OPERATIONS if (method.replace("HEAD", "GET"), path) in BY_PARTNER]
OPEN = [operation for operation in OPERATIONS if operation not in (*CLOSED, *LINKED, *PARTNER)]


def address(path: str) -> str:
    """The path with its parameters filled in."""
    known = {
        "session_id": ID,
        "index": "0",
        "format": "srt",
        "name:path": "0/still",
        "upload_id": "0" * 32,
        "link_id": ID,
        "job_id": ID,
        "invitation_id": ID,
        "comment_id": ID,
        "delivery_id": ID,
        "member_id": ID,
        "key_id": ID,
        "kind": "webhook",
    }
    return re.sub(r"\{([^}]+)\}", lambda found: known[found.group(1)], path)


async def asked(gateway: RunningGateway, operation: tuple[str, str], **headers: str) -> httpx.Response:
    method, path = operation
    return await gateway.client.request(method, address(path), headers=headers)


def reason(response: httpx.Response) -> str:
    """Of an error on `/v1`; the original's own paths and HEAD have none."""
    if not response.content or not response.url.path.startswith("/v1/"):
        return ""
    return str(response.json()["error"]["details"][0]["reason"])


def stranger(response: httpx.Response) -> bool:
    """Whether the answer tells a stranger nothing but to sign in."""
    return response.status_code == 401 and ID not in response.text and "Siti" not in response.text


@pytest.fixture
async def gateway(tmp_path: Path, issuer: Issuer) -> AsyncIterator[RunningGateway]:
    settings: dict[str, Any] = {
        "sign_in": True, "oidc_issuer": issuer.url, "oidc_audience": "interviews", "signing_key": SECRET,
        "session_access": "owner", "sign_in_rate_limit": "", "upload_rate_limit": "",
    }  # fmt: skip
    async with running_gateway(tmp_path / "objects", **settings) as running:
        for number, scope in enumerate(SCOPES):
            running.orchestrator.keys[f"ias_{scope}"] = pb.ApiKey(key_id=f"{number:016x}", name=scope, scopes=[scope])
        everything = pb.ApiKey(key_id="e" * 16, name="other", scopes=SCOPES[:3])
        running.orchestrator.keys["ias_other"] = everything
        made = session(pb.SESSION_STATE_COMPLETED)
        made.owner = "key:" + "0" * 16
        running.orchestrator.put(made)
        yield running


def test_what_is_open_is_known_and_few() -> None:
    """An operation becomes open by being written down here too."""
    assert {path for _, path in OPEN} == {
        "/", "/Upload.html", "/halaman_dasboard.html", "/sessions.html", "/sign-in.html", "/links.html",
        "/jobs.html", "/job.html", "/compare.html", "/deliveries.html", "/impact.html", "/organisation.html",
        "/v1/sign-in/ways", "/v1/sign-in/oidc", "/v1/sign-in/oidc/callback",
        "/candidate.html", "/docs", "/healthz", "/readyz", "/v1/sign-in", "/v1/sign-out", "/v1/me",
        "/v1/uploads", "/v1/upload-link/uploads",
    }  # fmt: skip
    assert {operation for operation in OPEN if operation[0] not in SAFE} == CHANGING_AND_OPEN
    assert len(CLOSED) > 25
    assert len(LINKED) == 14
    assert len(PARTNER) == 4


EVERYWHERE = {"nothing", "unknown key", "expired token", "wrong audience", "alg none", "cookie: alg none"}


def bad_credentials(issuer: Issuer) -> Iterator[tuple[str, dict[str, str]]]:
    past, later = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1)
    public = issuer.private["one"].public_key().public_numbers().n.to_bytes(256, "big")
    tokens = {
        "unknown key": "ias_nobody",
        "expired token": issuer.token(exp=past),
        "wrong audience": issuer.token(aud="payroll"),
        "wrong issuer": issuer.token(iss="https://elsewhere.example"),
        "no expiry": issuer.token(exp=None),
        "alg none": jwt.encode({"iss": issuer.url, "aud": "interviews", "sub": "7", "exp": later}, "", "none"),
        "signed with the public key": issuer.token(key=public, algorithm="HS256"),
        "a candidate's link": jwt.encode({"aud": "candidate", "exp": later, "for": {}, "sub": "7"}, SECRET, "HS256"),
        "a browser's cookie": jwt.encode({"aud": "browser", "exp": later, "sub": "3" * 16}, SECRET, "HS256"),
        "rubbish": "a.b.c",
    }
    yield "nothing", {}
    yield from ((name, {"Authorization": f"Bearer {token}"}) for name, token in tokens.items())
    yield "unknown key in its header", {"X-API-Key": "ias_nobody"}
    cookies = {
        "expired": {"aud": "browser", "exp": past, "sub": "3" * 16},
        "wrong audience": {"aud": "candidate", "exp": later, "sub": "3" * 16},
        "revoked key": {"aud": "browser", "exp": later, "sub": "f" * 16},
    }
    for name, claims in cookies.items():
        yield f"cookie: {name}", {"Cookie": f"interview_sign_in={jwt.encode(claims, SECRET, 'HS256')}"}
    unsigned = jwt.encode({"aud": "browser", "exp": later, "sub": "0" * 15 + "3"}, "", "none")
    yield "cookie: alg none", {"Cookie": f"interview_sign_in={unsigned}"}


async def test_no_wrong_credential_opens_anything(gateway: RunningGateway, issuer: Issuer) -> None:
    """Each operation with every kind of `EVERYWHERE`, and with some of the others, which are read by the same code."""
    credentials = list(bad_credentials(issuer))
    everywhere = [found for found in credentials if found[0] in EVERYWHERE]
    others = [found for found in credentials if found[0] not in EVERYWHERE]
    assert len(everywhere) == len(EVERYWHERE)
    opened = []
    for number, operation in enumerate([*CLOSED, *LINKED]):
        for name, headers in (*everywhere, *(others[(number + n) % len(others)] for n in range(2))):
            response = await asked(gateway, operation, **headers)
            incomplete = operation in LINKED and name == "a candidate's link"  # which says so
            if not stranger(response) and not incomplete:
                opened.append((name, operation, response.status_code))
    assert opened == []
    assert gateway.files() == []
    assert gateway.orchestrator.created == []


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_opens_what_the_table_says(gateway: RunningGateway, scope: str) -> None:
    wrong = []
    for operation in sorted(CLOSED, key=lambda found: found[0] == "DELETE"):
        needed = NEEDED[operation[0].replace("HEAD", "GET"), operation[1]]
        response = await asked(gateway, operation, **bearer(scope))
        refused = response.status_code == 403
        if refused is (scope in needed or scope == "admin"):
            wrong.append((operation, response.status_code))
    assert wrong == []


async def test_a_session_of_another_owner_is_as_good_as_missing(gateway: RunningGateway) -> None:
    seen = []
    for operation in CLOSED:
        if "{session_id}" not in operation[1] or operation[0] == "DELETE":
            continue
        response = await asked(gateway, operation, **bearer("other"))
        needed = NEEDED[operation[0].replace("HEAD", "GET"), operation[1]]
        if needed <= {"admin", "audit"} and response.status_code == 403:
            continue  # refused before anything is looked up
        if response.status_code != 404 or reason(response) not in ("", "SESSION_NOT_FOUND", "RECEIPT_NOT_FOUND"):
            seen.append((operation, response.status_code))
    assert seen == []
    assert gateway.orchestrator.entries == []


@pytest.mark.parametrize(
    "page",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://other.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
@pytest.mark.parametrize("sign_in", [False, True])
async def test_no_page_of_another_site_changes_anything(tmp_path: Path, page: dict[str, str], sign_in: bool) -> None:
    """As `text/plain`, which a page may send without asking first, with and without anybody signed in."""
    async with running_gateway(tmp_path / "objects", sign_in=sign_in, signing_key=SECRET) as gateway:
        gateway.orchestrator.keys["ias_boss"] = pb.ApiKey(key_id="0" * 16, name="boss", scopes=["admin"])
        gateway.orchestrator.put(session(pb.SESSION_STATE_COMPLETED))
        claims = {"aud": "browser", "exp": 9_999_999_999, "sub": "0" * 16}
        cookie = {"Cookie": f"interview_sign_in={jwt.encode(claims, SECRET, 'HS256')}"} if sign_in else {}
        taken = []
        for operation in OPERATIONS:
            if operation[0] in SAFE and operation[1] not in _READ_AND_RECORDED:
                continue
            response = await asked(gateway, operation, **page, **cookie, **{"Content-Type": "text/plain"})
            if response.status_code != 403 or reason(response) not in ("", "ORIGIN_REFUSED"):
                taken.append((operation, response.status_code))
        assert taken == []
        assert gateway.orchestrator.created == gateway.orchestrator.entries == []
        assert ID in gateway.orchestrator.sessions


async def test_own_pages_programs_and_named_origins_change_things(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"cors_origins": ["https://hr.example"], "public_url": "https://interviews.example"}
    async with running_gateway(tmp_path / "objects", **settings) as gateway:
        own = {"Origin": f"http://127.0.0.1:{gateway.port}"}
        for headers in (
            {},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "same-origin", **own},
            own,
            {"Origin": "https://interviews.example"},
            {"Origin": "https://hr.example", "Sec-Fetch-Site": "cross-site"},
        ):
            made = await gateway.client.post("/v1/upload-links", json=LINK, headers=headers)
            assert made.status_code == 201, headers
        read = await gateway.client.get("/v1/sessions", headers={"Sec-Fetch-Site": "cross-site"})
        assert read.status_code == 200  # no page can see the answer: nothing says that it may


async def test_wrong_keys_do_not_each_cost_a_call(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "objects", sign_in=True, sign_in_rate_limit="5/minute") as gateway:
        gateway.orchestrator.keys["ias_good"] = pb.ApiKey(key_id="0" * 16, name="good", scopes=["read"])
        assert (await gateway.client.get("/v1/sessions", headers=bearer("good"))).status_code == 200
        codes = [(await gateway.client.get("/v1/sessions", headers=bearer(f"{n}"))).status_code for n in range(8)]
        assert codes == [401] * 4 + [429] * 4
        assert gateway.orchestrator.authentications == 5
        keyed = await gateway.client.post("/v1/sign-in", json={"key": "ias_guess"})
        assert (keyed.status_code, reason(keyed)) == (429, "RATE_LIMITED")
        linked = await gateway.client.get("/v1/upload-link", headers={"Authorization": "Bearer a.b.c"})
        assert linked.status_code == 429
        # Whoever was good goes on: behind the same address, others must not be able to lock them out.
        assert (await gateway.client.get("/v1/sessions", headers=bearer("good"))).status_code == 200


async def test_candidates_behind_one_address_do_not_share_a_limit(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "objects", rate_limit="4/minute", signing_key=SECRET) as gateway:
        links = [(await gateway.client.post("/v1/upload-links", json=LINK)).json()["url"] for _ in range(2)]
        first, second = ({"Authorization": f"Bearer {url.partition('#')[2]}"} for url in links)
        codes = [(await gateway.client.get("/v1/upload-link", headers=first)).status_code for _ in range(5)]
        assert codes == [200] * 4 + [429]
        assert (await gateway.client.get("/v1/upload-link", headers=second)).status_code == 200


@pytest.mark.parametrize(("trusted", "believed"), [([], False), (["127.0.0.0/8"], True), (["10.0.0.0/8"], False)])
async def test_forwarded_headers_are_believed_of_trusted_proxies_only(
    tmp_path: Path, trusted: list[str], believed: bool
) -> None:
    settings: dict[str, Any] = {"trusted_proxies": trusted, "rate_limit": "2/minute"}
    async with running_gateway(tmp_path / "objects", sign_in=True, **settings) as gateway:
        gateway.orchestrator.keys["ias_good"] = pb.ApiKey(key_id="0" * 16, name="good", scopes=["read"])
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
        signed = await gateway.client.post("/v1/sign-in", json={"key": "ias_good"}, headers=forwarded)
        assert ("secure" in signed.headers["set-cookie"].lower()) is believed
        codes = [
            (await gateway.client.get("/healthz", headers={"X-Forwarded-For": f"203.0.113.{n}"})).status_code
            for n in range(4)
        ]
        assert codes == ([200] * 4 if believed else [200, 429, 429, 429])
        # Whoever asks can write the beginning of the list, but not its end.
        for n in range(3):
            invented = {"X-Forwarded-For": f"{n}.{n}.{n}.{n}, 203.0.113.200"}
            last = await gateway.client.get("/healthz", headers=invented)
        assert last.status_code == 429


async def test_the_cookie_is_secure_where_people_come_by_https(tmp_path: Path) -> None:
    for url, secure in (("https://interviews.example", True), ("http://localhost:8000", False)):
        async with running_gateway(tmp_path / "objects", sign_in=True, public_url=url) as gateway:
            gateway.orchestrator.keys["ias_good"] = pb.ApiKey(key_id="0" * 16, name="good", scopes=["read"])
            signed = await gateway.client.post("/v1/sign-in", json={"key": "ias_good"})
            assert ("secure" in signed.headers["set-cookie"].lower()) is secure


def test_uploads_that_are_limited_are_operations() -> None:
    assert {path for method, path in OPERATIONS if method == "POST"} >= UPLOADS
