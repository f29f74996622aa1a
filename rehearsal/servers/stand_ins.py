"""The four services without their models: `python -m rehearsal.servers.stand_ins transcriber --media-pace 1.5`.

Server, contract, object store and limits are the real ones; only the work is replaced by waiting, and every result
names a model called `sleeping`. What is left is what the system around the models costs.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import numpy as np

from local.ports import SERVICES
from servicekit.decoding import probe
from servicekit.media import MediaStore
from servicekit.server import Servicer, run
from servicekit.settings import ServerSettings
from servicekit.telemetry.logs import get_logger
from servicekit.wire import Model, Progress, Span
from servicekit.words import LEAST_SCORED_WORDS
from services.audio import model as audio
from services.audio.servicer import Servicer as AudioServicer
from services.audio.settings import Settings as AudioSettings
from services.judge import model as judge
from services.judge.rubrics import read as read_rubrics
from services.judge.servicer import Servicer as JudgeServicer
from services.judge.settings import Settings as JudgeSettings
from services.transcriber import model as transcriber
from services.transcriber.servicer import Servicer as TranscriberServicer
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision import model as vision
from services.vision.servicer import Servicer as VisionServicer
from services.vision.settings import Settings as VisionSettings

MODEL = Model("sleeping", "1", "0" * 64, "none")
BEGAN = "work began"
"""What a process logs when it begins a call's work: the rehearsal counts these lines, also of killed processes."""
STEP_S = 0.2
WORDS_A_SECOND = 4

