"""Every call of the orchestrator, made for another organisation: taken from the contract, so that a new call is tried
by being there.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.api import ADMINISTRATION, AUDIT, IMPACT, JOBS, LETTERS, ORGANISATIONS, SERVICE, VAULT
from orchestrator.ownership import everybody
from orchestrator.settings import DatabaseSettings
from servicekit.errors import from_rpc_error
from servicekit.organisation import METADATA, VIEWER
from servicekit.settings import ServerSettings
from tests.contract.organisations.estate import Estate, estate_over, later, unknown
from tests.support.servers import ON_POSTGRESQL
from tests.support.serving import served

pytestmark = ON_POSTGRESQL

SERVICES = SERVICE, JOBS, LETTERS, IMPACT, AUDIT, ORGANISATIONS, ADMINISTRATION
"""All but `VaultService`, which only gateways call: it has a test of its own below."""

METHODS = [method for service in SERVICES for method in service.methods]
TEXTS = {
    "language_code": "id", "policy": "eu", "rubric": "software", "criterion": "quality", "page_token": "", "owner": "",
    "job_owner": "", "viewer_id": "", "author_id": "key:1", "sha256": "", "url": "https://example.org/a.mp4",
    "webhook_url": "", "secret": "", "query": "", "uri": "", "verified_email": "", "state": "", "kind": "verdict",
    "target": "x", "value": "Safe", "what": "result", "organisation_id": "charlie", "subject": "somebody",
    "confirm": "acme",
}  # fmt: skip
NUMBERS = {"rating": 3, "limit_s": 60, "thinking_s": 10, "revision": 1}
LISTS: dict[str, list[str]] = {
    "principals": [], "scopes": ["read"], "signals": ["paste"], "measured": ["paste"], "not_measured": ["page_left"],
}  # fmt: skip
OF_MESSAGES = {
    ("Characteristic", "name"): "sex", ("GroupAnswer", "characteristic"): "sex", ("GroupAnswer", "category"): "female",
    ("MakeEncryptionKeyRequest", "name"): "", ("SetSecretRequest", "secret"): "tulisan-rahasia-bravo",
    ("PageMark", "kind"): "paste", ("NewInvitation", "callback_url"): "https://example.org/told",
}  # fmt: skip
LEFT_OUT = {("Characteristic", "categories")}
"""Known ones are meant then."""

KNOWN_TO_ALL = {"ListPolicies", "ListRubrics", "ListJobTemplates"}
"""What belongs to nobody."""

ACROSS = {"SignInMember", "ListMemberships", "CreateOrganisation", "ListOrganisations"}
"""Who signs in is looked for everywhere and shown nothing but their own membership. Organisations are made and listed
by whoever runs the installation.
"""
OF_ITSELF = {"MakeEncryptionKey", "RemoveSecret", "DeleteEncryptionKey", "SetSecret"}
"""What names nothing but one's own organisation, and is answered otherwise the second time."""

NAMED_BY_CALLER = {"CreateSession": "session_id", "CreateLink": "link_id", "CreateInvitations": "invitation_id"}
"""What is made gets an id of the caller's, which must be a new one."""

EXPECTED = {"NO_RESULT", "EVIDENCE_NOT_OPENED", "NOTHING_TO_RETRY", "LAST_ADMIN", "TRANSCRIPT_NOT_FOUND",
            "LETTER_CHANGED", "ORGANISATION_KEY_EXISTS",
            "ENCRYPTION_OFF"}  # fmt: skip
"""What `acme` itself may be told of its own: the session has no result yet."""

_numbers = itertools.count()


@pytest.fixture
async def estate(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Estate]:
    async with estate_over(database, tmp_path, monkeypatch) as found:
        yield found


def request(method: MethodDescriptor, ids: dict[str, str]) -> Any:
    """A whole request that names these ids wherever one is asked for."""
    if method.name in NAMED_BY_CALLER:
        new = format(hash((method.name, ids["session_id"])) & (1 << 128) - 1 | 1 << 127, "032x")
        token = {"token_sha256": new * 2} if method.name != "CreateSession" else {}
        ids = ids | {NAMED_BY_CALLER[method.name]: new[:32]} | token
    if method.name == "GetReceipt":
        ids = ids | {"session_id": ids["deleted"]}
    made = GetMessageClass(method.input_type)()
    _fill(made, ids | {"email": f"budi{next(_numbers)}@example.org"})
    return made


def _fill(message: Message, ids: dict[str, str]) -> None:
    done, fields = set(), list[Any](message.DESCRIPTOR.fields)
    for field in sorted(fields, key=lambda found: found.name not in {*ids, "url"}):
        oneof = field.containing_oneof
        if oneof is not None and oneof.name in done:
            continue
        done.add(oneof.name if oneof is not None else "")
        _set(message, field, ids)


def _set(message: Message, field: FieldDescriptor, ids: dict[str, str]) -> None:
    if isinstance(message, Timestamp):
        message.FromDatetime(later())
    elif (message.DESCRIPTOR.name, field.name) in LEFT_OUT:
        return
    elif field.message_type is not None:
        _fill(getattr(message, field.name).add() if field.is_repeated else getattr(message, field.name), ids)
    elif field.type == FieldDescriptor.TYPE_STRING:
        known = TEXTS | {name: value for (kind, name), value in OF_MESSAGES.items() if kind == message.DESCRIPTOR.name}
        if field.is_repeated:
            getattr(message, field.name).extend(LISTS.get(field.name, ["read"]))
        else:
            setattr(message, field.name, ids.get(field.name, known.get(field.name, "Budi")))
    elif field.enum_type is not None and not message.DESCRIPTOR.name.startswith("List"):
        setattr(message, field.name, field.enum_type.values[1].number)
    elif field.name in NUMBERS:
        setattr(message, field.name, NUMBERS[field.name])


