"""What `/status` says in every state a session can be in."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.sessions.wire import session_body, status_body

ID = "0123456789abcdef0123456789abcdef"
PENDING, RUNNING = pb.STAGE_STATE_PENDING, pb.STAGE_STATE_RUNNING
DONE, FAILED, SKIPPED = pb.STAGE_STATE_COMPLETED, pb.STAGE_STATE_FAILED, pb.STAGE_STATE_SKIPPED


def answer(index: int, state: pb.AnswerState.ValueType = pb.ANSWER_STATE_RUNNING, **stages: Any) -> pb.Answer:
    return pb.Answer(index=index, state=state, stages=[pb.Stage(name=n, state=s) for n, s in stages.items()])


def body(
    *answers: pb.Answer, state: pb.SessionState.ValueType = pb.SESSION_STATE_RUNNING, **fields: Any
) -> dict[str, Any]:
    session = pb.Session(session_id=ID, state=state, answers=answers, **fields)
    return status_body(session, "http://x").model_dump(exclude_unset=True)


@pytest.mark.parametrize(
    ("answers", "status", "message", "progress"),
    [
        (
            [answer(0, fetch=DONE), answer(1, fetch=RUNNING), answer(2, fetch=RUNNING)],
            "downloading",
            "Downloading video 2/3...",
            "1/3",
        ),
        ([answer(0, fetch=PENDING), answer(1, fetch=PENDING)], "processing", "Starting transcription...", "1/2"),
        (
            [answer(0, fetch=SKIPPED, prepare=RUNNING, transcribe=PENDING)],
            "processing",
            "Starting transcription...",
            "1/1",
        ),
        ([answer(0, transcribe=RUNNING), answer(1)], "processing", "Processing video 1/2...", "1/2"),
        (
            [answer(0, pb.ANSWER_STATE_FAILED, transcribe=FAILED), answer(1)],
            "processing",
            "Processing video 2/2...",
            "2/2",
        ),
        (
            [answer(0, pb.ANSWER_STATE_COMPLETED), answer(1, pb.ANSWER_STATE_PARTIAL)],
            "processing",
            "Processing video 2/2...",
            "2/2",
        ),
    ],
)
def test_a_running_session(answers: list[pb.Answer], status: str, message: str, progress: str) -> None:
    found = body(*answers)
    assert (found["status"], found["message"], found["progress"]) == (status, message, progress)
    assert found["current_video"] == int(progress[0])
    assert len(found["videos"]) == len(answers)
    assert "result" not in found
    assert "error" not in found


def test_a_pending_session_is_starting() -> None:
    found = body(answer(0), state=pb.SESSION_STATE_PENDING)
    assert (found["status"], found["message"]) == ("processing", "Starting transcription...")


def test_a_completed_session_counts_partial_answers_as_successful() -> None:
    states = (pb.ANSWER_STATE_COMPLETED, pb.ANSWER_STATE_PARTIAL, pb.ANSWER_STATE_FAILED)
    found = body(*(answer(i, state) for i, state in enumerate(states)), state=pb.SESSION_STATE_COMPLETED)
    assert found["status"] == "completed"
    assert found["redirect"] == f"halaman_dasboard.html?session={ID}"
    assert found["result"] == {
        "success": True,
        "processed_videos": 3,
        "successful_videos": 2,
        "failed_videos": 1,
        "results_url": f"http://x/results/{ID}.json",
    }


@pytest.mark.parametrize(
    ("state", "message", "error"),
    [
        (pb.SESSION_STATE_FAILED, "Every recording is empty.", "Every recording is empty."),
        (pb.SESSION_STATE_FAILED, "", "No video could be processed."),
        (pb.SESSION_STATE_CANCELLED, "", "Cancelled."),
    ],
)
def test_a_session_without_result_is_an_error(state: pb.SessionState.ValueType, message: str, error: str) -> None:
    found = body(answer(0, pb.ANSWER_STATE_FAILED), state=state, message=message)
    assert (found["status"], found["error"], found["message"]) == ("error", error, error)


def test_stages_tell_how_long_they_took_and_what_went_wrong() -> None:
    timed = pb.Stage(
        name="watch", state=FAILED, fraction=0.25, error_reason="NO_VIDEO_STREAM", error_message="No picture."
    )
    timed.start_time.CopyFrom(Timestamp(seconds=100, nanos=500_000_000))
    timed.end_time.CopyFrom(Timestamp(seconds=102))
    failed = pb.Answer(index=0, state=pb.ANSWER_STATE_PARTIAL, stages=[timed], error_reason="X", error_message="Y")
    video = body(failed)["videos"][0]
    problem = {"reason": "NO_VIDEO_STREAM", "message": "No picture."}
    assert video["stages"] == [{"name": "watch", "state": "failed", "fraction": 0.25, "seconds": 1.5, "error": problem}]
    assert (video["state"], video["error"]) == ("partial", {"reason": "X", "message": "Y"})


def test_a_session_body_names_its_result_only_when_there_is_one() -> None:
    session = pb.Session(session_id=ID, state=pb.SESSION_STATE_COMPLETED, create_time=Timestamp(seconds=60))
    assert session_body(session, "http://x").results_url is None
    session.result.uri = "file:///somewhere"
    found = session_body(session, "http://x").model_dump(mode="json")
    assert found["results_url"] == f"http://x/results/{ID}.json"
    assert (found["create_time"], found["end_time"]) == ("1970-01-01T00:01:00Z", None)
    assert "file://" not in str(found)
