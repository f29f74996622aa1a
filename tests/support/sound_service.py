"""What both services that hear must hold to, whatever the request is called: shared by their contract tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest

from servicekit.errors import ServiceError, from_rpc_error
from servicekit.media import Media, MediaStore
from tests.support.media import write_video

Call = Callable[[Media], Awaitable[list[Any]]]


async def refused(call: Call, media: Media) -> ServiceError:
    """How a call that must fail has failed."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(media)
    return from_rpc_error(caught.value)


async def check_refusals(call: Call, store: MediaStore, folder: Path) -> None:
    """Every kind of unusable media has its own reason."""
    silent_film = await store.write_file("film.mp4", write_video(folder / "film.mp4", 1.0))
    text = await store.write("text.mp4", b"These are words, not sound.\n" * 40)
    empty = await store.write("empty.mp4", b"")
    for media, reason in (
        (silent_film, "NO_AUDIO_STREAM"),
        (text, "MEDIA_UNREADABLE"),
        (empty, "MEDIA_UNREADABLE"),
        (Media(store.uri("nowhere.mp4")), "MEDIA_NOT_FOUND"),
        (Media(silent_film.uri, silent_film.size_bytes, "0" * 64), "MEDIA_CORRUPT"),
        (Media("file:///etc/passwd"), "FIELD_INVALID"),
        (Media(""), "FIELD_INVALID"),
    ):
        assert (await refused(call, media)).reason == reason


def check_stream(messages: list[Any], model_fields: list[Any]) -> None:
    """One summary, last; progress rises within 0 to 1; models are named."""
    kinds = [m.WhichOneof("event") for m in messages]
    assert kinds.count("summary") == 1
    assert kinds[-1] == "summary"
    steps = [m.progress.fraction for m in messages if m.WhichOneof("event") == "progress"]
    assert steps
    assert steps == sorted(steps)
    assert 0 <= steps[0] <= steps[-1] <= 1
    assert all(m.name and m.version and len(m.sha256) == 64 and m.runtime for m in model_fields)


def without_times(messages: list[Any]) -> list[bytes]:
    """Messages as bytes, without progress and without what a call cost: both depend on the machine."""
    copies = []
    for message in messages:
        if message.WhichOneof("event") == "progress":
            continue
        copy = type(message)()
        copy.CopyFrom(message)
        if copy.WhichOneof("event") == "summary":
            copy.summary.ClearField("usage")
        copies.append(copy.SerializeToString(deterministic=True))
    return copies
