"""Keys that encrypt keys in AWS KMS and in HashiCorp Vault, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.database import open_engine
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, VaultSettings
from orchestrator.vault.rotation import Rotation
from orchestrator.vault.store import open_vault
from orchestrator.vault.wrapping.chosen import ChosenWrapping
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped
from servicekit.errors import ServiceError
from tests.support.gateway import serving
from tests.support.key_services import ACCESS_KEY, ARN, REGION, SECRET_KEY, Kms, Transit
from tests.support.rest import closed_port

SECRET, CONTEXT = bytes(range(32)), "sessions/a 0123"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def kms_settings(port: int, **more: Any) -> VaultSettings:
    return VaultSettings(
        INTERVIEW_KEY_SERVICE="aws-kms",
        INTERVIEW_KMS_KEY=more.pop("key", "alias/interview"),
        INTERVIEW_KMS_REGION=REGION,
        INTERVIEW_KMS_ENDPOINT=f"http://127.0.0.1:{port}",
        **more,
    )


def vault_settings(port: int, **more: Any) -> VaultSettings:
    return VaultSettings(
        INTERVIEW_KEY_SERVICE="vault",
        INTERVIEW_VAULT_URL=f"http://127.0.0.1:{port}",
        **({"INTERVIEW_VAULT_TOKEN": "hvs.test"} | more),
    )


@pytest.fixture(params=["kms", "vault"])
async def service(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Kms | Transit, VaultSettings]]:
    kind: Any = {"kms": (Kms, kms_settings), "vault": (Transit, vault_settings)}[request.param]
    server = kind[0]()
    async with serving(server.app()) as port:
        yield server, kind[1](port)


@pytest.fixture
async def wrapping(service: tuple[Any, VaultSettings]) -> AsyncIterator[KeyWrapping]:
    chosen = ChosenWrapping(service[1])
    yield chosen
    await chosen.close()


async def test_a_key_comes_back_in_its_own_context_only(service: tuple[Any, Any], wrapping: KeyWrapping) -> None:
    wrapped = await wrapping.wrap(SECRET, CONTEXT)
    assert SECRET not in wrapped.content
    assert wrapped.by in (f"aws-kms:{ARN}first", "vault:transit/interview:v1")
    assert await wrapping.unwrap(wrapped, CONTEXT) == SECRET
    with pytest.raises(UnwrapError):
        await wrapping.unwrap(wrapped, "sessions/b 0123")
    with pytest.raises(UnwrapError):
        await wrapping.unwrap(Wrapped(wrapped.by, wrapped.content[:-8] + b"AAAAAAA="), CONTEXT)
    assert {name.lower() for name, _ in service[0].calls} == {"encrypt", "decrypt"}


async def test_a_key_that_is_named_is_used_and_one_that_is_not_there_refused(
    service: tuple[Any, Any], wrapping: KeyWrapping
) -> None:
    name = f"{ARN}second" if isinstance(service[0], Kms) else "acme"
    wrapped = await wrapping.wrap(SECRET, CONTEXT, name)
    assert wrapped.by in (f"aws-kms:{ARN}second", "vault:transit/acme:v1")
    assert await wrapping.unwrap(wrapped, CONTEXT) == SECRET
    for unknown in ("nobodys", "../../sys"):
        with pytest.raises(ServiceError, match="cannot be used") as raised:
            await wrapping.wrap(SECRET, CONTEXT, unknown)
        assert raised.value.reason == "KEY_NAME_REFUSED"


async def test_a_key_in_a_file_has_no_name(tmp_path: Path) -> None:
    chosen = ChosenWrapping(VaultSettings(INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "keys")))
    with pytest.raises(ServiceError, match="Leave the name empty"):
        await chosen.wrap(SECRET, CONTEXT, "acme")


async def test_an_organisations_key_is_wrapped_anew_by_the_key_that_it_names(
    service: tuple[Any, VaultSettings], database: DatabaseSettings
) -> None:
    server, chosen = service
    name = f"{ARN}second" if isinstance(server, Kms) else "acme"
    store = SessionStore(open_engine(database))
    vault = open_vault(store._engine, chosen)
    made = await vault.organisation_keys.make("default", name, "key:1")
    key = await vault.make(f"sessions/{'a' * 32}")
    if isinstance(server, Transit):
        server.rotate()
    wrapping = ChosenWrapping(chosen)
    assert (await Rotation(store._engine, wrapping).rewrap()).done == 1
    fresh = open_vault(store._engine, chosen)
    again = await fresh.organisation_keys.current("default")
    assert again is not None
    assert again.wrapped != made.wrapped
    assert again.wrapped_by in (f"aws-kms:{ARN}second", "vault:transit/acme:v2")
    assert await fresh.find(f"sessions/{'a' * 32}") == key
    for opened in (wrapping, vault, fresh):
        await opened.close()
    await store.close()


async def test_the_service_is_not_asked_for_every_object(service: tuple[Any, Any], wrapping: KeyWrapping) -> None:
    wrapped = await wrapping.wrap(SECRET, CONTEXT)
    for _ in range(5):
        assert await wrapping.unwrap(wrapped, CONTEXT) == SECRET
    assert len(service[0].calls) == 2


@pytest.mark.parametrize("failure", [("AccessDeniedException", 403), ("KMSInvalidStateException", 503), ("x", 500)])
async def test_a_service_that_refuses_is_waited_for(
    service: tuple[Any, Any], wrapping: KeyWrapping, failure: tuple[str, int]
) -> None:
    wrapped = await wrapping.wrap(SECRET, CONTEXT)
    service[0].failing = failure[isinstance(service[0], Transit)]
    for call in (wrapping.wrap(SECRET, CONTEXT), wrapping.unwrap(wrapped, CONTEXT)):
        with pytest.raises(ServiceError, match="UPSTREAM_DOWN") as raised:
            await call
        assert raised.value.of_storage
    service[0].failing = type(service[0].failing)()
    assert await wrapping.unwrap(wrapped, CONTEXT) == SECRET


@pytest.mark.parametrize("settings", [kms_settings, vault_settings])
async def test_a_service_that_is_away_is_waited_for(settings: Any) -> None:
    with closed_port() as port:
        chosen = ChosenWrapping(settings(port))
    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
        await chosen.wrap(SECRET, CONTEXT)
    await chosen.close()


async def test_a_wrong_token_or_secret_is_refused_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    for server, settings in ((Kms(), kms_settings), (Transit(), vault_settings)):
        async with serving(server.app()) as port:
            more = {"INTERVIEW_VAULT_TOKEN": "wrong"} if isinstance(server, Transit) else {}
            chosen = ChosenWrapping(settings(port, **more))
            with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
                await chosen.wrap(SECRET, CONTEXT)
            await chosen.close()


async def test_a_token_in_a_file_may_change(tmp_path: Path) -> None:
    server, file = Transit(), tmp_path / "token"
    async with serving(server.app()) as port:
        chosen = ChosenWrapping(vault_settings(port, INTERVIEW_VAULT_TOKEN_FILE=str(file)))
        for token in ("hvs.one", "hvs.two"):
            server.token = token
            file.write_text(f"{token}\n")
            assert await chosen.wrap(SECRET, CONTEXT)
        await chosen.close()


async def test_rotation_there_and_from_a_file_to_there(
    service: tuple[Any, VaultSettings], database: DatabaseSettings, tmp_path: Path
) -> None:
    store = SessionStore(open_engine(database))
    file = tmp_path / "keys"
    before = open_vault(store._engine, VaultSettings(INTERVIEW_KEY_ENCRYPTION_FILE=str(file)))
    folders = [f"sessions/{i:032x}" for i in range(3)]
    keys = [await before.make(folder) for folder in folders]
    server, settings = service
    settings = settings.model_copy(update={"key_encryption_file": file})
    chosen = ChosenWrapping(settings)
    vault, rotation = open_vault(store._engine, settings), Rotation(store._engine, chosen)
    assert [await vault.find(folder) for folder in folders] == keys  # by the file, which is still there
    assert (await rotation.rewrap()).done == 3
    file.unlink()
    assert [await vault.find(folder) for folder in folders] == keys
    if isinstance(server, Transit):
        server.rotate()
    else:
        server.aliases["alias/interview"] = "second"
    assert (await rotation.rewrap()).done == 3
    assert (await rotation.rewrap()).done == 0
    if isinstance(server, Transit):
        server.versions.pop(1)
    else:
        server.keys.pop("first")
    anew = open_vault(store._engine, settings)
    assert [await anew.find(folder) for folder in folders] == keys
    for each in (chosen, vault, anew):
        await each.close()
    await store.close()


def test_a_service_needs_its_key() -> None:
    for name in ("aws-kms", "vault"):
        with pytest.raises(ValueError, match="needs INTERVIEW_"):
            VaultSettings(INTERVIEW_KEY_SERVICE=name)
