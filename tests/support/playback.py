"""A recording that can be played, made of the sample by the real encoder."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.playback.encoder import encode
from servicekit.media import MediaStore
from servicekit.wire import media_message

SAMPLE = Path(__file__).parents[2] / "sample"


@cache
def copy_of(name: str) -> tuple[bytes, str]:
    """The copy of a file of the sample, and its content type."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "playback.mp4"
        content_type = encode(SAMPLE / name, target)
        return target.read_bytes(), content_type


async def playable(store: MediaStore, session: pb.Session, index: int = 0, name: str = "answer_en.mp4") -> bytes:
    """Let an answer's recording be played; returns the copy."""
    content, content_type = await asyncio.to_thread(copy_of, name)
    written = await store.write(f"sessions/{session.session_id}/{index}/playback.mp4", content)
    session.answers[index].playback.CopyFrom(
        pb.Playback(state=pb.PLAYBACK_STATE_READY, media=media_message(written), content_type=content_type)
    )
    return content
