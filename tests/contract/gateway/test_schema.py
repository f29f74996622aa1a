"""Requests made from the API's own description: no fault of ours, no answer that is not described."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from gateway.app import create_app
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from servicekit.media import MediaStore
from servicekit.wire import media_message
from tests.support.gateway import running_gateway
from tests.support.recorded import ID, RESULT, recorded_session

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
EXAMPLES = 12
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


def described() -> dict[str, Any]:
    """The API's description."""
    configured = GatewaySettings()
    return create_app(configured, MediaStore(configured), cast(Sessions, None)).openapi()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A gateway with one finished session, in a thread of its own."""
    ready, ended, found = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with running_gateway(tmp_path_factory.mktemp("objects")) as gateway:
            session = recorded_session()
            media = await gateway.store.write(f"results/{ID}.json", json.dumps(RESULT).encode())
            session.result.CopyFrom(media_message(media))
            gateway.orchestrator.put(session)
            found.append(f"http://127.0.0.1:{gateway.port}")
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    yield found[0]
    ended.set()
    thread.join()


OPERATIONS = {
    found.ok().label: found.ok()
    for found in schemathesis.openapi.from_dict(described()).get_all_operations()
    if isinstance(found, Ok) and not found.ok().path.endswith("/events")  # never ends while a session runs
}
Case = Any  # schemathesis.Case[...], whose parameters are its own affair


@pytest.mark.parametrize("label", OPERATIONS)
def test_nothing_breaks_and_nothing_is_undescribed(address: str, label: str) -> None:
    @given(case=OPERATIONS[label].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(case: Case) -> None:
        if "session_id" in case.path_parameters and len(case.path_parameters["session_id"]) % 2:
            case.path_parameters["session_id"] = ID
        case.call_and_validate(base_url=address, checks=CHECKS)

    ask()