log = get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How long work takes: seconds a call and seconds a second of media. `load_s` is how long loading takes."""

    call_s: float
    media: float
    load_s: float

    def begin(self, media_s: float = 0.0) -> float:
        """Log that work began; how long it will take, seconds."""
        log.info(BEGAN)
        return self.call_s + self.media * media_s

    def steps(self, media_s: float) -> Iterator[float]:
        """Work on so much media: the share that is done, again and again."""
        work_s, started = self.begin(media_s), time.monotonic()
        while (left_s := started + work_s - time.monotonic()) > 0:
            time.sleep(min(left_s, STEP_S))
            yield min((time.monotonic() - started) / work_s, 1.0)


class SleepingTranscriber:
    """Hears the same words in every file."""

    def __init__(self, pace: Pace) -> None:
        """Take the time that `pace` says."""
        self._pace = pace

    def load(self) -> None:
        """As if there were weights."""
        time.sleep(self._pace.load_s)

    def transcribe(self, request: transcriber.TranscriptionInput) -> Generator[transcriber.Event, None, None]:
        duration_s = probe(request.path).duration_s
        for share in self._pace.steps(duration_s):
            yield Progress(share, share * duration_s)
        language = request.language or "en"
        segment = _segment(duration_s, language)
        yield segment
        yield transcriber.TranscriptionResult((segment,), (), language, 1.0, duration_s, duration_s, MODEL)


class SleepingAnalyzer:
    """Hears one voice from begin to end."""

    def __init__(self, pace: Pace) -> None:
        """Take the time that `pace` says."""
        self._pace = pace

    def load(self) -> None:
        """As if there were weights."""
        time.sleep(self._pace.load_s)

    def analyze(self, path: Path, scope: audio.Scope = audio.EVERYTHING) -> Generator[audio.Event, None, None]:
        duration_s = probe(path).duration_s
        for share in self._pace.steps(duration_s):
            yield Progress(share, share * duration_s)
        span = Span(0.0, duration_s)
        speaker = audio.Speaker(0, duration_s, 1.0, (0.0625,) * 256)
        voices = audio.Voices((audio.Turn(span, 0),), (speaker,), 0.9)
        levels = audio.Levels(-20.0, -20.0, 30.0, 0.0, duration_s)
        yield audio.AudioResult(duration_s, (span,), (), voices, levels, (MODEL,))


class SleepingVision:
    """Sees a steady face in every video."""

    def __init__(self, pace: Pace) -> None:
        """Take the time that `pace` says."""
        self._pace = pace

    def load(self) -> None:
        """As if there were weights."""
        time.sleep(self._pace.load_s)

    def close(self) -> None:
        pass

    def analyze(self, path: Path, scope: vision.Scope = vision.EVERYTHING) -> Generator[vision.Event, None, None]:
        duration_s = probe(path).duration_s
        for share in self._pace.steps(duration_s):
            yield Progress(share, share * duration_s)
        yield _timeline(duration_s)
        yield _vision_result(duration_s)


class SleepingJudge:
    """Gives every answer the same ratings."""

    name = "sleeping"

    def __init__(self, pace: Pace, settings: JudgeSettings) -> None:
        """Take the time that `pace` says; the rubrics are the real ones."""
        self._pace, self._rubrics = pace, read_rubrics(settings.rubrics_dir)
        self.rubrics, self.default_rubric = tuple(self._rubrics.values()), settings.rubric

    async def load(self) -> None:
        """As if there were weights."""
        await asyncio.sleep(self._pace.load_s)

    async def close(self) -> None:
        pass

    async def translate(self, request: judge.TranslationInput) -> judge.Translation:
        await asyncio.sleep(self._pace.begin())
        return judge.Translation(" ".join(f"{request.target}-{w}" for w in request.text.split()), "gist", self._work())

    async def evaluate(self, request: judge.RatingInput) -> judge.Evaluation:
        await asyncio.sleep(self._pace.begin())
        rubric = self._rubrics[request.rubric or self.default_rubric]
        ratings = tuple(judge.Rating(c.name, 70.0, 0.8) for c in rubric.criteria)
        total = fmean(r.score for r in ratings)
        return judge.Evaluation(
            ratings, total, 0.8, None, "Nobody read this.", self._work(), (), rubric.name, rubric.sha256
        )

    async def summarize(self, request: judge.SummaryInput) -> judge.Summary:
        await asyncio.sleep(self._pace.begin())
        return judge.Summary(f"Nobody read {len(request.answers)} answers.", 0.8, self._work())

    def _work(self) -> judge.Work:
        return judge.Work(self.name, MODEL)


def _segment(duration_s: float, language: str) -> transcriber.Segment:
    count = max(round(duration_s * WORDS_A_SECOND), LEAST_SCORED_WORDS)
    edges = np.linspace(0.0, duration_s, count + 1).tolist()
    words = tuple(transcriber.Word(Span(a, b), f"word{i}", 0.9) for i, (a, b) in enumerate(pairwise(edges)))
    return transcriber.Segment(Span(0.0, duration_s), " ".join(w.text for w in words), words, -0.2, 0.01, language)


def _timeline(duration_s: float) -> vision.Timeline:
    times_s = np.arange(0.0, duration_s, 0.1)
    level = np.zeros(len(times_s))
    faces = np.ones(len(times_s), np.int32)
    return vision.Timeline(times_s, faces, level, level, level, level, level, level + 0.3, level)


def _vision_result(duration_s: float) -> vision.VisionResult:
    frames = round(duration_s * 10)
    return vision.VisionResult(
        frame_count=frames,
        analyzed_frame_count=frames,
        duration_s=duration_s,
        frame_rate_hz=10.0,
        width_px=160,
        height_px=120,
        face_present_ratio=1.0,
        multiple_faces_ratio=0.0,
        blink_count=0,
        blink_rate_per_minute=None,
        eye_contact_ratio=None,
        gaze_stability=None,
        head_movement_intensity=None,
        expression=None,
        screening=vision.Screening(0, 0.0, 90.0, 80.0, 95.0),
        face_descriptor=(0.1,) * 128,
        described_looks=1,
        models=(MODEL,),
    )


def build(service: str, pace: Pace) -> tuple[Servicer, ServerSettings]:
    """The real servicer of a service around a sleeping model, and the service's own settings."""
    if service == "judge":
        judging = JudgeSettings()
        return JudgeServicer(SleepingJudge(pace, judging)), judging
    if service == "audio":
        listening = AudioSettings()
        store = MediaStore(listening, listening.scratch_dir)
        return AudioServicer(SleepingAnalyzer(pace), store), listening
    if service == "vision":
        watching = VisionSettings()
        store = MediaStore(watching, watching.scratch_dir)
        return VisionServicer(SleepingVision(pace), store), watching
    hearing = TranscriberSettings()
    store = MediaStore(hearing, hearing.scratch_dir)
    return TranscriberServicer(SleepingTranscriber(pace), store, hearing), hearing


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.servers.stand_ins", description=__doc__)
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--call-s", type=float, default=0.0, help="seconds that every call takes")
    parser.add_argument("--media-pace", type=float, default=0.0, help="seconds that a second of media takes")
    parser.add_argument("--load-s", type=float, default=0.0, help="seconds that loading takes")
    given = parser.parse_args()
    run(*build(given.service, Pace(given.call_s, given.media_pace, given.load_s)))


if __name__ == "__main__":
    main()
