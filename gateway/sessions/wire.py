"""From the orchestrator's session to the bodies that people and programs read."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.reviews.wire import review_body
from gateway.sessions import schemas
from gateway.wire import body

ENDED = (pb.SESSION_STATE_COMPLETED, pb.SESSION_STATE_FAILED, pb.SESSION_STATE_CANCELLED)
_SUCCESSFUL = (pb.ANSWER_STATE_COMPLETED, pb.ANSWER_STATE_PARTIAL)
_ANSWER_ENDED = (*_SUCCESSFUL, pb.ANSWER_STATE_FAILED, pb.ANSWER_STATE_CANCELLED)
_NOT_STARTED = (pb.STAGE_STATE_UNSPECIFIED, pb.STAGE_STATE_PENDING, pb.STAGE_STATE_SKIPPED)
_BEFORE_WORK = ("fetch", "prepare")


def status_body(session: pb.Session, base_url: str) -> schemas.Status:
    """The body of `/status/{id}`: the original's keys, and beside them `videos`. `base_url` has no slash at its end."""
    videos = [_video(answer) for answer in session.answers]
    if session.state == pb.SESSION_STATE_COMPLETED:
        return _completed(session, videos, base_url)
    if session.state == pb.SESSION_STATE_FAILED:
        return _failed(session.message or "No video could be processed.", videos)
    if session.state == pb.SESSION_STATE_CANCELLED:
        return _failed("Cancelled.", videos)
    return _running(session, videos)


def session_body(session: pb.Session, base_url: str) -> schemas.Session:
    """The body of `/v1/sessions/{id}`."""
    return body(
        schemas.Session,
        session,
        language=session.language_code,
        results_url=_results_url(session, base_url) if session.result.uri else None,
        review=review_body(session.review) if session.HasField("review") else None,
        answers=[answer_body(answer) for answer in session.answers],
    )


def _completed(session: pb.Session, videos: list[schemas.VideoStatus], base_url: str) -> schemas.Status:
    successful = sum(answer.state in _SUCCESSFUL for answer in session.answers)
    result = schemas.CompletedResult(
        success=True,  # given, since defaults are left out of the body
        processed_videos=len(videos),
        successful_videos=successful,
        failed_videos=len(videos) - successful,
        results_url=_results_url(session, base_url),
    )
    return schemas.Status(
        status="completed",
        message=f"Processed {len(videos)} videos, {successful} of them successfully.",
        progress=f"{len(videos)}/{len(videos)}",
        result=result,
        redirect=f"halaman_dasboard.html?session={session.session_id}",
        videos=videos,
        **({"translating": session.translating} if session.translating else {}),
    )


def _failed(error: str, videos: list[schemas.VideoStatus]) -> schemas.Status:
    return schemas.Status(status="error", message=error, error=error, videos=videos)


def _running(session: pb.Session, videos: list[schemas.VideoStatus]) -> schemas.Status:
    count = len(session.answers)
    ended = sum(answer.state in _ANSWER_ENDED for answer in session.answers)
    current = min(ended + 1, count)
    fetching = next((a for a in session.answers if _stage_runs(a, "fetch")), None)
    if fetching is not None:
        message = f"Downloading video {fetching.index + 1}/{count}..."
    elif ended or any(_work_started(answer) for answer in session.answers):
        message = f"Processing video {current}/{count}..."
    else:
        message = "Starting transcription..."
    return schemas.Status(
        status="processing" if fetching is None else "downloading",
        message=message,
        progress=f"{current}/{count}",
        current_video=current,
        videos=videos,
    )


def _stage_runs(answer: pb.Answer, name: str) -> bool:
    return any(stage.name == name and stage.state == pb.STAGE_STATE_RUNNING for stage in answer.stages)


def _work_started(answer: pb.Answer) -> bool:
    return any(s.state not in _NOT_STARTED for s in answer.stages if s.name not in _BEFORE_WORK)


def _video(answer: pb.Answer) -> schemas.VideoStatus:
    return body(schemas.VideoStatus, answer, **_work(answer))


def answer_body(answer: pb.Answer) -> schemas.Answer:
    """One answer of the body of `/v1/sessions/{id}`."""
    playback = answer.playback if answer.HasField("playback") else None
    return body(schemas.Answer, answer, playback=playback and _playback(playback), **_work(answer))


def _playback(playback: pb.Playback) -> schemas.Playback:
    return body(schemas.Playback, playback, size_bytes=playback.media.size_bytes)


def _work(answer: pb.Answer) -> dict[str, Any]:
    problem = _problem(answer.error_reason, answer.error_message)
    return {"stages": [stage_body(stage) for stage in answer.stages], "error": problem}


def stage_body(stage: pb.Stage) -> schemas.StageStatus:
    """One stage of the work on an answer."""
    seconds = None
    if stage.HasField("start_time") and stage.HasField("end_time"):
        seconds = round((stage.end_time.ToNanoseconds() - stage.start_time.ToNanoseconds()) / 1e9, 3)
    fraction = min(max(stage.fraction, 0.0), 1.0)
    problem = _problem(stage.error_reason, stage.error_message)
    return body(schemas.StageStatus, stage, fraction=fraction, seconds=seconds, error=problem)


def _problem(reason: str, message: str) -> schemas.Problem | None:
    return schemas.Problem(reason=reason, message=message) if reason or message else None


def _results_url(session: pb.Session, base_url: str) -> str:
    return f"{base_url}/results/{session.session_id}.json"
