"""Files that nobody would call a recording: made to hurt whoever opens them."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av

from torture.valid import KINDS, write

MP4_HEAD = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 512)
MKV_HEAD, MKV_CLUSTER = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"
UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
LISTS = {
    "itself.ffconcat": "ffconcat version 1.0\nfile itself.ffconcat\n",
    "passwords.ffconcat": "ffconcat version 1.0\nfile /etc/passwd\n",
    "concat-named.mp4": "ffconcat version 1.0\nfile mp4-libx264-aac.mp4\n",
    "playlist.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nmpegts-libx264-aac.ts\n#EXT-X-ENDLIST\n",
    "endless.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nendless.m3u8\n",
    "net.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "net.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    "files.mpd": '<?xml version="1.0"?><MPD><Period><BaseURL>mp4-libx264-aac.mp4</BaseURL></Period></MPD>',
    "reference.pls": "[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\n",
    "words.srt": "1\n00:00:00,000 --> 00:00:01,000\nHello\n",
    "words.txt": "I would rather not say.\n" * 500,
    "page.html": "<!doctype html><script>alert(1)</script>",
}


def crafted(folder: Path) -> Iterator[Path]:
    """Write them all; each has a name of its own."""
    for name, text in LISTS.items():
        yield _written(folder, name, text.encode())
    for name, content in _bytes().items():
        yield _written(folder, name, content)
    for name, make in FROM_VALID.items():
        yield _written(folder, name, make(_valid(folder, name)))
    yield _many_tracks(folder / "many-tracks.mkv")


def _bytes() -> dict[str, bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.mp4", bytes(64 << 20))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "nothing.mp4": b"",
        "one-byte.webm": b"\x1a",
        "zeros.mkv": bytes(1 << 20),
        "ones.avi": b"\xff" * (1 << 20),
        "bomb.zip": packed.getvalue(),
        "bomb.mp4.gz": gzip.compress(bytes(64 << 20)),
        "bomb.svg": f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]><svg>&l9;</svg>'.encode(),
        "only-its-head.mp4": MP4_HEAD,
        "nested-atoms.mp4": _nested_atoms(2_000),
        "endless-atom.mp4": MP4_HEAD + struct.pack(">I4sQ", 1, b"moov", 1 << 62),
        "endless-cluster.mkv": MKV_HEAD + UNKNOWN_SIZE + MKV_CLUSTER + UNKNOWN_SIZE,
        "no-rate.wav": _wave(rate_hz=0),
        "fastest.wav": _wave(rate_hz=0xFFFFFFFF),
        "one-hertz-for-11-hours.wav": _wave(rate_hz=1, samples=40_000),
        "one-hertz-for-days.wav": _wave(rate_hz=1, samples=1_000_000),
        "channels.wav": _wave(channels=0xFFFF),
        "no-channel.wav": _wave(channels=0),
        "wide-samples.wav": _wave(bits=0xFFFF),
        "larger-than-it-is.wav": _wave(said=0xFFFFFFF0),
        "huge-tag.mp3": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(4_096),
        "huge-metadata.flac": b"fLaC" + b"\x84\xff\xff\xff" + bytes(4_096),
        "blocks.flac": b"fLaC" + (b"\x04\x00\x00\x08" + bytes(8)) * 50_000,
        "frames.amr": b"#!AMR\n" + bytes([0x04]) * 200_000,
    }  # fmt: skip


def _wave(
    rate_hz: int = 48_000, channels: int = 1, bits: int = 8, samples: int = 4_000, said: int | None = None
) -> bytes:
    """A WAV whose header says this, and which says to have `said` bytes of sound."""
    wide = min(0xFFFF, channels * max(1, bits // 8))
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, min(0xFFFFFFFF, rate_hz * wide), wide, bits)
    size = struct.pack("<I", samples if said is None else said)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + size
    return b"RIFF" + struct.pack("<I", len(body) + samples) + body + b"\x80" * samples


def _nested_atoms(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = struct.pack(">I4s", len(content) + 8, b"moov") + content
    return MP4_HEAD + content


def _valid(folder: Path, name: str) -> bytes:
    """A recording of the kind that a name ends with."""
    found = next(kind for kind in KINDS if kind.ending == name.rpartition(".")[2])
    path = folder / found.name
    return (path if path.exists() else write(folder, found)).read_bytes()


def _huge_pixels(content: bytes) -> bytes:
    """In the description of its pictures, which is where decoders look."""
    entry = re.search(b"stsd.{12}", content, re.S)
    at = entry.end() if entry else 0
    return content[: at + 28] + struct.pack(">HH", 65_000, 65_000) + content[at + 32 :]


def _growing_picture(content: bytes) -> bytes:
    at = content.index(b"\x00\x00\x01\xb3")  # sequence headers of MPEG-1: 12 bits of width, 12 of height
    return content.replace(content[at : at + 7], content[at : at + 4] + b"\xff\xff\xff")


def _number_after(name: bytes, offset: int, number: int) -> Callable[[bytes], bytes]:
    """The number of 4 bytes at `offset` after an atom's name replaced, in every such atom."""

    def changed(content: bytes) -> bytes:
        found = bytearray(content)
        for each in re.finditer(name, content):
            found[each.end() + offset : each.end() + offset + 4] = struct.pack(">I", number)
        return bytes(found)

    return changed


def _far_clusters(content: bytes) -> bytes:
    """A Matroska file's clusters again, hours later: stamps of clusters are the element E7."""
    body = content[content.index(b"\x1f\x43\xb6\x75") :]
    later = body.replace(b"\xe7\x81\x00", b"\xe7\x84" + struct.pack(">I", 3_600_000)[:4])
    return content + later


FROM_VALID: dict[str, Callable[[bytes], bytes]] = {
    "huge-pixels.mp4": _huge_pixels,
    "huge-pixels.mov": _huge_pixels,
    "growing.mpg": _growing_picture,
    "endless-media.mp4": _number_after(b"mdhd", 16, 0xFFFFFFFF),
    "endless-film.mp4": _number_after(b"mvhd", 16, 0xFFFFFFFF),
    "no-time-scale.mp4": _number_after(b"mdhd", 12, 0),
    "endless-frames.mp4": _number_after(b"stts", 12, 0x7FFFFFFF),
    "endless-steps.mp4": _number_after(b"stts", 4, 0x0FFFFFFF),
    "endless-sizes.mp4": _number_after(b"stsz", 8, 0x7FFFFFFF),
    "endless-chunks.mp4": _number_after(b"stco", 4, 0x0FFFFFFF),
    "large-steps.mp4": _number_after(b"stts", 12, 600_000),
    "edited-away.mp4": _number_after(b"elst", 12, 0x7FFFFFFF),
    "far-clusters.mkv": _far_clusters,
    "joined-fifty-times.ts": lambda content: content * 50,
    "joined-fifty-times.mp3": lambda content: content * 50,
    "joined-hundred-times.ogg": lambda content: content * 100,
    "behind-garbage.mp4": lambda content: bytes(100_000) + content,
    "two-in-one.mp4": lambda content: content + content,
}


def _many_tracks(path: Path) -> Path:
    with av.open(str(path), "w", format="matroska") as output:
        streams = [output.add_stream("pcm_s16le", rate=8_000, layout="mono") for _ in range(100)]
        for stream in streams:
            packet = av.Packet(bytes(320))
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 8_000)
            output.mux(packet)
    return path


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
