"""Strangers' files are opened in a process that can do nothing else, and whose end is theirs alone."""

from __future__ import annotations

import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import PictureReader, decode_sound, probe
from servicekit.errors import ServiceError
from servicekit.recording import process
from servicekit.recording.limits import DEFAULT, Limits
from tests.support import media
from tests.support.recordings import Pictures, Sounds, every, hum, write


def refused(path: Path, limits: Limits = DEFAULT) -> str:
    """Why a file is not read."""
    with pytest.raises(ServiceError) as caught:
        probe(path, limits)
    assert caught.value.reason == "MEDIA_UNREADABLE"
    return caught.value.message


LISTS: dict[str, Callable[[Path], str]] = {
    "itself.ffconcat": lambda good: "ffconcat version 1.0\nfile itself.ffconcat\n",
    "other.ffconcat": lambda good: f"ffconcat version 1.0\nfile {good.name}\n",
    "list.m3u8": lambda good: f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{good.name}\n#EXT-X-ENDLIST\n",
    "net.m3u8": lambda good: "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "data.m3u8": lambda good: "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\ndata:text/plain,a\n#EXT-X-ENDLIST\n",
    "a.sdp": lambda good: "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    "a.mpd": lambda good: f'<?xml version="1.0"?><MPD><Period><BaseURL>{good.name}</BaseURL></Period></MPD>',
    "subtitles.srt": lambda good: "1\n00:00:00,000 --> 00:00:01,000\nHello\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_file_that_names_other_files_never_opens(tmp_path: Path, name: str) -> None:
    good = media.write_tone(tmp_path / "good.wav", 1.0)
    path = tmp_path / name
    path.write_text(LISTS[name](good))
    assert "no media file" in refused(path)


def test_pictures_over_the_limit_are_refused_before_one_is_decoded(tmp_path: Path) -> None:
    def large(_time_s: float) -> NDArray[np.uint8]:
        return np.zeros((480, 640, 3), np.uint8)

    path = write(tmp_path / "a.mov", Pictures(every(0.2), large))
    message = refused(path, replace(DEFAULT, max_pixels=640 * 480 - 1))
    assert "640 x 480" in message
    assert "export it at" in message
    assert probe(path, replace(DEFAULT, max_pixels=640 * 480)).has_video


def test_a_picture_that_grows_beyond_the_limit_on_the_way_is_not_decoded(tmp_path: Path) -> None:
    small = write(tmp_path / "a.mov", Pictures(every(0.4), codec="mjpeg"))
    large = 2 * (8192).to_bytes(2)
    content = re.sub(b"(\xff\xc0...).{4}", lambda found: found[1] + large, small.read_bytes(), flags=re.S)
    small.write_bytes(content)
    assert "can be decoded" in refused(small)


def test_too_many_tracks_and_packets_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", *[Sounds([(0.0, hum(1))]) for _ in range(4)])
    assert "4 tracks" in refused(path, replace(DEFAULT, max_tracks=3))
    assert "packets" in refused(path, replace(DEFAULT, max_packets=100))


def test_days_of_recording_are_refused_before_they_become_silence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", Sounds([(hours * 3600.0, hum(1)) for hours in (0, 5, 10, 15)], codec="flac"))
    assert "15 hours" in refused(path)


def test_a_megabyte_that_lasts_for_days_is_refused_before_all_of_it_is_read(tmp_path: Path) -> None:
    """At one sample a second every byte is a packet: reading a megabyte of them took over a minute."""
    rate_hz, samples = 1, 200_000
    form = struct.pack("<HHIIHH", 1, 1, rate_hz, rate_hz, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", samples)
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + samples) + body + b"\x80" * samples)
    assert "longer than 12 hours" in refused(path, replace(DEFAULT, max_packets=60_000))


def ending(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program decode."""
    monkeypatch.setattr(process, "PROGRAM", program)


@pytest.mark.parametrize("end", ["os.abort()", "os.kill(os.getpid(), 11)", "sys.exit(3)", "os.write(1, b'x' * 100)"])
def test_a_crash_is_the_files_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    ending(monkeypatch, f"import os, sys; {end}")
    with pytest.raises(ServiceError) as caught:
        decode_sound(media.write_tone(tmp_path / "a.wav", 1.0))
    assert caught.value.reason == "MEDIA_UNREADABLE"
    assert not caught.value.retryable


def test_a_process_that_somebody_else_ended_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(ServiceError) as caught:
        probe(media.write_tone(tmp_path / "a.wav", 1.0))
    assert caught.value.retryable


def test_a_process_that_stands_still_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, "import time; time.sleep(600)")
    assert "could be decoded for" in refused(media.write_tone(tmp_path / "a.wav", 1.0), replace(DEFAULT, silent_s=0.2))


def test_processor_time_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "from servicekit.recording import child; child.read = lambda *_: [0 for _ in iter(int, 1)]; child.run()"
    ending(monkeypatch, body)
    assert "processor time" in refused(media.write_tone(tmp_path / "a.wav", 1.0), replace(DEFAULT, cpu_s=1))


def test_memory_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "from servicekit.recording import child; child.read = lambda *_: bytearray(1 << 40); child.run()"
    ending(monkeypatch, body)
    assert "memory" in refused(media.write_tone(tmp_path / "a.wav", 1.0))


def test_a_reader_that_is_left_leaves_no_process(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Pictures(every(4)))
    with closing(PictureReader(path)) as reader:
        next(reader.pictures())
        started = reader._process._process
        assert started.poll() is None
    assert started.returncode is not None


ATTEMPTS = {
    "open a file": "open('/etc/hostname')",
    "write a file": "open('/tmp/never-written', 'w')",
    "use the network": "socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)",
    "start a program": "os.execv('/bin/true', ['true'])",
    "end a process": "os.kill(os.getppid(), 0)",
    "raise its limits": "resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_process_can_do_nothing_else(attempt: str) -> None:
    program = f"""
import os, resource, socket, sys
from servicekit.recording import jail
from servicekit.recording.limits import DEFAULT
filtered = jail.enter(DEFAULT)
try:
    {ATTEMPTS[attempt]}
except (OSError, ValueError) as error:
    os.write(1, b"refused")
os.write(1, b"" if filtered else b" unfiltered")
"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", program, port], capture_output=True, check=False, env=_paths())
    assert done.stdout == b"refused", (attempt, done.stdout, done.stderr[-300:])


def test_nothing_of_the_environment_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_S3_SECRET_ACCESS_KEY", "secret")
    ending(monkeypatch, "import os; assert 'secret' not in os.environ.values(); os.kill(os.getpid(), 9)")
    with pytest.raises(ServiceError) as caught:
        probe(media.write_tone(tmp_path / "a.wav", 1.0))
    assert caught.value.retryable  # it came as far as the last statement


def _paths() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
