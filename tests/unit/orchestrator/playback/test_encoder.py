"""The copy of a recording: small, upright, at the recording's own times, its index at the front."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.playback.canvas import Canvas
from orchestrator.playback.encoder import KEY_FRAME_S, SOUND, VIDEO, Stopped, encode
from servicekit.decoding import Picture
from servicekit.errors import ServiceError
from tests.support import media
from tests.support.recordings import Pictures, Sounds, every, spoken, write

GREY, WHITE = 60, 220


def lit(time_s: float) -> NDArray[np.uint8]:
    """A wide picture that is grey until the third second and white from then on."""
    return np.full((720, 1280, 3), GREY if time_s < 3 else WHITE, np.uint8)


def shown(path: Path) -> list[tuple[float, float]]:
    """Time and brightness of each picture."""
    with av.open(str(path)) as made:
        return [(float(f.time or 0.0), float(f.to_ndarray(format="gray").mean())) for f in made.decode(video=0)]


def test_it_is_small_and_its_pictures_keep_their_times(tmp_path: Path) -> None:
    source = media.write_video(tmp_path / "a.webm", 5.0, picture=lit, with_audio=True)
    target = tmp_path / "a.mp4"
    assert encode(source, target) == VIDEO
    with av.open(str(target)) as made:
        [stream], [sound] = made.streams.video, made.streams.audio
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 640, 360)
        assert (sound.codec_context.name, sound.rate) == ("aac", 48_000)
        keys = [float(p.pts * p.time_base) for p in made.demux(stream) if p.is_keyframe and p.pts is not None]
    assert keys[0] == 0.0
    assert np.diff(keys).max() <= KEY_FRAME_S + 0.05
    changed = next(time_s for time_s, light in shown(target) if light > (GREY + WHITE) / 2)
    assert changed == pytest.approx(3.0, abs=0.05)
    head = target.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")  # a player finds every place before it has the rest


def test_the_sound_is_heard_at_its_time(tmp_path: Path) -> None:
    late = np.concatenate([np.zeros(2 * 16_000, np.int16), media.tone(2.0)])
    target = tmp_path / "a.mp4"
    assert encode(media.write_sound(tmp_path / "a.flac", late), target) == SOUND
    with av.open(str(target)) as made:
        assert not made.streams.video
        heard = np.concatenate([f.to_ndarray()[0] for f in made.decode(audio=0)])
    loud = np.abs(heard) > 0.1
    assert loud.argmax() / 48_000 == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(("height", "width", "bordered"), [(640, 480, True), (480, 640, False), (720, 960, False)])
def test_a_picture_of_another_size_keeps_its_shape(height: int, width: int, bordered: bool) -> None:
    light = bytearray([WHITE] * (height * width) + [128] * (height * width // 2))
    picture = Picture(0.0, (width, height), (height, width), "yuv420p", 1, light)
    laid = Canvas(480, 360).laid(picture).to_ndarray(format="gray")
    assert laid.shape == (360, 480)
    assert laid[:, 240].mean() == pytest.approx(WHITE, abs=30)
    assert bool(laid[:, 10].mean() < GREY) == bordered


def test_the_picture_that_was_assessed_is_shown(tmp_path: Path) -> None:
    dark, bright = (lambda _t, light=light: np.full((120, 160, 3), light, np.uint8) for light in (20, WHITE))
    source = write(
        tmp_path / "two.mkv", Pictures(every(2.0), dark), Pictures(every(2.0), bright), Sounds([(0.0, spoken(2.0))])
    )
    for watched, light in ((0, 20), (1, WHITE), (None, 20), (7, 20)):
        target = tmp_path / f"{watched}.mp4"
        encode(source, target, watched=watched)
        assert np.mean([brightness for _, brightness in shown(target)]) == pytest.approx(light, abs=30)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no recording")
    with pytest.raises(ServiceError, match="MEDIA_UNREADABLE"):
        encode(tmp_path / "a.txt", tmp_path / "a.mp4")


def test_it_stops_when_nobody_wants_it(tmp_path: Path) -> None:
    source = media.write_video(tmp_path / "a.webm", 2.0)
    with pytest.raises(Stopped):
        encode(source, tmp_path / "a.mp4", stopped=lambda: True)
