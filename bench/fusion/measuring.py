"""From a scene to the result that users would get: the real services' code, their messages, the fusion."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import soundfile

from bench.fusion.scenes import Answer, Scene
from bench.vision.clips import noisy, steady, write
from bench.vision.material import RATE_HZ
from orchestrator import evidence
from orchestrator.evidence import wire
from orchestrator.evidence.collection import mouth_and_voice
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import json_value
from orchestrator.policies import policy
from scripts.make_sample.portrait import Picture
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import span_value
from services.audio import wire as audio_wire
from services.audio.analyzer import SoundAnalyzer
from services.audio.model import AudioResult
from services.audio.settings import Settings as AudioSettings
from services.vision import wire as vision_wire
from services.vision.analyzer import PictureAnalyzer
from services.vision.settings import Settings as VisionSettings

MEASURES_ALL = "original"
"""The policy that switches nothing off."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scene and its result."""

    scene: Scene
    result: dict[str, Any]


class Services:
    """The vision and the audio service's models in this process."""

    def __init__(self) -> None:
        """Load both."""
        self._sound, self._vision = SoundAnalyzer(AudioSettings()), PictureAnalyzer(VisionSettings())
        self._sound.load()
        self._vision.load()
        self._policy = policy.load()[MEASURES_ALL]

    def outcome(self, scene: Scene, folder: Path) -> Outcome:
        """The session's result; clips are kept in `folder`, since moving faces takes long."""
        answers, voices, faces = [], {}, {}
        for index, answer in enumerate(scene.answers):
            found, voice, face = self._answer(index, answer, folder / _file(scene, index))
            answers.append(found)
            if voice is not None:
                voices[index] = voice
            if face is not None:
                faces[index] = face
        session = evidence.SessionEvidence(
            "0" * 32, scene.name, "en", tuple(answers), policy=self._policy, voices=voices, faces=faces
        )
        return Outcome(scene, json_value(session_result(session, None, datetime.now(UTC))))

    def _answer(
        self, index: int, answer: Answer, clip: Path
    ) -> tuple[evidence.AnswerEvidence, evidence.VoicePrint | None, evidence.FacePrint | None]:
        audio, voice = self._heard(answer)
        vision, timeline, face = self._seen(_clip(answer, clip))
        mouth = mouth_and_voice(audio, timeline)
        found = evidence.AnswerEvidence(
            index=index,
            position_id=index + 1,
            question="",
            language="en",
            duration_s=answer.seconds,
            stages={},
            audio=audio,
            vision=vision,
            still_lips=mouth.still_lips,
            synchrony=mouth.synchrony,
            lips_voices=mouth.lips_voices,
        )
        return found, voice, face

    def _heard(self, answer: Answer) -> tuple[evidence.Audio, evidence.VoicePrint | None]:
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            soundfile.write(file.name, answer.sound, SAMPLE_RATE_HZ)
            result = next(e for e in self._sound.analyze(Path(file.name)) if isinstance(e, AudioResult))
        messages = list(audio_wire.messages(result, 0.0))
        by_kind: dict[str, list[Any]] = {"speech": [], "pause": [], "turn": [], "overlap": []}
        for message in messages[:-1]:
            by_kind[str(message.WhichOneof("event"))].append(message)
        summary = messages[-1].summary
        found = wire.audio(
            [span_value(m.speech) for m in by_kind["speech"]],
            [span_value(m.pause) for m in by_kind["pause"]],
            [wire.turn(m.turn) for m in by_kind["turn"]],
            [span_value(m.overlap) for m in by_kind["overlap"]],
            summary,
        )
        return found, wire.voice_print(summary)

    def _seen(self, clip: Path) -> tuple[evidence.Vision, evidence.Timeline, evidence.FacePrint | None]:
        started, timeline = time.perf_counter(), evidence.Timeline()
        events: list[evidence.VisionEvent] = []
        for item in self._vision.analyze(clip):
            message = vision_wire.message(item, time.perf_counter() - started)
            match message.WhichOneof("event"):
                case "timeline":
                    wire.append_timeline(timeline, message.timeline)
                case "vision_event":
                    events.append(wire.vision_event(message.vision_event, still=""))
                case "summary":
                    return wire.vision(events, message.summary), timeline, wire.face_print(message.summary)
        raise RuntimeError("the vision model gave no summary")


def _file(scene: Scene, index: int) -> str:
    film = scene.answers[index].film or scene.name
    return f"{film.replace(' ', '-')}-{index}.mp4"


def _clip(answer: Answer, path: Path) -> Path:
    if not path.exists():
        times_s = steady(answer.seconds, RATE_HZ)
        unfinished = path.with_suffix(".part.mp4")
        write(unfinished, times_s, (_frame(answer, at_s) for at_s in times_s))
        unfinished.rename(path)
    return path


def _frame(answer: Answer, at_s: float) -> Picture:
    taken_s = answer.taken_at(at_s)
    return noisy(answer.picture(taken_s), round(1000 * taken_s))


def outcomes(scenes: Iterator[Scene], folder: Path) -> Iterator[Outcome]:
    """Every scene's result."""
    services = Services()
    for scene in scenes:
        yield services.outcome(scene, folder)
