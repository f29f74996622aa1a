"""A result as the system made it of the sample interview and a file that is no video."""

from __future__ import annotations

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