async def answer(
    channel: grpc.aio.Channel, method: MethodDescriptor, asked: Any, organisation: str, viewer: str = ""
) -> tuple[str, str, str]:
    """Code, reason and what was said or given."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    read, write = GetMessageClass(method.output_type).FromString, type(asked).SerializeToString
    metadata = ((METADATA, organisation), *([(VIEWER, viewer)] if viewer else []))
    try:
        if method.server_streaming:
            stream = channel.unary_stream(path, write, read)(asked, metadata=metadata)
            given = await stream.read()
            stream.cancel()
            if given is grpc.aio.EOF:
                return "OK", "", ""
        else:
            given = await channel.unary_unary(path, write, read)(asked, metadata=metadata)
    except grpc.aio.AioRpcError as error:
        failed = from_rpc_error(error)
        return failed.code.name, failed.reason, failed.message
    return "OK", "", str(given)


def methods() -> Iterator[MethodDescriptor]:
    """What ends something comes last."""
    ending = ("Delete", "Cancel", "Revoke", "Remove", "Archive")
    yield from sorted(METHODS, key=lambda method: method.name.startswith(ending))


async def test_no_call_shows_another_organisations_data(estate: Estate) -> None:
    before, nobodys = await estate.rows(), unknown(estate.ids)
    wrong: list[object] = []
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for method in methods():
            if method.name in ACROSS:
                continue
            theirs = await answer(channel, method, request(method, estate.ids), "bravo")
            nothing = await answer(channel, method, request(method, nobodys), "bravo")
            same = theirs[:2] == nothing[:2] and (theirs[0] == "OK" or theirs == nothing)
            if not same and method.name not in OF_ITSELF:
                wrong.append((method.name, theirs, nothing))
            if estate.told(theirs[2]) and method.name not in KNOWN_TO_ALL:
                wrong.append((method.name, "shows", theirs[2]))
    assert not wrong, "\n".join(map(str, wrong))
    after = await estate.rows()
    changed = {name: set(rows) - set(after[name]) for name, rows in before.items()}
    assert {name: rows for name, rows in changed.items() if any("acme" in row for row in rows)} == {}
    assert not changed["sessions"] | changed["answers"] | changed["jobs"] | changed["links"] | changed["comments"]


async def test_the_same_calls_reach_what_is_ones_own(estate: Estate) -> None:
    """Without this the test above might send what is refused for everybody."""
    wrong = []
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for method in methods():
            if method.name in ACROSS:
                continue
            code, reason, text = await answer(channel, method, request(method, estate.ids), "acme")
            if code != "OK" and reason not in EXPECTED:
                wrong.append((method.name, code, reason, text))
    assert not wrong, "\n".join(map(str, wrong))


async def test_an_organisation_that_is_not_there_is_served_nothing(estate: Estate) -> None:
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for method in methods():
            found = await answer(channel, method, request(method, estate.ids), "nobody")
            assert found[:2] == ("NOT_FOUND", "ORGANISATION_NOT_FOUND"), method.name


async def test_anothers_recording_cannot_be_handed_in_as_ones_own(estate: Estate) -> None:
    session_id = estate.ids["session_id"]
    method, media = SERVICE.methods_by_name["CreateSession"], estate.site.orchestrator.sessions._media
    asked = pb.CreateSessionRequest(candidate_name="Budi", language_code="id", policy="default")
    asked.answers.add(question="Apa?").media.uri = media.uri(f"sessions/{session_id}/0/upload/1")
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        code, reason, _ = await answer(channel, method, asked, "bravo")
        assert (code, reason) == ("INVALID_ARGUMENT", "FIELD_INVALID")
        assert (await answer(channel, method, asked, "acme"))[0] == "OK"


async def test_no_organisation_gets_or_destroys_the_key_of_anothers_session(estate: Estate) -> None:
    folder, said = f"sessions/{estate.ids['session_id']}", {}
    with everybody():
        await estate.site.orchestrator._vault._made(folder)
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for who in ("bravo", "acme"):
            for method in VAULT.methods:
                asked = GetMessageClass(method.input_type)(folder=folder)
                said[who, method.name] = await answer(channel, method, asked, who)
    assert said["acme", "GetDataKey"][2] == said["acme", "MakeDataKey"][2] != ""
    assert said["bravo", "GetDataKey"] == ("OK", "", "")
    assert {said["bravo", f"{name}DataKey"][1] for name in ("Make", "Destroy")} == {"KEY_IN_USE"}


async def test_without_a_name_calls_are_the_default_organisations(estate: Estate) -> None:
    async with served(estate.site.orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for method in (SERVICE.methods_by_name["ListSessions"], JOBS.methods_by_name["ListJobs"]):
            write, read = GetMessageClass(method.input_type).SerializeToString, GetMessageClass(method.output_type)
            path = f"/{method.containing_service.full_name}/{method.name}"
            given = await channel.unary_unary(path, write, read.FromString)(request(method, {}))
            assert str(given) == ""
        found = await answer(channel, SERVICE.methods_by_name["ListSessions"], pb.ListSessionsRequest(), "acme")
        assert "Siti Rahasia" in found[2]
