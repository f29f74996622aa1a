"""Showing how a session proceeds: a live table in a terminal, a line a change elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from interview_client.models import Stage, Status, Video
from interview_client.reading import cleaned
from interview_client.upload import OnUploadProgress

TellNews = Callable[[Status], Iterable[Text]]
"""What a status makes known, as lines."""

_STYLES = {"running": "cyan", "completed": "green", "partial": "yellow", "failed": "red", "cancelled": "yellow"}


def follow(console: Console, statuses: Iterable[Status], news: TellNews = lambda _status: ()) -> Status | None:
    """Show every status as it comes, with its news; returns the last one, None when there was none."""
    return _follow_live(console, statuses, news) if console.is_terminal else _follow_plain(console, statuses, news)


@contextmanager
def upload_progress(console: Console) -> Iterator[OnUploadProgress]:
    """A callback that shows how far an upload is: a bar in a terminal, two lines elsewhere."""
    if not console.is_terminal:
        yield _PlainUpload(console)
        return
    columns = (TextColumn("Uploading"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("upload", total=None)
        yield lambda sent_bytes, total_bytes: bar.update(task, completed=sent_bytes, total=total_bytes)


def status_table(status: Status) -> Table:
    """A row a video, a column a stage; stages that no video needs are left out."""
    names = _stage_names(status.videos)
    table = Table(title=Text(cleaned(status.message)), title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("Answer", justify="right")
    table.add_column("State")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for video in status.videos:
        stages = {stage.name: stage for stage in video.stages}
        cells = [_cell(stages[name]) if name in stages else Text() for name in names]
        table.add_row(str(video.index + 1), Text(video.state, _STYLES.get(video.state, "")), *cells)
    return table


def changes(before: Status | None, after: Status) -> list[str]:
    """What happened between two statuses, a line each: the message, stages that started or ended, videos that ended."""
    lines = [cleaned(after.message)] if before is None or before.message != after.message else []
    known = {video.index: video for video in before.videos} if before else {}
    for video in after.videos:
        lines += _video_changes(known.get(video.index, Video(index=video.index)), video)
    return [line for line in lines if line]


def to_come(status: Status) -> list[str]:
    """What follows a result that is there, a line each."""
    answers = "1 answer" if status.translating == 1 else f"{status.translating} answers"
    return [f"To come: the translation of {answers}."] if status.translating else []


def problems(status: Status) -> list[str]:
    """What failed, a line for each video and stage."""
    return [line for video in status.videos for line in _video_problems(video)]


def _follow_live(console: Console, statuses: Iterable[Status], news: TellNews) -> Status | None:
    last: Status | None = None
    with Live(console=console, refresh_per_second=4) as live:
        for last in statuses:
            live.update(status_table(last), refresh=True)
            for line in news(last):
                console.print(line)  # above the table
    return last


def _follow_plain(console: Console, statuses: Iterable[Status], news: TellNews) -> Status | None:
    last: Status | None = None
    for status in statuses:
        for line in changes(last, status):
            print_line(console, line)
        for told in news(status):
            console.print(told, soft_wrap=True)
        last = status
    return last


def print_line(console: Console, line: str) -> None:
    """One line exactly as it is: no markup, no wrapping."""
    console.print(Text(line), soft_wrap=True)


class _PlainUpload:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = False

    def __call__(self, sent_bytes: int, total_bytes: int) -> None:
        size = f"{total_bytes / 1e6:.1f} MB"
        if not self._started:
            self._started = True
            print_line(self._console, f"Uploading {size}...")
        if sent_bytes >= total_bytes:
            print_line(self._console, f"Uploaded {size}.")


def _stage_names(videos: Iterable[Video]) -> list[str]:
    names = dict.fromkeys(stage.name for video in videos for stage in video.stages if stage.state != "skipped")
    return list(names)


def _cell(stage: Stage) -> Text:
    if stage.state == "completed":
        shown = "done" if stage.seconds is None else f"{stage.seconds:.1f} s"
    elif stage.state == "running":
        shown = f"{100 * stage.fraction:.0f} %"
    else:
        shown = {"pending": "·", "skipped": "–"}.get(stage.state, stage.state)
    return Text(shown, _STYLES.get(stage.state, "dim"))


def _video_changes(before: Video, after: Video) -> Iterator[str]:
    known = {stage.name: stage.state for stage in before.stages}
    for stage in after.stages:
        if stage.state not in ("pending", "skipped", known.get(stage.name)):
            yield f"Answer {after.index + 1}: {_stage_line(stage)}"
    if after.state not in ("pending", "running", before.state):
        yield f"Answer {after.index + 1}: {after.state}{_reason(after)}"


def _video_problems(video: Video) -> Iterator[str]:
    place = f"Answer {video.index + 1}"
    yield from (f"{place}: {_stage_line(stage)}" for stage in video.stages if stage.state == "failed")
    if video.state == "failed" or video.error:
        yield f"{place}: {video.state}{_reason(video)}"


def _stage_line(stage: Stage) -> str:
    seconds = "" if stage.seconds is None else f" in {stage.seconds:.1f} s"
    words = {"running": "started", "completed": f"done{seconds}", "failed": f"failed{seconds}"}
    return f"{cleaned(stage.name)} {words.get(stage.state, cleaned(stage.state))}{_reason(stage)}"


def _reason(failed: Stage | Video) -> str:
    return f": {cleaned(failed.error.message or failed.error.reason)}" if failed.error else ""
