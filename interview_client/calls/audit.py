"""The audit chain and receipts of deletions, as they were signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from interview_client.calls.call import Call, safe, session_path
from interview_client.calls.results import parse_object

CHAIN = "/v1/audit-chain"
IMPACT = {"": "", ".json": "", ".csv": ".csv", ".pdf": ".pdf"}
"""Forms of the report by group, by the ending of a file's name."""


def audit_chain_call() -> Call[bytes]:
    """The whole chain, a JSON object a line."""
    return Call("GET", CHAIN, bytes)


def anchor_call() -> Call[dict[str, Any]]:
    """Sign the head of the chain."""
    return Call("POST", f"{CHAIN}:anchor", parse_object)


def receipt_call(session_id: str) -> Call[dict[str, Any]]:
    """The receipt of a deleted session."""
    return Call("GET", session_path(session_id, "/receipt"), parse_object)


def impact_call(job_id: str) -> Call[dict[str, Any]]:
    """How groups fare in a job."""
    return Call("GET", _job(job_id, "impact"), parse_object)


def impact_file_call(job_id: str, ending: str, language: str) -> Call[bytes]:
    """The same as a file: `.json`, `.csv` or `.pdf`."""
    params = {"language": language} if IMPACT[ending] else None
    return Call("GET", _job(job_id, f"impact{IMPACT[ending]}"), bytes, params)


def group_questions_call(job_id: str) -> Call[dict[str, Any]]:
    """What a job asks of its candidates' groups."""
    return Call("GET", _job(job_id, "group-questions"), parse_object)


def ask_groups_call(job_id: str, characteristics: Sequence[Mapping[str, Any]]) -> Call[dict[str, Any]]:
    """Set what a job asks."""
    body = {"characteristics": [dict(each) for each in characteristics]}
    return Call("PUT", _job(job_id, "group-questions"), parse_object, body=body)


def _job(job_id: str, rest: str) -> str:
    return f"/v1/jobs/{safe(job_id)}/{rest}"


def reasons_call(session_id: str) -> Call[dict[str, Any]]:
    """The reasons of a session's decisions."""
    return Call("GET", session_path(session_id, "/reasons"), parse_object)


def personal_data_call(session_id: str) -> Call[bytes]:
    """Everything that is held about the person of a session."""
    return Call("GET", session_path(session_id, "/personal-data.zip"), bytes)
