"""What a deletion leaves in copies of the object store: nothing that anybody can read. And where keys never go."""

from __future__ import annotations

import base64
import binascii
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from interview_client.verification import check_receipt
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.database import open_engine
from orchestrator.migrate import migrate
from orchestrator.organisations.store import OrganisationStore
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, VaultSettings, WorkerSettings
from orchestrator.vault.organisation_secrets import Kind
from orchestrator.vault.store import VaultStore, open_vault
from orchestrator.vault.wrapping.local import parse
from orchestrator.worker import build_workers, working
from orchestrator.workflows import ErasureWorkflow, SessionWorkflow
from orchestrator.workflows.inputs import ErasureInput, SessionInput
from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage.segments import HEADER_BYTES, DamagedError, DataKey, key_id, unseal
from services.judge.model import Accounts
from services.judge.panel import Panel
from tests.contract.fakes.judge import FakeChat
from tests.contract.judge.test_judge import panel
from tests.support.media import write_video
from tests.support.model_services import model_services
from tests.support.signing import signer
from tests.support.workflows import QUEUE, engine
from tests.unit.orchestrator.sessions.test_store import row

ENOUGH_TO_RATE_S = 12.0
"""A word a second, as the transcriber here hears it."""

ID, KEPT = row().id, row(1).id
KNOWN = (b"ftyp", b"moov", b"fLaC", b"\xff\xd8\xff", b"JFIF", b'"text"', b"transcript", b"Why?", b"{", b"Siti")
"""What recordings, sound, pictures and JSON begin with or hold; the shortest ones only count as a beginning."""


@dataclass(frozen=True, slots=True)
class System:
    """A worker, its database, object store, keys and engine."""

    folder: Path
    store: SessionStore
    vault: VaultStore
    media: MediaStore
    temporal: Client
    accounts: list[Accounts]
    """What the judge was given of an organisation's, call by call."""

    @property
    def objects(self) -> Path:
        return self.folder / "objects"

    def files(self, session_id: str, objects: Path | None = None) -> list[Path]:
        root = objects or self.objects
        found = [path for path in root.rglob("*") if path.is_file()]
        return sorted(path for path in found if session_id in path.as_posix())


@pytest.fixture
def rows(tmp_path: Path) -> DatabaseSettings:
    url = f"sqlite+aiosqlite:///{tmp_path / 'sessions.db'}"
    migrate(url)
    return DatabaseSettings(INTERVIEW_DATABASE_URL=url)


