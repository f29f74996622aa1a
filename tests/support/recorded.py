"""A result as the system made it of the sample interview and a file that is no video."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

RECORDED = Path(__file__).parents[1] / "testdata" / "recorded"
RESULT: dict[str, Any] = json.loads((RECORDED / "result.json").read_text())
ID = RESULT["session"]


def recorded_session() -> pb.Session:
    """The session, completed and without a decision."""
    found = json.loads((RECORDED / "session.json").read_text())
    session = pb.Session(
        session_id=ID,
        candidate_name=found["candidate_name"],
        language_code=found["language"],
        state=pb.SESSION_STATE_COMPLETED,
        policy=found["policy"],
        policy_sha256=found["policy_sha256"],
        review_state=pb.REVIEW_STATE_OPEN,
        create_time=ParseDict(found["create_time"], Timestamp()),
        retention_end_time=ParseDict(found["retention_end_time"], Timestamp()),
    )
    for answer in found["answers"]:
        state = pb.AnswerState.Value(f"ANSWER_STATE_{answer['state'].upper()}")
        session.answers.add(index=answer["index"], question=answer["question"], state=state)
    return session


def rated_result() -> dict[str, Any]:
    """The recorded result with intervals on the first answer, and without a score for the second."""
    result = copy.deepcopy(RESULT)
    first, second = (item["result"] for item in result["content"][:2])
    for rating, (low, high, influence) in zip(first["evidence"]["ratings"], RATED, strict=True):
        rating |= {"low": low, "high": high, "influence": influence}
    first["penilaian"] |= {"total_low": 81, "total_high": 97, "rate_by_hand": False}
    first["penilaian"] |= {"follow_up_question": "How did you notice it?", "missing": ["what you learned"]}
    second["penilaian"] |= dict.fromkeys(("total", "kualitas_jawaban", "relevansi", "koherensi", "confidence_score"))
    second["penilaian"] |= {"not_scored_reason": "The sentences point both ways.", "rate_by_hand": True}
    second["penilaian"] |= {"total_low": None, "total_high": None, "follow_up_question": "", "missing": []}
    second["evidence"]["ratings"] = [
        rating | dict.fromkeys(("score", "confidence", "low", "high", "influence"))
        for rating in second["evidence"]["ratings"]
        if rating["quote"]
    ]
    result["decision_proposal"] |= {"total_low": 81.0, "total_high": 97.0}
    return result


RATED = ((88.0, 99.0, None), (80.0, 96.0, None), (79.0, 97.0, 9.0))
"""Intervals and influence of the first answer's ratings."""
