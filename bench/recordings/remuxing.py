"""Recordings made from others packet by packet: nothing is encoded again unless it says so."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
QUALITY = {"crf": "20"}
Move = Callable[[float], float | None]
"""From a packet's time to its new one, in seconds; None leaves it out."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A track of a file (`audio` or `video`), and where its packets go."""

    path: Path
    kind: str
    move: Move = lambda at_s: at_s


def remuxed(target: Path, *tracks: Taken) -> Path:
    """These tracks, in this order, in the container that the name asks for."""
    found: list[tuple[float, av.Packet[Any]]] = []
    with av.open(str(target), "w") as output:
        sources = [av.open(str(track.path)) for track in tracks]
        pairs = [
            (track, source, source.streams.get(**{track.kind: 0})[0])
            for track, source in zip(tracks, sources, strict=True)
        ]
        targets = [output.add_stream_from_template(stream) for _, _, stream in pairs]
        for (track, source, stream), new in zip(pairs, targets, strict=True):
            for packet in source.demux(stream):
                if packet.dts is None or packet.pts is None:
                    continue
                if (to_s := track.move(float(packet.dts * packet.time_base))) is not None:
                    shift = round((to_s - float(packet.dts * packet.time_base)) / packet.time_base)
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, new
                    found.append((to_s, packet))
        for _, packet in sorted(found, key=lambda pair: pair[0]):
            output.mux(packet)
        for source in sources:
            source.close()
    return target


def hurt(source: Path, target: Path, kind: str, at_s: float) -> Path:
    """The same bytes, with the packet of a kind at a time overwritten."""
    content = bytearray(source.read_bytes())
    with av.open(str(source)) as container:
        stream = container.streams.get(**{kind: 0})[0]
        for packet in container.demux(stream):
            if packet.pts is not None and packet.pos is not None and float(packet.pts * packet.time_base) >= at_s:
                content[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
                break
    target.write_bytes(content)
    return target


def joined(target: Path, parts: Iterable[Path]) -> Path:
    """Joined byte by byte, as people do with parts of a browser's recording."""
    target.write_bytes(b"".join(part.read_bytes() for part in parts))
    return target


def mirrored(source: Path, target: Path, width_px: int) -> Path:
    """With a display matrix that turns left and right round, as some front cameras write."""
    content = bytearray(source.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    content[matrix : matrix + 36] = struct.pack(">9i", -1 << 16, 0, 0, 0, 1 << 16, 0, width_px << 16, 0, 1 << 30)
    target.write_bytes(content)
    return target


def redrawn(source: Path, target: Path, draw: Callable[[Rgb], Rgb], pixel: Fraction = Fraction(1)) -> Path:
    """Every picture drawn anew and encoded again, the sound as it is."""
    pictures = target.with_suffix(".pictures.mp4")
    with av.open(str(source)) as opened, av.open(str(pictures), "w") as output:
        shown = opened.streams.video[0]
        height, width = draw(np.zeros((shown.height, shown.width, 3), np.uint8)).shape[:2]
        rate = shown.average_rate
        stream = output.add_stream("libx264", rate=rate, width=width, height=height, pix_fmt="yuv420p", options=QUALITY)
        stream.codec_context.sample_aspect_ratio = pixel
        for frame in opened.decode(video=0):
            drawn = av.VideoFrame.from_ndarray(
                draw(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)), format="rgb24"
            )
            drawn.pts, drawn.time_base = frame.pts, frame.time_base
            output.mux(stream.encode(drawn))
        output.mux(stream.encode(None))
    return remuxed(target, Taken(pictures, "video"), Taken(source, "audio"))
