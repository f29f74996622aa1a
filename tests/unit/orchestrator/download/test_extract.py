"""What `prepare` does with a file, before anything of it is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.activities.recording import extract
from servicekit.decoding import MediaProbe, decode_sound
from servicekit.errors import ServiceError, field_invalid
from servicekit.recording.limits import DEFAULT
from tests.support.recordings import Pictures, Sounds, every, hum, hurt, write


def accept(_found: MediaProbe) -> None:
    """Refuse nothing."""


def test_the_sound_is_written_on_the_recordings_clock_and_its_losses_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Pictures(every(5)), Sounds([(2.0, hum(3))]))
    found = extract(path, tmp_path / "sound.flac", accept, DEFAULT)
    assert found.missing is not None
    assert [(round(s.start_s, 1), round(s.end_s, 1)) for s in found.missing] == [(0.0, 2.0)]
    sound = decode_sound(tmp_path / "sound.flac")
    assert abs(sound[: 16_000 * 19 // 10]).max() < 1e-3
    assert abs(sound[16_000 * 21 // 10 :]).max() > 0.2
    assert found.probe.duration_s == pytest.approx(5.0, abs=0.1)


def test_a_refused_recording_leaves_no_sound(tmp_path: Path) -> None:
    def refuse(found: MediaProbe) -> None:
        raise field_invalid("video", f"{found.duration_s:.0f} s")

    path = write(tmp_path / "a.mp4", Pictures(every(2)), Sounds([(0.0, hum(2))]))
    with pytest.raises(ServiceError, match="FIELD_INVALID"):
        extract(path, tmp_path / "sound.flac", refuse, DEFAULT)
    assert not (tmp_path / "sound.flac").exists()


def test_a_recording_without_sound_has_none(tmp_path: Path) -> None:
    found = extract(write(tmp_path / "a.mp4", Pictures(every(1))), tmp_path / "sound.flac", accept, DEFAULT)
    assert found.missing is None
    assert found.probe.has_video


def test_a_damaged_packet_does_not_end_the_sound(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.mp4", Pictures(every(5)), Sounds([(0.0, hum(5))]))
    found = extract(hurt(whole, "audio", 1.0), tmp_path / "sound.flac", accept, DEFAULT)
    assert found.missing is not None
    assert len(found.missing) == 1
    assert decode_sound(tmp_path / "sound.flac").size / 16_000 == pytest.approx(4.97, abs=0.1)