@pytest.fixture
async def system(rows: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[System]:
    monkeypatch.setenv("INTERVIEW_AUDIT_KEY_FILE", str(tmp_path / "audit.key"))
    monkeypatch.setenv("INTERVIEW_KEY_ENCRYPTION_FILE", str(tmp_path / "key-encryption.keys"))
    store = SessionStore(open_engine(rows))
    vault = open_vault(store._engine, VaultSettings())
    where = StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects"))
    media = MediaStore(where, keys=vault)
    settings = WorkerSettings(INTERVIEW_TASK_QUEUE=QUEUE)
    accounts: list[Accounts] = []

    def with_accounts(given: Accounts) -> Panel:
        accounts.append(given)
        return panel(FakeChat())

    # The services have no keys of their own: they get them with each call.
    async with (
        engine() as temporal,
        model_services(MediaStore(where), with_accounts) as services,
        working(build_workers(settings, temporal, store, media, services, vault.secrets)),
    ):
        yield System(tmp_path, store, vault, media, temporal, accounts)
    await store.close()


async def assessed(system: System, number: int, duration_s: float = 2.0) -> SessionInput:
    """A session from its upload to its published result."""
    session = row(number)
    await system.media.begin(f"sessions/{session.id}")
    video = write_video(system.folder / f"{number}.mp4", duration_s, with_audio=True)
    uploaded = await system.media.write_file(f"sessions/{session.id}/0/upload/1", video)
    session.candidate_name, session.answers[0].media = "Siti", asdict(uploaded)
    await system.store.create(session)
    asked = SessionInput(session.id, 1, 3600.0)
    await system.temporal.execute_workflow(SessionWorkflow.run, asked, id=f"session-{session.id}", task_queue=QUEUE)
    return asked


async def secret_of(system: System, session_id: str) -> DataKey:
    key = await system.vault.find(f"sessions/{session_id}")
    assert key is not None
    return key


async def test_a_copy_of_the_store_says_nothing_after_a_deletion(system: System) -> None:
    await assessed(system, 0)
    await assessed(system, 1)
    published = await system.store.existing(ID)
    assert published.state == "COMPLETED"
    assert {stage.state for stage in published.answers[0].stages} <= {"COMPLETED", "SKIPPED"}
    key = await secret_of(system, ID)
    assert b"transkripsi_en" in await system.media.read(system.media.uri(f"results/{ID}.json"))
    await system.media.write_file(f"sessions/{ID}/0/video", system.folder / "0.mp4")  # as if it were not cleaned up
    copy = system.folder / "copy"
    shutil.copytree(system.objects, copy)

    erasure = ErasureInput(ID)
    await system.temporal.execute_workflow(ErasureWorkflow.run, erasure, id=f"erase-{ID}", task_queue=QUEUE)

    receipt = json.loads(await Receipts(system.store).find(ID))
    assert check_receipt(receipt).faults == []
    assert receipt["encryption_keys"] == {"destroyed": 1, "key_ids": [key.id.hex()]}
    assert system.files(ID) == []
    left = system.files(ID, copy)
    names = {path.name for path in left}
    assert {f"{ID}.json", "video", "evidence.json", "transcript.json", "timeline.json"} <= names
    contents = {path: path.read_bytes() for path in left}
    for path, content in contents.items():
        assert key_id(content[:HEADER_BYTES]).hex() in receipt["encryption_keys"]["key_ids"]
        assert not [word for word in KNOWN if len(word) > 3 and word in content], path
        assert not content.startswith(KNOWN)
    for tried in await everything_left(system):
        for path, content in contents.items():
            with pytest.raises(DamagedError):
                unseal(content, tried, path.relative_to(copy).as_posix())
    shutil.copytree(copy, system.objects, dirs_exist_ok=True)  # somebody puts the copy back
    for path in left:
        with pytest.raises(ServiceError, match="KEY_MISSING"):
            await system.media.read(system.media.uri(path.relative_to(copy).as_posix()))
    assert b"transkripsi_en" in await system.media.read(system.media.uri(f"results/{KEPT}.json"))


async def everything_left(system: System) -> list[DataKey]:
    """Every key there still is, used as if it were the deleted session's."""
    secrets = [(await secret_of(system, KEPT)).secret, *parse((system.folder / "key-encryption.keys").read_text())]
    return [DataKey(b"", secret) for secret in secrets]


async def test_a_deleted_key_is_gone_from_the_databases_file(system: System) -> None:
    await system.media.begin(f"sessions/{ID}")
    await system.store.create(row())
    receipts = Receipts(system.store)
    key = await secret_of(system, ID)
    file = system.folder / "sessions.db"
    await receipts.expect(ID, [])
    await receipts.delete(ID, signer())
    await system.store.close()  # the write-ahead log is taken into the file
    assert key.id.hex().encode() in file.read_bytes()  # in the receipt, and nowhere else
    assert file.read_bytes().count(key.id.hex().encode()) == 1


async def test_no_key_is_in_a_history_or_a_log(system: System, capfd: pytest.CaptureFixture[str]) -> None:
    for kind, secret in ((Kind.DEEPL, "deepl-geheim-7:fx"), (Kind.HUGGINGFACE, "hf_geheim_8")):
        await system.vault.secrets.set("default", kind, secret, "key:1")
    session = await assessed(system, 0, ENOUGH_TO_RATE_S)
    assert set(system.accounts) == {Accounts("deepl-geheim-7:fx", "hf_geheim_8")}
    assert "geheim" not in repr(system.accounts)
    key = await secret_of(system, ID)
    histories = []
    async for execution in system.temporal.list_workflows():
        handle = system.temporal.get_workflow_handle(execution.id, run_id=execution.run_id)
        histories.append((await handle.fetch_history()).to_json())
    told = b"\n".join(everything(histories)) + "".join(capfd.readouterr()).encode()
    assert len(histories) >= 2  # of the session and of its answer
    assert f"sessions/{session.session_id}/0/upload/1".encode() in told  # references are there
    for hidden in (key.secret, key.secret.hex().encode(), base64.b64encode(key.secret), repr(key.secret).encode()):
        assert hidden not in told
    assert b"Siti" not in told
    assert b"geheim" not in told
    assert not [path for path in system.folder.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]


async def test_accounts_are_for_the_sessions_of_their_own_organisation(system: System) -> None:
    await OrganisationStore(system.store._engine).create("acme", "Acme")
    await system.vault.secrets.set("acme", Kind.DEEPL, "deepl-geheim-7:fx", "key:1")
    await assessed(system, 0, ENOUGH_TO_RATE_S)
    stages = {stage.name: stage.state for stage in (await system.store.existing(ID)).answers[0].stages}
    assert stages["evaluate"] == "COMPLETED"
    assert system.accounts == []


def everything(histories: list[str]) -> Iterator[bytes]:
    """Every text in histories, and what those are that are base64."""
    ahead: list[Any] = [json.loads(history) for history in histories]
    while ahead:
        match ahead.pop():
            case dict() as found:
                ahead += [*found.keys(), *found.values()]
            case list() as several:
                ahead += several
            case str() as text:
                yield text.encode()
                try:
                    yield base64.b64decode(text, validate=True)
                except binascii.Error:
                    continue


async def test_media_in_a_history_has_no_place_for_a_key() -> None:
    assert set(Media.__dataclass_fields__) == {"uri", "size_bytes", "sha256", "content_type"}
