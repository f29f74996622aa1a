"""Names of everything that is stored for a session; writing a name again replaces the same thing."""

from __future__ import annotations

from orchestrator.workflows.inputs import AnswerInput


def session_prefix(session_id: str) -> str:
    """Folder of everything but the published result."""
    return f"sessions/{session_id}"


def answer_key(answer: AnswerInput, name: str) -> str:
    """Key of one artefact of an answer, such as `transcript.json`."""
    return f"{session_prefix(answer.session_id)}/{shown_name(answer, name)}"


def shown_name(answer: AnswerInput, name: str) -> str:
    """How a result names an artefact: within the session's folder."""
    return f"{answer.index}/{name}"


def still(index: int) -> str:
    """Name of the picture of an event."""
    return f"stills/{index}.jpg"


def result_key(session_id: str) -> str:
    """Key of the published result."""
    return f"results/{session_id}.json"


VIDEO = "video"
UPLOAD = "upload"
"""Folder of a recording that came by upload, one file for each try; see `gateway.submissions.idempotency`."""
SOUND = "sound.flac"
RECORDING = "recording.json"
PLAYBACK = "playback.mp4"
"""The small copy of the recording that reviewers play."""
TRANSCRIPT = "transcript.json"
VISION = "vision.json"
TIMELINE = "timeline.json"
AUDIO = "audio.json"
VOICE = "voice.json"
FACE = "face.json"
EVALUATION = "evaluation.json"
TRANSLATION = "translation.json"
EVIDENCE = "evidence.json"
FINDINGS = "findings.json"
"""What is found in an answer by itself, for those who follow the session; the result has what counts."""
SUMMARY = "summary.json"
