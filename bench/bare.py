"""The bare libraries on the same file, each alone in this process: what our services are compared with."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import mediapipe as mp
from faster_whisper import WhisperModel
from mediapipe.tasks.python import BaseOptions, vision
from resemblyzer import VoiceEncoder, preprocess_wav

from servicekit.decoding import write_flac
from servicekit.weights.folder import default_model_dir
from servicekit.weights.resolver import resolve


class BareLibraries:
    """faster-whisper, FaceLandmarker on every frame, and resemblyzer, loaded once."""

    def __init__(self) -> None:
        """Load all three; the first use of each is not measured."""
        folder = default_model_dir()
        self._whisper = WhisperModel(
            str(resolve("whisper-base", folder).directory), device="cpu", compute_type="int8", cpu_threads=2
        )
        self._landmarker = resolve("face-landmarker", folder).main_file
        self._encoder = VoiceEncoder("cpu", verbose=False)

    def seconds(self, video: Path, language: str) -> dict[str, float]:
        """Seconds of wall time of each library on one video."""
        with tempfile.TemporaryDirectory() as folder:
            sound = Path(folder) / "sound.flac"
            write_flac(video, sound)
            return {
                "whisper": _timed(lambda: self._words(sound, language)),
                "landmarker": _timed(lambda: self._faces(video)),
                "voices": _timed(lambda: self._voices(sound)),
            }

    def _words(self, sound: Path, language: str) -> None:
        segments, _ = self._whisper.transcribe(str(sound), language=language, beam_size=5, vad_filter=True)
        for _segment in segments:
            continue

    def _faces(self, video: Path) -> None:
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(self._landmarker)),
            running_mode=vision.RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        with vision.FaceLandmarker.create_from_options(options) as model, av.open(str(video)) as container:
            for frame in container.decode(video=0):
                image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24"))
                model.detect_for_video(image, int(frame.time * 1000))

    def _voices(self, sound: Path) -> None:
        self._encoder.embed_utterance(preprocess_wav(sound), return_partials=True, rate=2)


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
