"""What becomes known of a session's answers while it runs, as lines to read, and when it did."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from rich.text import Text

from interview_client.client import InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import Finding, Rated, SoFar, Spoken, Status, Video
from interview_client.reading import cleaned, shortened
from interview_client.summary import TRANSCRIPT_CHARS, finding_line

WORDS, SCORES, FINDINGS, RESULT = "first words", "scores", "findings", "result"
STAGES = {"transcribe": WORDS, "evaluate": SCORES, "fuse": FINDINGS}
"""The end of which stage brings what."""


class Milestones:
    """When what was there, seconds since `since` (of `time.time()`)."""

    def __init__(self, since: float | None = None, beginning: str = "submission") -> None:
        """Count from now, or from an earlier moment that is called `beginning`."""
        self._since = time.time() if since is None else since
        self._beginning = beginning
        self._seconds: dict[str, float] = {}

    def reach(self, name: str, first: bool = False) -> None:
        """Note that it is reached now; what comes in parts counts from its last part, unless the `first` is asked."""
        if first and name in self._seconds:
            return
        self._seconds.pop(name, None)
        self._seconds[name] = time.time() - self._since

    def line(self) -> str:
        """All of them, in order."""
        reached = " · ".join(f"{name} {seconds:.1f}" for name, seconds in self._seconds.items())
        return f"Seconds since {self._beginning}: {reached}"


class News:
    """Asks for each part of an answer once its stage has ended, and tells it once."""

    def __init__(self, client: InterviewClient, session_id: str, milestones: Milestones) -> None:
        """Of one session; `milestones` are told what was there when."""
        self._client, self._session_id, self._milestones = client, session_id, milestones
        self._told: set[tuple[int, str]] = set()

    def of(self, status: Status) -> list[Text]:
        """What this status makes known; nothing at the end, where the result tells everything."""
        if status.ended:
            return []
        return [line for video in status.videos for line in self._of_answer(video)]

    def end(self, status: Status) -> None:
        """The session has ended: what was not told before came with its result."""
        parts = {part for video in status.videos for _, part in self._untold(video)}
        for part in (WORDS, SCORES, FINDINGS):
            if part in parts:
                self._milestones.reach(part, first=part == WORDS)

    def _of_answer(self, video: Video) -> Iterator[Text]:
        untold = self._untold(video)
        if not untold:
            return
        try:
            known = self._client.answer(self._session_id, video.index).so_far
        except InterviewError:
            return  # following goes on; what matters is in the result
        for part, lines in _lines(known).items() if known else ():
            if (video.index, part) in untold:
                self._told.add((video.index, part))
                self._milestones.reach(part, first=part == WORDS)
                for line in lines:
                    yield Text(f"Answer {video.index + 1}: ", "bold").append_text(line)

    def _untold(self, video: Video) -> set[tuple[int, str]]:
        ended = {(video.index, STAGES[s.name]) for s in video.stages if s.name in STAGES and s.state == "completed"}
        return ended - self._told


def _lines(known: SoFar) -> Mapping[str, list[Text]]:
    lines = {}
    if known.transcript is not None:
        lines[WORDS] = [_spoken(known.transcript)]
    if known.evaluation is not None:
        lines[SCORES] = [_rated(known.evaluation)]
    if known.findings is not None:
        lines[FINDINGS] = [_found(finding) for finding in known.findings] or [Text("no findings")]
    return lines


def _spoken(transcript: Spoken) -> Text:
    words = shortened(cleaned(transcript.text), TRANSCRIPT_CHARS)
    return Text(f"“{words}”" if words else "nothing was understood")


def _rated(evaluation: Rated) -> Text:
    if evaluation.total is None:
        return Text("no score: please rate this answer by hand")
    ratings = ", ".join(f"{cleaned(name)} {score}" for name, score in evaluation.ratings.items())
    return Text(f"score {evaluation.total} of 100" + (f" ({ratings})" if ratings else ""))


def _found(finding: Finding) -> Text:
    return finding_line(finding.model_dump())
