from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound, open_video, probe, write_flac
from servicekit.errors import ServiceError
from tests.support import media

SAMPLE = Path(__file__).resolve().parents[3] / "sample"


def test_probe_finds_what_is_there(tmp_path: Path) -> None:
    both = probe(media.write_video(tmp_path / "a.mp4", 1.0, with_audio=True))
    assert (both.has_audio, both.has_video) == (True, True)
    assert both.duration_s == pytest.approx(1.0, abs=0.1)
    assert not probe(media.write_video(tmp_path / "b.mp4", 1.0)).has_audio
    assert not probe(media.write_tone(tmp_path / "c.wav", 1.0)).has_video


def test_a_browser_recording_without_a_duration_has_one() -> None:
    assert probe(SAMPLE / "answer_id.webm").duration_s == pytest.approx(37.3, abs=0.2)


@pytest.mark.parametrize(
    "content", [b"", b"plain text\n" * 100, bytes(range(256)) * 50], ids=["empty", "text", "bytes"]
)
def test_what_is_no_media_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(content)
    with pytest.raises(ServiceError, match="MEDIA_UNREADABLE"):
        probe(path)


def test_a_name_decides_nothing(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "a.mp4", 1.0).rename(tmp_path / "notes.txt")
    assert probe(path).has_video


def test_a_missing_track_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="NO_AUDIO_STREAM"):
        decode_sound(media.write_video(tmp_path / "a.mp4", 1.0))
    with pytest.raises(ServiceError, match="NO_VIDEO_STREAM"):
        open_video(media.write_tone(tmp_path / "b.wav", 1.0))


def test_sound_keeps_level_and_length(tmp_path: Path) -> None:
    sound = decode_sound(media.write_tone(tmp_path / "a.wav", 1.0))
    assert sound.size == pytest.approx(SAMPLE_RATE_HZ, abs=200)
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.01)


def test_flac_holds_the_same_sound(tmp_path: Path) -> None:
    source = SAMPLE / "answer_en.mp4"
    seconds = write_flac(source, tmp_path / "a.flac")
    direct, through = decode_sound(source), decode_sound(tmp_path / "a.flac")
    assert seconds == pytest.approx(direct.size / SAMPLE_RATE_HZ)
    assert np.array_equal(direct, through)


def test_a_truncated_file_gives_what_it_holds_or_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes((SAMPLE / "answer_id.webm").read_bytes()[:400_000])
    assert 5 < probe(path).duration_s < 30
    assert decode_sound(path).size > 5 * SAMPLE_RATE_HZ
