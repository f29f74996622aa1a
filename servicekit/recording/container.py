"""Opening a recording: only formats in which people record, and only as much as the limits allow."""

from __future__ import annotations

import os

import av
from av.stream import Disposition

from servicekit.recording.limits import Limits, Refused

FORMATS = "mov,matroska,avi,wav,w64,flac,ogg,mp3,aac,mpegts,mpeg,flv,asf,aiff,caf,amr"
"""FFmpeg's demuxers that read one file and nothing else. Lists that name other files (`concat`, `hls`, `dash`, `sdp`,
`imf`) and those that read devices or text are not among them."""
PROTOCOLS = "fd"
"""The file that is open already; no path, address or `data:` is followed."""


def opened(file: int, limits: Limits) -> av.container.InputContainer:
    """Open the file behind the descriptor `file` from its start; a context manager. Raises `Refused`.

    One container at a time: all share the descriptor's position.
    """
    os.lseek(file, 0, os.SEEK_SET)
    if not os.fstat(file).st_size:
        raise Refused("it is empty")
    options = {"fd": str(file), "protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
    options |= {"max_streams": str(8 * limits.max_tracks), "max_pixels": str(limits.max_pixels)}
    try:
        container = av.open("fd:", options=options, metadata_errors="ignore")
    except MemoryError:
        raise
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise Refused(f"it is damaged or no media file ({type(error).__name__})") from None
    try:
        _check(container, limits)
    except Refused:
        container.close()
        raise
    return container


def tracks(container: av.container.InputContainer) -> list[av.AudioStream | av.VideoStream]:
    """Its sound and picture tracks in the file's order; the cover of a sound file is no picture."""
    found: list[av.AudioStream | av.VideoStream] = []
    for stream in container.streams:
        if isinstance(stream, av.AudioStream) or (
            isinstance(stream, av.VideoStream) and not stream.disposition & Disposition.attached_pic
        ):
            found.append(stream)
    return found


def ready(stream: av.AudioStream | av.VideoStream, limits: Limits, threads: int = 1) -> bool:
    """Make a track's decoder ready; False where there is none for it."""
    context = stream.codec_context
    if context is None:
        return False
    context.thread_count = threads
    if isinstance(stream, av.VideoStream):  # a stream may turn out larger than its header says
        context.options = {"max_pixels": str(limits.max_pixels)}
    try:
        context.open(strict=False)
    except (av.error.FFmpegError, ValueError):
        return False
    return True


def _check(container: av.container.InputContainer, limits: Limits) -> None:
    if len(container.streams) > limits.max_tracks:
        raise Refused(
            f"it has {len(container.streams)} tracks and at most {limits.max_tracks} are read; "
            "export it with one picture and one sound track"
        )
    for stream in container.streams.video:
        context = stream.codec_context
        if context is not None and context.width * context.height > limits.max_pixels:
            raise Refused(
                f"its picture has {context.width} x {context.height} pixels and at most "
                f"{limits.max_pixels / 1e6:.1f} million are read; export it at 1920 x 1080"
            )
