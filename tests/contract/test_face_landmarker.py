"""The picture analyzer's own library on made pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker as LibraryLandmarker
from mediapipe.tasks.python.vision import FaceLandmarkerOptions, RunningMode
from numpy.typing import NDArray

from servicekit.weights.resolver import resolve
from services.vision.faces.face_landmarker import FaceLandmarker, Weights
from services.vision.model import EventKind, Still, VisionAnalyzer, VisionEvent
from services.vision.settings import Settings
from tests.support.faces import talking_portrait
from tests.support.media import write_video
from tests.support.vision import analyzer


@pytest.fixture(scope="module")
def real_model() -> Iterator[VisionAnalyzer]:
    model = analyzer()
    yield model
    model.close()


@pytest.mark.model
class TestFaceLandmarker:
    def test_finds_made_blinks(self, real_model: VisionAnalyzer, tmp_path: Path) -> None:
        closed_at_s = (1.5, 2.6, 3.7, 4.3)
        path = write_video(tmp_path / "a.mp4", 5.5, picture=talking_portrait(closed_at_s))
        found = [event for event in events(real_model, path) if event[0] == "BLINK"]
        assert [round(peak_s, 1) for _, peak_s, _ in found] == pytest.approx(list(closed_at_s), abs=0.1)

    def test_what_is_read_from_a_picture_is_what_the_library_reads(self) -> None:
        weights = Weights.read(resolve("face-landmarker", Settings().model_dir).main_file)
        picture = talking_portrait(())(0.0)
        options = FaceLandmarkerOptions(
            BaseOptions(model_asset_buffer=weights.landmarker),
            RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        with FaceLandmarker(weights) as ours, LibraryLandmarker.create_from_options(options) as theirs:
            face, found = ours.face(picture), theirs.detect_for_video(Image(ImageFormat.SRGB, picture), 4000)
        assert face is not None
        points = np.array([(p.x * 480, p.y * 360, p.z * 480) for p in found.face_landmarks[0]])
        looks = {s.category_name: s.score for s in found.face_blendshapes[0] if "Look" in s.category_name}
        assert np.array_equal(face.points, points)
        assert face.blendshapes == looks
        assert np.array_equal(face.matrix, found.facial_transformation_matrixes[0])

    def test_black_picture(self, real_model: VisionAnalyzer, tmp_path: Path) -> None:
        path = write_video(tmp_path / "a.mp4", 3.0, picture=black)
        assert {kind for kind, _, _ in events(real_model, path)} == {"CAMERA_BLACK", "FACE_ABSENT"}

    def test_noise_has_no_face(self, real_model: VisionAnalyzer, tmp_path: Path) -> None:
        path = write_video(tmp_path / "a.mp4", 3.0)
        assert [kind for kind, _, _ in events(real_model, path)] == ["FACE_ABSENT"]

    def test_frozen_picture(self, real_model: VisionAnalyzer, tmp_path: Path) -> None:
        still = talking_portrait(())(0.0)
        path = write_video(tmp_path / "a.mp4", 3.5, picture=lambda _time_s: still)
        assert [kind for kind, _, _ in events(real_model, path)] == ["CAMERA_FROZEN"]

    def test_second_face_has_its_still(self, real_model: VisionAnalyzer, tmp_path: Path) -> None:
        portrait = talking_portrait(())
        path = write_video(
            tmp_path / "a.mp4",
            5.0,
            picture=lambda time_s: beside(portrait(time_s), second=1.5 <= time_s < 3.5),
        )
        outputs = list(real_model.analyze(path))
        index = next(
            i
            for i, output in enumerate(outputs)
            if isinstance(output, VisionEvent) and output.kind is EventKind.SECOND_FACE
        )
        (event,) = [event for event in events(real_model, path) if event[0] == "SECOND_FACE"]
        assert isinstance(outputs[index + 1], Still)
        assert event[0] == "SECOND_FACE"
        assert 1.5 <= event[1] <= 3.5
        assert event[2] == 2.0

    def test_a_portrait_on_the_wall_beside_somebody_who_hardly_moves(
        self, real_model: VisionAnalyzer, tmp_path: Path
    ) -> None:
        slow, wall = talking_portrait((8.0,)), talking_portrait(())(0.0)

        def picture(time_s: float) -> NDArray[np.uint8]:
            noise = np.random.default_rng(round(1000 * time_s)).normal(0, 2, wall.shape)
            return np.hstack((slow(time_s / 20), np.clip(wall + noise, 0, 255).astype(np.uint8)))

        path = write_video(tmp_path / "a.mp4", 7.0, picture=picture)
        assert [event for event in events(real_model, path) if event[0] == "SECOND_FACE"] == []


def events(model: VisionAnalyzer, path: Path) -> list[tuple[str, float, float]]:
    """Kind, peak and strength of each event."""
    return [
        (output.kind.name, output.peak_s, output.strength)
        for output in model.analyze(path)
        if isinstance(output, VisionEvent)
    ]


def black(_time_s: float) -> NDArray[np.uint8]:
    return np.zeros((240, 320, 3), np.uint8)


def beside(picture: NDArray[np.uint8], *, second: bool) -> NDArray[np.uint8]:
    """The picture, with or without itself on its right."""
    return np.hstack((picture, picture if second else np.full_like(picture, 90)))
