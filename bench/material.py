"""What is measured on: the sample interview, and videos made from a folder of real recordings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
SECONDS = 45.0
FRAME_RATE = 25
WIDTH = 640
PAIRS = (
    ("faces/clips/WolfgangLanger_Pexels.mp4", "diarization/dialogues/en_1spk_1.flac"),
    ("faces/clips/single_face.mp4", "diarization/dialogues/en_1spk_0.flac"),
    ("faces/clips/face_noface.mov", "diarization/dialogues/en_2spk_0.flac"),
)


@dataclass(frozen=True, slots=True)
class Video:
    """One recording to measure on."""

    name: str
    path: Path
    language: str


def sample() -> list[Video]:
    """The two answers of the sample interview."""
    return [
        Video("sample, English", SAMPLE / "answer_en.mp4", "en"),
        Video("sample, Indonesian", SAMPLE / "answer_id.webm", "id"),
    ]


def made(data: Path, folder: Path) -> list[Video]:
    """Three videos of 45 s: a face clip played back and forth with real speech. `data` holds the recordings."""
    videos = []
    for number, (clip, speech) in enumerate(PAIRS, 1):
        path = folder / f"made{number}.mp4"
        _mux(data / clip, data / speech, path)
        videos.append(Video(f"made {number}: {Path(clip).stem}", path, "en"))
    return videos


def _mux(clip: Path, speech: Path, target: Path) -> None:
    sound = decode_sound(speech)
    sound = np.resize(sound, int(SECONDS * SAMPLE_RATE_HZ))
    with av.open(str(target), "w") as output:
        video = output.add_stream("libx264", rate=FRAME_RATE, pix_fmt="yuv420p", options={"crf": "27"})
        audio = output.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="mono")
        pictures = list(itertools.islice(_back_and_forth(clip), int(SECONDS * FRAME_RATE)))
        video.height, video.width = pictures[0].shape[:2]
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
        whole = av.AudioFrame.from_ndarray((sound * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono")
        whole.sample_rate, whole.pts = SAMPLE_RATE_HZ, 0
        resampler = av.AudioResampler("fltp", "mono", SAMPLE_RATE_HZ, frame_size=1024)
        for piece in [*resampler.resample(whole), *resampler.resample(None)]:
            output.mux(audio.encode(piece))
        output.mux(audio.encode(None))


def _back_and_forth(clip: Path) -> Iterator[NDArray[np.uint8]]:
    with av.open(str(clip)) as container:
        frames = (frame.to_ndarray(format="rgb24") for frame in container.decode(video=0))
        pictures = [_scaled(np.asarray(frame, np.uint8)) for frame in frames]
    return itertools.cycle([*pictures, *pictures[-2:0:-1]])


def _scaled(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height = round(picture.shape[0] * WIDTH / picture.shape[1]) // 2 * 2
    return np.asarray(cv2.resize(picture, (WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)
