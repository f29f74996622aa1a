from __future__ import annotations

from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from numpy.typing import NDArray

from servicekit.errors import ServiceError
from services.vision.picture.frames import Footage, frames
from tests.support.media import lay_down, noise, write_video
from tests.support.recordings import Pictures, every, write


def split(_time_s: float) -> NDArray[np.uint8]:
    """White on the left half, black on the right."""
    picture = np.zeros((120, 160, 3), np.uint8)
    picture[:, :80] = 255
    return picture


def test_frames_have_their_own_times(tmp_path: Path) -> None:
    times_s = [0.5, 0.54, 0.7, 1.9, 2.0]
    path = write_video(tmp_path / "a.webm", times_s=times_s)
    offsets = [frame.offset_s for frame in frames(path, long_side_px=640, threads=1)]
    assert offsets == pytest.approx([0, 0.04, 0.2, 1.4, 1.5], abs=0.002)
    with closing(Footage(path, long_side_px=640)) as footage:
        assert footage.duration_s >= 1.4


def test_pictures_are_made_smaller_but_never_larger(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", 0.2)
    small = next(frames(path, long_side_px=128, threads=1))
    same = next(frames(path, long_side_px=640, threads=1))
    assert small.rgb().shape == (96, 128, 3)
    assert same.rgb().shape == (120, 160, 3)
    assert same.luma().shape == (120, 160)


def test_brightness_of_ten_bits_is_made_smaller(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as output:
        stream = output.add_stream("ffv1", rate=5, width=1600, height=900, pix_fmt="yuv420p10le")
        stream.codec_context.thread_count = 1
        frame = av.VideoFrame.from_ndarray(np.full((900, 1600, 3), 200, np.uint8), format="rgb24")
        output.mux([*stream.encode(frame.reformat(format="yuv420p10le")), *stream.encode(None)])
    luma = next(frames(tmp_path / "a.mkv", long_side_px=640, threads=1)).luma()
    assert luma.shape == (720, 1280)
    assert luma.mean() == pytest.approx(200, abs=30)


def test_portrait_recordings_stand_upright(tmp_path: Path) -> None:
    path = lay_down(write_video(tmp_path / "a.mp4", 0.2, picture=split))
    frame = next(frames(path, long_side_px=640, threads=1))
    assert frame.size_px == (120, 160)
    for picture in (frame.rgb().mean(axis=2), frame.luma()):
        assert picture.shape == (160, 120)
        assert picture[:70].mean() > 200  # what was left is on top after a clockwise quarter turn
        assert picture[90:].mean() < 40


def test_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=48_000, layout="mono")
        cover = output.add_stream("mjpeg", rate=1, width=64, height=64, pix_fmt="yuvj420p")
        cover.disposition = Disposition.attached_pic
        output.mux(cover.encode(av.VideoFrame.from_ndarray(noise(0.0, (64, 64)), format="rgb24")))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 48_000
        output.mux([*sound.encode(silence), *sound.encode(None)])
    with pytest.raises(ServiceError) as caught:
        next(frames(path, long_side_px=640, threads=1))
    assert caught.value.reason == "NO_VIDEO_STREAM"


def test_a_file_that_ends_before_its_first_frame(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "a.webm", 1.0).read_bytes()
    (tmp_path / "b.webm").write_bytes(whole[:600])
    with pytest.raises(ServiceError) as caught:
        list(frames(tmp_path / "b.webm", long_side_px=640, threads=1))
    assert caught.value.reason == "MEDIA_UNREADABLE"


def test_the_track_that_shows_a_face_is_watched(tmp_path: Path) -> None:
    def screen(_time_s: float) -> NDArray[np.uint8]:
        return np.full((120, 160, 3), 90, np.uint8)

    path = write(tmp_path / "a.mkv", Pictures(every(4), screen), Pictures(every(4), split), Pictures(every(4), split))
    with closing(Footage(path, long_side_px=640)) as footage:
        footage.choose(lambda rgb: int(rgb.max() > 200))
        assert (footage.track.index, footage.track.count, footage.track.why) == (1, 3, "face")
        assert next(footage.frames()).rgb().max() > 200


def test_without_a_face_the_first_track_is_watched(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", Pictures(every(1), split), Pictures(every(1)))
    with closing(Footage(path, long_side_px=640)) as footage:
        footage.choose(lambda _rgb: 0)
        assert (footage.track.index, footage.track.why) == (0, "first")
        assert len(list(footage.frames())) == 25
