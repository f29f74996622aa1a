"""What each process is for, asked of it once: real calls with the sample interview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import grpc
from interview.audio.v1 import audio_service_pb2, audio_service_pb2_grpc
from interview.common.v1.media_pb2 import MediaRef
from interview.judge.v1 import judge_service_pb2, judge_service_pb2_grpc
from interview.orchestrator.v1 import orchestrator_service_pb2, orchestrator_service_pb2_grpc
from interview.transcriber.v1 import transcriber_service_pb2, transcriber_service_pb2_grpc
from interview.vision.v1 import vision_service_pb2, vision_service_pb2_grpc

from scripts.check_images.pods import LOOPBACK, PodError
from scripts.check_k8s.manifests import ROOT

SAMPLE = ROOT / "sample" / "answer_en.mp4"
ANSWER = "I wrote a test that failed, found that two threads shared one counter, and put a lock around it."
DEADLINE_S = 900.0

Work = Callable[[grpc.Channel, MediaRef], str]
"""Says in a few words what came back. Raises PodError when it is not what it should be."""


def transcribe(channel: grpc.Channel, media: MediaRef) -> str:
    """The words of the sample."""
    stub = transcriber_service_pb2_grpc.TranscriberServiceStub(channel)
    request = transcriber_service_pb2.TranscribeRequest(media=media, language_code="en")
    words = " ".join(e.segment.text for e in stub.Transcribe(request, timeout=DEADLINE_S) if e.HasField("segment"))
    return _said(f"{len(words.split())} words", len(words.split()) > 20)


def watch(channel: grpc.Channel, media: MediaRef) -> str:
    """The face of the sample."""
    stub = vision_service_pb2_grpc.VisionServiceStub(channel)
    *_, last = stub.Analyze(vision_service_pb2.AnalyzeRequest(media=media), timeout=DEADLINE_S)
    found = last.summary.face_present_ratio
    return _said(f"a face for {100 * found:.0f} % of the time", found > 0.9)


def listen(channel: grpc.Channel, media: MediaRef) -> str:
    """The voice of the sample."""
    stub = audio_service_pb2_grpc.AudioServiceStub(channel)
    *_, last = stub.Analyze(audio_service_pb2.AnalyzeRequest(media=media), timeout=DEADLINE_S)
    found = last.summary.speaker_count
    return _said(f"{found} speaker", found == 1)


def judge(channel: grpc.Channel, media: MediaRef) -> str:
    """A rating, which must be the model's."""
    del media
    stub = judge_service_pb2_grpc.JudgeServiceStub(channel)
    request = judge_service_pb2.EvaluateRequest(question="Tell me about a bug.", answer=ANSWER, language_code="en")
    reply = stub.Evaluate(request, timeout=DEADLINE_S)
    model = reply.attribution.model.name
    return _said(f"{reply.total:.0f} of 100 by {model}", 1 <= reply.total <= 100 and "qwen" in model.lower())


def list_sessions(channel: grpc.Channel, media: MediaRef) -> str:
    """What the new database holds."""
    del media
    stub = orchestrator_service_pb2_grpc.OrchestratorServiceStub(channel)
    reply = stub.ListSessions(orchestrator_service_pb2.ListSessionsRequest(), timeout=DEADLINE_S)
    return _said(f"{len(reply.sessions)} sessions", not reply.sessions)


WORK: dict[str, Work] = {
    "transcriber": transcribe,
    "vision": watch,
    "audio": listen,
    "judge": judge,
    "orchestrator": list_sessions,
}
"""By workload. The gateway and the worker have done their first work when they are ready: they asked their servers."""


def ask(workload: str, port: int, media: MediaRef) -> str:
    """Have the workload do its work. Raises PodError."""
    with grpc.insecure_channel(f"{LOOPBACK}:{port}", options=[("grpc.enable_http_proxy", 0)]) as channel:
        try:
            return WORK[workload](channel, media)
        except grpc.RpcError as error:
            raise PodError(f"{workload}: {error.code()}: {error.details()}") from error


def _said(found: str, right: bool) -> str:
    if not right:
        raise PodError(f"The sample has something else than {found}")
    return found


def sample() -> Path:
    """The recording that services are asked about."""
    return SAMPLE
