"""What came of a session, whole and in parts."""

from __future__ import annotations

import json
from typing import Any

from interview_client.calls.call import Call, given, reader, safe, session_path
from interview_client.errors import not_understood
from interview_client.models import Answers, AssessedAnswer, Finding, Findings, Translation


def results_call(session_id: str) -> Call[dict[str, Any]]:
    """The result of a session."""
    return Call("GET", f"/results/{safe(session_id)}", parse_object)


def answers_call(session_id: str) -> Call[tuple[AssessedAnswer, ...]]:
    """Every answer of a session."""
    read = reader(Answers, "list of answers")
    return Call("GET", session_path(session_id, "/answers"), lambda body: read(body).answers)


def answer_call(session_id: str, index: int) -> Call[AssessedAnswer]:
    """One answer of a session."""
    return Call("GET", session_path(session_id, f"/answers/{index}"), reader(AssessedAnswer, "answer"))


def findings_call(session_id: str, severity: str, type: str) -> Call[tuple[Finding, ...]]:
    """The findings of a session that fit."""
    read, params = reader(Findings, "list of findings"), given({"severity": severity, "type": type})
    return Call("GET", session_path(session_id, "/findings"), lambda body: read(body).findings, params)


def transcript_call(session_id: str, index: int, format: str, language: str = "") -> Call[str]:
    """What was said in one answer."""
    path = session_path(session_id, f"/answers/{index}/transcript.{safe(format)}")
    return Call("GET", path, lambda body: body.decode("utf-8"), given({"language": language}))


def recording_call(session_id: str, index: int) -> Call[bytes]:
    """What a candidate recorded."""
    return Call("GET", session_path(session_id, f"/answers/{index}/recording"), bytes)


def translation_call(session_id: str, index: int) -> Call[Translation]:
    """One answer in the other language, made if it is not there."""
    path = session_path(session_id, f"/answers/{index}/translation")
    return Call("POST", path, reader(Translation, "translation"))


def report_call(session_id: str, language: str) -> Call[bytes]:
    """The assessment as a PDF."""
    return Call("GET", session_path(session_id, "/report.pdf"), bytes, given({"language": language}))


def artefact_call(session_id: str, name: str) -> Call[bytes]:
    """A still or a timeline."""
    parts = "/".join(safe(part) for part in name.split("/"))
    return Call("GET", session_path(session_id, f"/artefacts/{parts}"), bytes)


def parse_object(body: bytes) -> dict[str, Any]:
    """A result or a part of one. Raises InterviewError."""
    try:
        found = json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise not_understood("result") from None
    if not isinstance(found, dict):
        raise not_understood("result")
    return found
