"""Signing in at a real OpenID Connect provider, and every way in which that must not work."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.access import believed
from gateway.access.company.attempt import START, local_path
from orchestrator.organisations.members import MemberStore, Role
from orchestrator.ownership import acting_for
from orchestrator.settings import DatabaseSettings
from tests.contract.gateway.test_access import Issuer, issuer
from tests.support.gateway import running_gateway
from tests.support.hiring import SECRET
from tests.support.recruiting import orchestrator_over, recruiting
from tests.support.rest import closed_port
from tests.support.sign_in_server import SignInServer, through

__all__ = ["issuer"]
BEGIN = "/v1/sign-in/oidc"
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass(frozen=True, slots=True)
class Company:
    """A gateway, its sign-in server, and the members of `acme`."""

    client: httpx.AsyncClient
    members: MemberStore

    async def callback(self, login: str, back: str = "/jobs.html") -> str:
        """The address that the provider sends the browser back to."""
        begun = await self.client.get(BEGIN, params={"next": back})
        assert begun.status_code == 303
        async with httpx.AsyncClient() as provider:
            return await through(provider, begun.headers["location"], login)

    async def entered(self, login: str, back: str = "/jobs.html") -> str:
        """Where one is in the end."""
        return str((await self.client.get(await self.callback(login, back))).headers["location"])

    async def me(self) -> Any:
        return (await self.client.get("/v1/me")).json()


@asynccontextmanager
async def company_over(
    database: DatabaseSettings, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any
) -> AsyncIterator[Company]:
    monkeypatch.setattr(believed, "KEPT_S", 0.0)
    orchestrator = orchestrator_over(database, folder / "objects", monkeypatch, apart=True)
    for name in ("acme", "bravo"):
        await orchestrator._organisations.create(name, name.title())
    members = MemberStore(orchestrator._store._engine)
    with acting_for("acme"):
        await members.add("rina@acme.example", "", Role.RECRUITER)
    with closed_port() as port:
        server = SignInServer(port)
    settings = {"signing_key": SECRET, "sign_in": True} | server.settings | settings
    async with (
        recruiting(orchestrator, folder / "objects", **settings) as running,
        server.started(f"http://127.0.0.1:{running.port}"),
    ):
        yield Company(running.client, members)
    await orchestrator.close()


@pytest.fixture
async def company(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Company]:
    async with company_over(database, tmp_path, monkeypatch) as found:
        yield found


@ONE_DATABASE
async def test_a_member_signs_in_with_the_verified_address_and_out(company: Company) -> None:
    assert await company.entered("rina", "/job.html?id=1") == "/job.html?id=1"
    expected = {
        "sign_in": True,
        "name": "Rina Wulandari",
        "scopes": ["read", "review", "submit"],
        "organisation": "acme",
        "organisations": [],
    }
    assert await company.me() == expected
    assert (await company.client.get("/v1/jobs")).json()["jobs"] == []
    refused = await company.client.get("/v1/members")
    assert refused.status_code == 403
    with acting_for("acme"):
        [rina] = await company.members.all()
        assert (rina.subject, rina.signed_in_at is not None) == ("rina", True)
    out = (await company.client.post("/v1/sign-out")).json()["location"]
    asked = parse_qs(urlsplit(out).query)
    assert asked["post_logout_redirect_uri"][0].endswith("/sign-in.html")
    assert jwt.decode(asked["id_token_hint"][0], options={"verify_signature": False})["sub"] == "rina"
    assert (await company.client.get("/v1/jobs")).status_code == 401
    async with httpx.AsyncClient() as provider:
        page = await provider.get(out)
    assert "action=" in page.text  # it knows the client, and asks whether to sign out


async def chosen(company: Company, organisation: str) -> int:
    answer = await company.client.post("/v1/me/organisation", json={"organisation_id": organisation})
    return answer.status_code


@ONE_DATABASE
async def test_a_member_of_several_organisations_chooses_one(company: Company) -> None:
    with acting_for("bravo"):
        await company.members.add("rina@acme.example", "", Role.AUDITOR)
    assert await company.entered("rina", "/job.html?id=1") == "/sign-in.html?choose=1&next=%2Fjob.html%3Fid%3D1"
    me = await company.me()
    assert (me["organisation"], me["scopes"]) == ("acme", ["read", "review", "submit"])
    assert [place["organisation_id"] for place in me["organisations"]] == ["acme", "bravo"]
    assert await chosen(company, "bravo") == 204
    me = await company.me()
    assert (me["organisation"], me["scopes"], me["name"]) == ("bravo", ["audit"], "Rina Wulandari")
    assert (await company.client.get("/v1/jobs")).status_code == 403
    for request_of, scopes in (("acme", ["read", "review", "submit"]), ("bravo", ["audit"])):  # for one request
        found = (await company.client.get("/v1/me", headers={"Interview-Organisation": request_of})).json()
        assert (found["organisation"], found["scopes"]) == (request_of, scopes)
    refusals = []
    for foreign in ("default", "nobodys", "Not/an id"):  # one that is there, and two that are not
        assert await chosen(company, foreign) == 403
        refused = await company.client.get("/v1/me", headers={"Interview-Organisation": foreign})
        refusals.append((refused.status_code, refused.json()["error"]["message"]))
    assert set(refusals) == {(403, refusals[0][1])}
    assert (await company.me())["organisation"] == "bravo"
    with acting_for("bravo"):
        [rina] = await company.members.all()
        await company.members.add("boss@bravo.example", "", Role.ADMIN)
        await company.members.remove(rina.id)
    assert (await company.client.get("/v1/jobs")).status_code == 401  # whoever is removed is out
    assert await company.entered("rina") == "/jobs.html"  # nothing to choose any more


@ONE_DATABASE
async def test_the_cookies_are_for_this_site_alone(company: Company) -> None:
    begun = (await company.client.get(BEGIN)).headers["set-cookie"].lower()
    assert all(part in begun for part in ("httponly", "samesite=lax", "path=/v1/sign-in/oidc"))
    signed = await company.client.get(await company.callback("rina"))
    cookies = {line.partition("=")[0]: line.lower() for line in signed.headers.get_list("set-cookie")}
    for name in ("interview_sign_in", "interview_sign_out"):
        assert all(part in cookies[name] for part in ("httponly", "samesite=strict")), name
    assert "max-age=0" in cookies["interview_sign_in_attempt"]


@ONE_DATABASE
async def test_whoever_is_no_member_stays_out(company: Company) -> None:
    for login in ("nobody", "eve"):  # eve's address is Rina's, and not verified
        assert await company.entered(login) == "/sign-in.html?problem=NOT_A_MEMBER"
        assert (await company.client.get("/v1/jobs")).status_code == 401
    assert await company.entered("rina") == "/jobs.html"
    with acting_for("acme"):
        [rina] = await company.members.all()
        await company.members.add("boss@acme.example", "", Role.ADMIN)
        assert (await company.client.get("/v1/jobs")).status_code == 200
        await company.members.remove(rina.id)
    ended = await company.client.get("/v1/jobs")
    assert (ended.status_code, ended.json()["error"]["details"][0]["reason"]) == (401, "TOKEN_REFUSED")


@ONE_DATABASE
async def test_claims_name_organisation_and_role(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = {"oidc_organisation_claim": "organisation", "oidc_role_claim": "roles"}
    async with company_over(database, tmp_path, monkeypatch, **claims) as company:
        assert await company.entered("budi") == "/jobs.html"
        me = await company.me()
        assert (me["name"], me["scopes"], me["organisation"]) == ("Budi", ["read", "review"], "bravo")
        assert await company.entered("rina") == "/sign-in.html?problem=TOKEN_REFUSED"  # it names no organisation
        with acting_for("bravo"):
            [budi] = await company.members.all()
            assert (budi.subject, budi.role) == ("budi", "REVIEWER")


@ONE_DATABASE
async def test_an_answer_to_nobodys_question_signs_nobody_in(company: Company) -> None:
    callback = await company.callback("rina")
    state = parse_qs(urlsplit(callback).query)["state"][0]
    refused = "/sign-in.html?problem=TOKEN_REFUSED"
    forged = callback.replace(state, "forged")
    attempt = company.client.cookies["interview_sign_in_attempt"]
    stranger = httpx.AsyncClient(base_url=company.client.base_url)
    async with stranger:  # whoever is sent the address by somebody else has begun nothing
        assert (await stranger.get(callback)).headers["location"] == refused
    for address in (forged, callback.replace("iss=", "iss=https%3A%2F%2Fevil.example"), callback.split("?")[0]):
        company.client.cookies.clear()
        cookie = {"Cookie": f"interview_sign_in_attempt={attempt}"}
        assert (await company.client.get(address, headers=cookie)).headers["location"] == refused, address
    signed = await company.client.get(callback, headers={"Cookie": f"interview_sign_in_attempt={attempt}"})
    assert signed.headers["location"] == "/jobs.html"
    company.client.cookies.clear()
    again = await company.client.get(callback, headers={"Cookie": f"interview_sign_in_attempt={attempt}"})
    assert again.headers["location"] == refused, "a code is good once"
    assert "interview_sign_in=" not in again.headers["set-cookie"]


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\/evil", "javascript:1", "", "/a\nb", "/\t/x"],
)
def test_nobody_is_sent_to_another_site(wanted: str) -> None:
    assert local_path(wanted) == START
    assert local_path("/job.html?id=1#x") == "/job.html?id=1#x"


@dataclass(slots=True)
class Forger:
    """A sign-in server whose tokens a test chooses."""

    issuer: Issuer
    claims: dict[str, Any]
    key: Any = None
    nonce: str = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            url = self.issuer.url
            places = {name: f"{url}/{name}" for name in ("authorization_endpoint", "token_endpoint")}
            return httpx.Response(200, json=places | {"jwks_uri": f"{url}/keys"})
        if request.url.path == "/token_endpoint":
            token = self.issuer.token(key=self.key, **({"aud": "interviews", "nonce": self.nonce} | self.claims))
            return httpx.Response(200, json={"id_token": token, "access_token": "a"})
        return httpx.Response(200, json={"keys": [self.issuer._public(kid) for kid in self.issuer.private]})


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another attempt's"},
        {"nonce": None},
        {"aud": "payroll"},
        {"aud": ["interviews", "payroll"], "azp": "payroll"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {},
    ],
    ids=str,
)
async def test_a_token_that_is_not_this_attempts_signs_nobody_in(
    tmp_path: Path, issuer: Issuer, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any]
) -> None:
    from interview.organisations.v1 import organisations_service_pb2 as pb

    forger = Forger(issuer, claims, None if claims else rsa.generate_private_key(65537, 2048))
    real = httpx.AsyncClient

    def scripted(**more: Any) -> httpx.AsyncClient:
        return real(**more, transport=httpx.MockTransport(forger.answer))

    settings: dict[str, Any] = {"oidc_issuer": issuer.url, "oidc_client_id": "interviews", "signing_key": SECRET}
    async with running_gateway(tmp_path / "objects", sign_in=True, **settings) as gateway:
        member = pb.Member(member_id="a" * 16, organisation_id="default", subject="7", role=pb.ROLE_ADMIN)
        gateway.orchestrator.organisations.members["7"] = member
        monkeypatch.setattr("gateway.access.company.provider.httpx.AsyncClient", scripted)
        places = []
        for good in (False, True):
            begun = await gateway.client.get(BEGIN)
            asked = parse_qs(urlsplit(begun.headers["location"]).query)
            forger.nonce, forger.claims = asked["nonce"][0], {} if good else claims
            forger.key = None if good else forger.key
            answer = f"{BEGIN}/callback?code=1&state={asked['state'][0]}"
            places.append((await gateway.client.get(answer)).headers["location"])
        assert places == ["/sign-in.html?problem=TOKEN_REFUSED", START]
        assert json.loads((await gateway.client.get("/v1/me")).text)["scopes"] == ["admin"]
