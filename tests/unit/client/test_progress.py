from __future__ import annotations

import io

from rich.console import Console

from interview_client.models import Status
from interview_client.progress import changes, follow, problems, status_table, upload_progress
from tests.support.rest import Json, completed, failed, running, stage, video

NO_PICTURE = {"reason": "NO_VIDEO_STREAM", "message": "The file has no picture."}
UNREADABLE = {"reason": "MEDIA_UNREADABLE", "message": ""}

FIRST = running(video(0, "running", stage("fetch", "skipped"), stage("transcribe", "running")), video(1, "pending"))
SECOND = running(
    video(0, "running", stage("fetch", "skipped"), stage("transcribe", "completed", 3.14)),
    video(1, "running", stage("transcribe", "running")),
)
LAST = completed(
    video(0, "partial", stage("transcribe", "completed", 3.14), stage("watch", "failed", 0.2, error=NO_PICTURE)),
    video(1, "failed", error=UNREADABLE),
)


def _status(body: Json) -> Status:
    return Status.model_validate(body)


def test_every_change_is_a_line_and_nothing_is_told_twice() -> None:
    first, second, last = _status(FIRST), _status(SECOND), _status(LAST)
    assert changes(None, first) == ["Processing video 1/2...", "Answer 1: transcribe started"]
    assert changes(first, first) == []
    assert changes(first, second) == ["Answer 1: transcribe done in 3.1 s", "Answer 2: transcribe started"]
    assert changes(second, last) == [
        "Processed.",
        "Answer 1: watch failed in 0.2 s: The file has no picture.",
        "Answer 1: partial",
        "Answer 2: failed: MEDIA_UNREADABLE",
    ]


def test_problems_are_those_of_stages_and_videos() -> None:
    assert problems(_status(SECOND)) == []
    assert problems(_status(LAST)) == [
        "Answer 1: watch failed in 0.2 s: The file has no picture.",
        "Answer 2: failed: MEDIA_UNREADABLE",
    ]


def test_table_has_a_row_a_video_and_no_stage_that_nobody_needs() -> None:
    written = io.StringIO()
    Console(file=written, width=120, _environ={}).print(status_table(_status(SECOND)))
    assert "fetch" not in written.getvalue()
    assert "3.1 s" in written.getvalue()
    assert "50 %" in written.getvalue()


def test_terminal_gets_a_table_that_is_redrawn() -> None:
    written = io.StringIO()
    console = Console(file=written, width=120, force_terminal=True, _environ={"TERM": "xterm"})
    last = follow(console, [_status(FIRST), _status(LAST)])
    assert last == _status(LAST)
    assert "\x1b[" in written.getvalue()
    assert "partial" in written.getvalue()
    with upload_progress(console) as on_progress:
        on_progress(1_000_000, 2_000_000)
    assert "Uploading" in written.getvalue()


def test_elsewhere_it_is_plain_lines() -> None:
    written = io.StringIO()
    console = Console(file=written, width=20, _environ={})
    follow(console, [_status(FIRST), _status(failed("Nothing could be [b]used[/b], whatever was tried."))])
    with upload_progress(console) as on_progress:
        for sent_bytes in (0, 1_000_000, 2_500_000):
            on_progress(sent_bytes, 2_500_000)
    assert written.getvalue().splitlines() == [
        "Processing video 1/2...",
        "Answer 1: transcribe started",
        "Nothing could be [b]used[/b], whatever was tried.",
        "Uploading 2.5 MB...",
        "Uploaded 2.5 MB.",
    ]
