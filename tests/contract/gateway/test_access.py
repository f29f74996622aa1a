"""Who may do what: keys, tokens, cookies, owners, limits."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.routing import APIRoute
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.company import provider
from gateway.access.scopes import NEEDED
from gateway.app import ROUTES
from gateway.settings import GatewaySettings
from servicekit.errors import ServiceError
from tests.contract.gateway.test_sessions import ID, session
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.http_server import answering

SCOPED = {"submitter": ["submit"], "reader": ["read"], "reviewer": ["read", "review"], "boss": ["admin"]}


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer ias_{name}"}


def reason(response: httpx.Response) -> str:
    return str(response.json()["error"]["details"][0]["reason"])


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", sign_in=True) as running:
        for number, (name, scopes) in enumerate(SCOPED.items()):
            running.orchestrator.keys[f"ias_{name}"] = pb.ApiKey(key_id=f"{number:016x}", name=name, scopes=scopes)
        made = session()
        made.review.CopyFrom(pb.Review(reviewer="Rina", decision=pb.DECISION_PASS, reason="Clear."))
        running.orchestrator.put(made)
        yield running


def test_every_operation_names_its_scope() -> None:
    routes = [route for module in ROUTES for route in module.router.routes if isinstance(route, APIRoute)]
    operations = {(method.replace("HEAD", "GET"), route.path) for route in routes for method in route.methods or ()}
    assert operations == set(NEEDED)


async def test_pages_are_open_and_data_is_not(gateway: RunningGateway) -> None:
    for path in ("/Upload.html", "/sign-in.html", "/healthz", "/assets/style.css", "/openapi.json"):
        assert (await gateway.client.get(path)).status_code == 200, path
    refused = await gateway.client.get(f"/v1/sessions/{ID}")
    assert (refused.status_code, reason(refused)) == (401, "NOT_SIGNED_IN")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert (await gateway.client.get("/results/" + ID)).status_code == 401
    unknown = await gateway.client.get(f"/v1/sessions/{ID}", headers=bearer("stranger"))
    assert (unknown.status_code, reason(unknown)) == (401, "KEY_REFUSED")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", f"/status/{ID}", {"submitter", "reader", "reviewer", "boss"}),
        ("GET", "/v1/sessions", {"reader", "reviewer", "boss"}),
        ("GET", f"/v1/sessions/{ID}/answers", {"reader", "reviewer", "boss"}),
        ("GET", f"/v1/sessions/{ID}/audit", {"reviewer", "boss"}),
        ("DELETE", f"/v1/sessions/{ID}", {"boss"}),
    ],
)
async def test_scopes(gateway: RunningGateway, method: str, path: str, allowed: set[str]) -> None:
    for name in SCOPED:
        response = await gateway.client.request(method, path, headers=bearer(name))
        assert (response.status_code == 200) is (name in allowed), name
        if name not in allowed:
            assert response.status_code == 403


async def test_a_key_is_believed_for_a_moment_and_also_sent_as_a_header(gateway: RunningGateway) -> None:
    for _ in range(3):
        found = await gateway.client.get("/v1/sessions", headers={"X-API-Key": "ias_reader"})
        assert found.status_code == 200
    assert gateway.orchestrator.authentications == 1


async def test_reviews_carry_the_name_of_who_signed_in(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session(pb.SESSION_STATE_COMPLETED))
    body = {"reviewer": "Somebody else", "decision": "pass", "reason": "Clear."}
    decided = await gateway.client.post(f"/v1/sessions/{ID}/reviews", json=body, headers=bearer("reviewer"))
    assert decided.json()["review"]["reviewer"] == "reviewer"


async def test_a_browser_signs_in_and_out(gateway: RunningGateway) -> None:
    wrong = await gateway.client.post("/v1/sign-in", json={"key": "ias_nobody"})
    assert (wrong.status_code, reason(wrong)) == (401, "KEY_REFUSED")
    signed = await gateway.client.post("/v1/sign-in", json={"key": " ias_reader "})
    cookie = signed.headers["set-cookie"].lower()
    assert signed.status_code == 204
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "ias_reader" not in cookie
    assert (await gateway.client.get("/v1/me")).json() == {
        "sign_in": True,
        "name": "reader",
        "scopes": ["read"],
        "organisation": "default",
        "organisations": [],
    }
    assert (await gateway.client.get("/v1/sessions")).status_code == 200
    elsewhere = await gateway.client.post(f"/v1/sessions/{ID}:cancel", headers={"Sec-Fetch-Site": "cross-site"})
    assert (elsewhere.status_code, reason(elsewhere)) == (403, "ORIGIN_REFUSED")
    await gateway.client.post("/v1/sign-out")
    assert (await gateway.client.get("/v1/sessions")).status_code == 401
    forged = jwt.encode({"sub": "0" * 16, "aud": "browser", "exp": 9999999999}, "x" * 40, "HS256")
    gateway.client.cookies.set("interview_sign_in", forged)
    assert reason(await gateway.client.get("/v1/sessions")) == "TOKEN_REFUSED"


async def test_sessions_of_others_are_as_good_as_missing(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "objects", sign_in=True, session_access="owner") as gateway:
        for number, name in enumerate(("rina", "budi", "boss")):
            scopes = ["admin"] if name == "boss" else ["submit", "read"]
            gateway.orchestrator.keys[f"ias_{name}"] = pb.ApiKey(key_id=f"{number:016x}", name=name, scopes=scopes)
        interviews = [{"question": "Why?", "recordedVideoUrl": "https://example.org/a.mp4"}]
        body = {"candidate_name": "Siti", "interviews": interviews}
        made = await gateway.client.post("/upload_json", json=body, headers=bearer("rina"))
        path = f"/v1/sessions/{made.json()['session_id']}"
        codes = {n: (await gateway.client.get(path, headers=bearer(n))).status_code for n in ("rina", "budi", "boss")}
        assert codes == {"rina": 200, "budi": 404, "boss": 200}
        listed = await gateway.client.get("/v1/sessions", headers=bearer("budi"))
        assert listed.json()["sessions"] == []
        assert len((await gateway.client.get("/v1/sessions", headers=bearer("rina"))).json()["sessions"]) == 1


async def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "objects", rate_limit="3/minute") as gateway:
        codes = [(await gateway.client.get("/v1/sessions")).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        refused = await gateway.client.get("/v1/sessions")
        assert (reason(refused), refused.headers["retry-after"]) == ("RATE_LIMITED", "60")


class Issuer:
    """A sign-in server: discovery and keys."""

    def __init__(self) -> None:
        self.private = {"one": rsa.generate_private_key(65537, 2048)}
        self.asked, self.away = 0, False
        parts = {"do_GET": lambda request: self._get(request), "log_message": lambda *_: None}
        handler = type("Handler", (BaseHTTPRequestHandler,), parts)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def _get(self, request: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        if self.away:
            request.send_error(503)
            return
        body: dict[str, Any] = {"jwks_uri": f"{self.url}/keys"}
        if request.path == "/keys":
            body = {"keys": [self._public(kid) for kid in self.private]}
        request.send_response(200)
        request.end_headers()
        request.wfile.write(json.dumps(body).encode())

    def _public(self, kid: str) -> dict[str, Any]:
        key: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self.private[kid].public_key(), as_dict=True)
        return key | {"kid": kid, "use": "sig", "alg": "RS256"}

    def token(self, kid: str = "one", key: Any = None, algorithm: str = "RS256", **claims: Any) -> str:
        good = {"iss": self.url, "aud": "interviews", "sub": "7", "name": "Rina", "scope": "openid read",
                "exp": datetime.now(UTC) + timedelta(minutes=5)}  # fmt: skip
        return jwt.encode(good | claims, key or self.private[kid], algorithm, headers={"kid": kid})


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    with answering(made.server):
        yield made


async def test_tokens_of_the_company_s_sign_in(tmp_path: Path, issuer: Issuer) -> None:
    settings = {"sign_in": True, "oidc_issuer": issuer.url, "oidc_audience": "interviews"}
    async with running_gateway(tmp_path / "objects", **settings) as gateway:

        async def asked(token: str) -> httpx.Response:
            return await gateway.client.get("/v1/sessions", headers={"Authorization": f"Bearer {token}"})

        assert (await asked(issuer.token())).status_code == 200
        me = await gateway.client.get("/v1/me", headers={"Authorization": f"Bearer {issuer.token()}"})
        expected = {"sign_in": True, "name": "Rina", "scopes": ["read"], "organisation": "default", "organisations": []}
        assert me.json() == expected
        public = issuer.private["one"].public_key().public_numbers().n.to_bytes(256, "big")
        past = datetime.now(UTC) - timedelta(hours=1)
        for bad in (
            issuer.token(exp=past),
            issuer.token(aud="payroll"),
            issuer.token(iss="https://elsewhere"),
            issuer.token(key=public, algorithm="HS256"),
            issuer.token(key=rsa.generate_private_key(65537, 2048)),
            jwt.encode({"sub": "7"}, "", "none"),
            "rubbish",
        ):
            refused = await asked(bad)
            assert (refused.status_code, reason(refused)) == (401, "TOKEN_REFUSED"), bad
        assert (await asked(issuer.token(scope="openid"))).status_code == 403
        asked_before = issuer.asked
        issuer.private["two"] = rsa.generate_private_key(65537, 2048)
        for _ in range(3):  # unknown keys do not make the gateway ask again and again
            assert (await asked(issuer.token("two"))).status_code == 401
        assert issuer.asked == asked_before


async def test_claims_of_another_shape_give_no_scope(tmp_path: Path, issuer: Issuer) -> None:
    settings = {"sign_in": True, "oidc_issuer": issuer.url, "oidc_audience": "interviews"}
    async with running_gateway(tmp_path / "objects", **settings) as gateway:
        for scope in (7, [["read"], 7], {"read": True}, None):
            headers = {"Authorization": f"Bearer {issuer.token(scope=scope)}"}
            assert (await gateway.client.get("/v1/sessions", headers=headers)).status_code == 403, scope


@pytest.mark.parametrize("claimed", ["", "/"])
async def test_an_issuer_whose_name_ends_in_a_slash(tmp_path: Path, issuer: Issuer, claimed: str) -> None:
    settings = {"sign_in": True, "oidc_issuer": f"{issuer.url}/", "oidc_audience": "interviews"}
    async with running_gateway(tmp_path / "objects", **settings) as gateway:
        headers = {"Authorization": f"Bearer {issuer.token(iss=issuer.url + claimed)}"}
        assert (await gateway.client.get("/v1/sessions", headers=headers)).status_code == (200 if claimed else 401)


async def test_an_outage_of_the_sign_in_server_locks_nobody_out(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("gateway.access.company.provider.time.monotonic", lambda: now[0])
    known = provider.Provider(issuer.url)
    assert (await known.claims(issuer.token(), "interviews"))["name"] == "Rina"
    issuer.away = True
    now[0] += provider.KEYS_KEPT_S + 1
    for _ in range(3):
        asked = issuer.asked
        assert (await known.claims(issuer.token(), "interviews"))["name"] == "Rina"
    assert issuer.asked == asked, "asked again at every token"
    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):  # it may be good: nobody can say now
        await known.claims(issuer.token("two", key=issuer.private["one"]), "interviews")
    now[0] += provider.STALE_KEYS_KEPT_S
    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
        await known.claims(issuer.token(), "interviews")
    issuer.away = False
    now[0] += provider.LEAST_PAUSE_S + 1
    assert (await known.claims(issuer.token(), "interviews"))["name"] == "Rina"


def test_settings_that_would_not_protect() -> None:
    with pytest.raises(ValueError, match="GATEWAY_OIDC_AUDIENCE"):
        GatewaySettings(oidc_issuer="https://x", sign_in=True)
    with pytest.raises(ValueError, match="32 characters"):
        GatewaySettings.model_validate({"signing_key": "short"})
    with pytest.raises(ValueError, match="rate_limit"):
        GatewaySettings(rate_limit="many")
