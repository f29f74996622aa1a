"""Recordings as they come from phones, browsers and screen recorders, for the fake and the real model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from services.vision.model import VisionAnalyzer, VisionResult
from tests.contract.fakes.vision import FakeVision
from tests.support.faces import talking_portrait
from tests.support.media import lay_down, write_video
from tests.support.vision import analyzer

PORTRAIT = talking_portrait(())


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.model)])
def model(request: pytest.FixtureRequest) -> Iterator[VisionAnalyzer]:
    model: VisionAnalyzer = FakeVision() if request.param == "fake" else analyzer()
    yield model
    model.close()


@dataclass(frozen=True)
class Format:
    suffix: str
    codec: str
    pixels: str
    size_px: tuple[int, int]
    rate_hz: int


FORMATS = [
    Format(".mov", "png", "rgba", (481, 361), 10),  # alpha, odd size, 10 frames a second
    Format(".mkv", "ffv1", "yuv444p10le", (480, 360), 25),  # 10 bits
    Format(".mp4", "libx264", "yuv420p", (3840, 2160), 10),
    Format(".mp4", "libx264", "yuv420p", (480, 360), 60),
    Format(".mp4", "mpeg4", "yuv420p", (122, 92), 15),  # smaller than anything a face is found in
]


def recording(path: Path, made: Format, seconds: float = 1.0) -> Path:
    with av.open(str(path), "w") as output:
        stream = output.add_stream(made.codec, rate=made.rate_hz, pix_fmt=made.pixels)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = made.size_px
        for number in range(round(seconds * made.rate_hz)):
            picture = cv2.resize(PORTRAIT(number / made.rate_hz), made.size_px, interpolation=cv2.INTER_CUBIC)
            frame = av.VideoFrame.from_ndarray(np.asarray(picture, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, made.rate_hz)
            output.mux(stream.encode(frame.reformat(format=made.pixels)))
        output.mux(stream.encode(None))
    return path


def watched(model: VisionAnalyzer, path: Path) -> VisionResult:
    *_, last = model.analyze(path)
    assert isinstance(last, VisionResult)
    return last


@pytest.mark.parametrize("made", FORMATS, ids=lambda made: f"{made.codec}-{made.pixels}-{made.size_px[0]}")
def test_formats(model: VisionAnalyzer, made: Format, tmp_path: Path) -> None:
    found = watched(model, recording(tmp_path / f"a{made.suffix}", made))
    assert found.frame_count == made.rate_hz
    if isinstance(model, FakeVision):
        return
    assert (found.width_px, found.height_px) == made.size_px
    assert found.frame_rate_hz == pytest.approx(made.rate_hz, rel=0.05)
    assert found.duration_s == pytest.approx(1.0, abs=0.15)
    if made.size_px[0] > 200:
        assert found.face_present_ratio == 1.0


def test_a_browser_recording_without_duration_and_steady_rate(model: VisionAnalyzer, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    times_s = np.cumsum(np.append(0.0, random.uniform(0.02, 0.09, 40))).tolist()
    path = write_video(tmp_path / "a.webm", picture=PORTRAIT, times_s=times_s)
    found = watched(model, path)
    assert found.frame_count == len(times_s)
    assert found.duration_s == pytest.approx(times_s[-1], abs=0.15)


@pytest.mark.model
def test_a_phone_held_upright(tmp_path: Path) -> None:
    def lying(time_s: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return np.ascontiguousarray(np.rot90(PORTRAIT(time_s)))

    model = analyzer()
    upright = watched(model, lay_down(write_video(tmp_path / "a.mp4", 1.0, picture=lying)))
    model.close()
    assert (upright.width_px, upright.height_px) == (480, 360)
    assert upright.face_present_ratio == 1.0
