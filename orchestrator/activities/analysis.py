"""The three analyses of a recording, each one streaming call to its service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from interview.audio.v1 import audio_service_pb2 as audio_pb
from interview.common.v1.media_pb2 import MediaRef
from interview.transcriber.v1 import transcriber_service_pb2 as transcriber_pb
from interview.vision.v1 import vision_service_pb2 as vision_pb
from temporalio import activity

from orchestrator import artefacts, evidence
from orchestrator.activities.recording import answer_row, made, session_policy
from orchestrator.activities.stage import StageRun, stage
from orchestrator.clients import Services
from orchestrator.evidence import wire
from orchestrator.policies.policy import Policy
from orchestrator.sessions.store import SessionStore
from orchestrator.workflows import STAGE_TRY
from orchestrator.workflows.inputs import AnswerInput, StageInput
from servicekit.errors import internal_error, no_audio_stream, no_video_stream
from servicekit.media import Media, MediaStore
from servicekit.wire import media_message, span_value

T = TypeVar("T")
JSON = "application/json"
MAX_PROMPT = 1000
"""Characters of the question that the transcriber is told, so that its names and terms are spelt as they are there; as
many as it takes.
"""
CALL_TIMEOUT_S = STAGE_TRY.total_seconds()
"""As long as Temporal gives one try: a longer call would work for nobody."""


class AnalysisActivities:
    """`transcribe`, `watch` and `listen`. Each writes its artefact and returns the reference."""

    def __init__(
        self, store: SessionStore, media: MediaStore, services: Services, policies: Mapping[str, Policy]
    ) -> None:
        """Call `services`, write to `media`, report to `store`, and do what a session's policy allows."""
        self._store, self._media, self._services, self._policies = store, media, services, policies

    @activity.defn(name="transcribe")
    async def transcribe(self, request: StageInput) -> Media:
        """Words with times."""
        if found_before := await made(self._store, self._media, request.answer, "transcribe", artefacts.TRANSCRIPT):
            return found_before
        async with stage(self._store, request.answer, "transcribe") as run:
            if request.media is None:
                raise no_audio_stream()
            row = await answer_row(self._store, request.answer)
            call = transcriber_pb.TranscribeRequest(
                media=await self._reference(request.media),
                language_code=row.language,
                options=transcriber_pb.TranscribeOptions(initial_prompt=row.question[:MAX_PROMPT]),
            )
            found = await self._transcript(call, run)
            return await self._write(request.answer, artefacts.TRANSCRIPT, found)

    @activity.defn(name="watch")
    async def watch(self, request: StageInput) -> Media:
        """Faces, eyes and head over time."""
        if found_before := await made(self._store, self._media, request.answer, "watch", artefacts.VISION):
            return found_before
        async with stage(self._store, request.answer, "watch") as run:
            if request.media is None:
                raise no_video_stream()
            policy = await session_policy(self._store, request.answer.session_id, self._policies)
            reference = await self._reference(request.media)
            call = vision_pb.AnalyzeRequest(media=reference, limits=measuring_limits(policy))
            found, timeline, face = await self._vision(request.answer, call, run)
            if face is not None:
                await self._write(request.answer, artefacts.FACE, face)
            await self._write(request.answer, artefacts.TIMELINE, timeline)
            return await self._write(request.answer, artefacts.VISION, found)

    @activity.defn(name="listen")
    async def listen(self, request: StageInput) -> Media:
        """Voices, speech and pauses."""
        if found_before := await made(self._store, self._media, request.answer, "listen", artefacts.AUDIO):
            return found_before
        async with stage(self._store, request.answer, "listen") as run:
            if request.media is None:
                raise no_audio_stream()
            policy = await session_policy(self._store, request.answer.session_id, self._policies)
            reference = await self._reference(request.media)
            call = audio_pb.AnalyzeRequest(media=reference, limits=listening_limits(policy))
            found, voice = await self._audio(call, run)
            if voice is not None and policy.biometric_comparison:
                await self._write(request.answer, artefacts.VOICE, voice)
            return await self._write(request.answer, artefacts.AUDIO, found)

    async def _reference(self, media: Media) -> MediaRef:
        """What a service is told of a file: with its key, which goes no other way and is kept nowhere."""
        return media_message(media, await self._media.seals.find(self._media.key(media.uri)))

    async def _transcript(self, call: transcriber_pb.TranscribeRequest, run: StageRun) -> evidence.Transcript:
        segments, found = [], None
        async for message in self._services.transcriber.Transcribe(call, timeout=CALL_TIMEOUT_S):
            match message.WhichOneof("event"):
                case "progress":
                    await run.progress(message.progress)
                case "segment":
                    segments.append(wire.segment(message.segment))
                case "summary":
                    found = wire.transcript(segments, message.summary)
        return _last(found)

    async def _vision(
        self, answer: AnswerInput, call: vision_pb.AnalyzeRequest, run: StageRun
    ) -> tuple[evidence.Vision, evidence.Timeline, evidence.FacePrint | None]:
        events: list[evidence.VisionEvent] = []
        timeline, found = evidence.Timeline(), None
        async for message in self._services.vision.Analyze(call, timeout=CALL_TIMEOUT_S):
            match message.WhichOneof("event"):
                case "progress":
                    await run.progress(message.progress)
                case "timeline":
                    wire.append_timeline(timeline, message.timeline)
                case "vision_event":
                    events.append(wire.vision_event(message.vision_event, still=""))
                case "still":
                    index = message.still.event_index
                    events[index] = replace(events[index], still=await self._still(answer, message.still))
                case "summary":
                    found = wire.vision(events, message.summary), timeline, wire.face_print(message.summary)
        return _last(found)

    async def _audio(
        self, call: audio_pb.AnalyzeRequest, run: StageRun
    ) -> tuple[evidence.Audio, evidence.VoicePrint | None]:
        speech, pauses, turns, overlaps = [], [], [], []
        result = None
        async for message in self._services.audio.Analyze(call, timeout=CALL_TIMEOUT_S):
            match message.WhichOneof("event"):
                case "progress":
                    await run.progress(message.progress)
                case "speech":
                    speech.append(span_value(message.speech))
                case "pause":
                    pauses.append(span_value(message.pause))
                case "turn":
                    turns.append(wire.turn(message.turn))
                case "overlap":
                    overlaps.append(span_value(message.overlap))
                case "summary":
                    found = wire.audio(speech, pauses, turns, overlaps, message.summary)
                    result = found, wire.voice_print(message.summary)
        return _last(result)

    async def _still(self, answer: AnswerInput, still: vision_pb.Still) -> str:
        name = artefacts.still(still.event_index)
        await self._media.write(artefacts.answer_key(answer, name), still.jpeg, "image/jpeg")
        return artefacts.shown_name(answer, name)

    async def _write(self, answer: AnswerInput, name: str, value: object) -> Media:
        return await self._media.write(artefacts.answer_key(answer, name), evidence.to_json(value), JSON)


def _last(summary: T | None) -> T:
    """What a stream ends with. Streams are read to their end: a call that is left counts as cancelled."""
    if summary is None:
        raise internal_error()
    return summary


def measuring_limits(policy: Policy) -> vision_pb.MeasuringLimits:
    """What a policy does not let the vision service measure."""
    return vision_pb.MeasuringLimits(
        skip_expression=not policy.non_verbal, skip_identity=not policy.biometric_comparison
    )


def listening_limits(policy: Policy) -> audio_pb.ListeningLimits:
    """What a policy does not let the audio service measure."""
    return audio_pb.ListeningLimits(skip_voices=not policy.voices, skip_identity=not policy.biometric_comparison)
