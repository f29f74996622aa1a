"""Strangers' files are opened in a process that can do nothing else, and whose end is theirs alone."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import probe
from servicekit.errors import ServiceError
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
