"""The whole system as real processes, tortured: parts die, many call at once, it works on and on."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from interview_client import InterviewClient, NewAnswer
from interview_client.errors import InterviewError
from local.system import ROOT
from rehearsal.callers import QUESTION, Callers, Outcome
from rehearsal.clip import write_clip
from rehearsal.servers.cluster import Cluster, Layout, cluster
from torture.counts import Count, must_be_none
from torture.endurance import endure
from torture.faults import Disk, faults_of, in_turn
from torture.load import refused_politely, torture_load
from torture.personal import FILE_NAME, NAME, collecting, logs, metrics, personal
from torture.records import StageWatch, left_over, processes_of
from torture.results import Expected
from torture.sizes import Sizes

SAMPLE = ROOT / "sample" / "answer_en.mp4"
PAUSE_S = (0.5, 3.0)
"""Between two faults."""
DELETED_WITHIN_S = 12.0
PATIENCE_S = 420.0
"""For a deletion while parts die, and for what is left after all of them: a worker that was killed in the middle of
work on rows holds that up for a minute and a half."""
LEFT_PATIENCE_S = 60.0


def torture_system(folder: Path, sizes: Sizes, say: Callable[[str], None]) -> list[Count]:
    """Everything but files; `folder` is empty and holds logs afterwards. Raises StartError."""
    disk = Disk(folder / "scratch")
    say("Starting PostgreSQL, SeaweedFS, Temporal and every service ...")
    with disk.mounted(), collecting() as traces:
        uploads = 3 * (sizes.sessions + sizes.deletions + sizes.load) + round(60 * sizes.endurance_min) + 300
        settings = {"INTERVIEW_OTLP_ENDPOINT": traces.address, "GATEWAY_UPLOAD_RATE_LIMIT": f"{uploads}/hour"}
        with cluster(folder, Layout(sizes.replicas, sizes.command, settings)) as system:
            clip = NewAnswer(_recording(folder / FILE_NAME, sizes), QUESTION)
            torture = _Torture(system, sizes, clip, say)
            counts = torture.faults(disk)
            counts += torture_load(system, [clip], sizes.load, say)
            counts += endure(system, [clip], sizes.endurance_min, say)
            counts += torture.deleted_after_all(folder / "scratch")
            counts += refused_politely(system, uploads)
            told = metrics(system)
        counts += [
            must_be_none("personal data", "in logs", personal(logs(system))),
            must_be_none("personal data", "in metrics", personal(told)),
            must_be_none("personal data", "in traces", personal({"traces": traces.raw})),
            Count("personal data", "spans that were looked at", traces.spans),
        ]
    return [*counts, must_be_none("left", "processes", processes_of(folder))]


def _recording(path: Path, sizes: Sizes) -> Path:
    """For real models somebody who speaks, else a tone."""
    return Path(shutil.copy(SAMPLE, path)) if sizes.models else write_clip(path, sizes.clip_s)


@dataclass(frozen=True, slots=True)
class _Deletion:
    name: str
    session_id: str
    state: str


class _Torture:
    def __init__(self, system: Cluster, sizes: Sizes, clip: NewAnswer, say: Callable[[str], None]) -> None:
        self._system, self._sizes, self._clip, self._say = system, sizes, clip, say
        self._random = Random(sizes.seed)
        self._watch = StageWatch(system.database_url)
        self._callers = Callers(system.urls, [clip], max(1, sizes.open_sessions), NAME)

    def faults(self, disk: Disk) -> list[Count]:
        """Sessions and deletions while parts die."""
        if not self._sizes.sessions:
            return []
        expected = self._quiet()
        self._say(f"{self._sizes.sessions} sessions, {self._sizes.deletions} deletions; what happens meanwhile:")
        with self._watch.watching(), ThreadPoolExecutor(max(1, self._sizes.deletions)) as threads:
            self._callers.start([1 + number % 2 for number in range(self._sizes.sessions)])
            moments = [self._random.uniform(0, DELETED_WITHIN_S) for _ in range(self._sizes.deletions)]
            deletions = list(map(threads.submit, [self._deleted] * len(moments), range(len(moments)), moments))
            done = self._disturb(disk)
            self._system.wait_ready()
            outcomes = self._callers.finish()
            deleted = [deletion.result() for deletion in deletions]
        return [
            Count("faults", "things done to the system", len(done)),
            *(Count("faults", f"{kind} of these", sum(k == kind for k in done)) for kind in sorted(set(done))),
            *([] if disk.there else [Count("faults", "full disks (mounting one takes root: not tried)", 0)]),
            *self._counts(outcomes, expected),
            Count("faults", "deletions at random moments", len(deleted)),
            must_be_none("faults", "deletions that did not end", [d.state for d in deleted if d.state != "deleted"]),
        ]

    def deleted_after_all(self, scratch: Path) -> list[Count]:
        """Delete every session that there is; what is left then belongs to nobody."""
        self._system.wait_ready()
        urls = self._system.urls()
        with InterviewClient(urls[0], timeout_s=120) as client:
            ids = [session.session_id for session in client.each_session()]
            with ThreadPoolExecutor(8) as threads:
                list(threads.map(lambda each: self._erased(each, time.monotonic() + PATIENCE_S), ids))
        left = left_over(self._system, scratch, LEFT_PATIENCE_S)
        return [
            Count("left", "sessions deleted at the end", len(ids)),
            must_be_none("left", "rows", [f"{count} {table}" for table, count in left.rows.items() if count]),
            must_be_none("left", "objects", left.objects),
            must_be_none("left", "open workflows and timers", left.workflows),
            must_be_none("left", "temporary folders", left.folders),
            Count("left", "objects of hand-ins that came to nothing, swept", left.swept),
        ]

    def _quiet(self) -> dict[int, Expected]:
        """What interviews of one and of two answers give when nothing happens to anybody."""
        self._say("A quiet run first ...")
        callers = Callers(self._system.urls, [self._clip], 4, f"{NAME} Quiet")
        callers.start([1, 1, 2, 2])
        found = [self._result(outcome) for outcome in callers.finish()]
        return {1: Expected(found[:2]), 2: Expected(found[2:])}

    def _result(self, outcome: Outcome) -> dict[str, object]:
        return self._callers.patiently(lambda client: client.results(outcome.session_id))[0]

    def _disturb(self, disk: Disk) -> list[str]:
        done, started = [], time.monotonic()
        faults = in_turn(faults_of(self._system, disk, self._random), self._random)
        for _, fault in zip(range(self._sizes.faults), faults, strict=False):
            time.sleep(self._random.uniform(*PAUSE_S))
            self._say(f"  {time.monotonic() - started:6.1f} s  {fault.part} {fault.kind}")
            fault.begin(self._sizes.fault_s)
            done.append(fault.kind)
        return done

    def _counts(self, outcomes: Sequence[Outcome], expected: dict[int, Expected]) -> list[Count]:
        taken = [o for o in outcomes if o.session_id]
        whole = [o for o in taken if not o.lost]
        other = {o.name: expected[o.answers].differences(self._result(o)) for o in whole}
        stored = self._callers.stored()
        return [
            Count("faults", "sessions acknowledged", len(taken)),
            Count("faults", "hand-ins sent again", sum(o.tries - 1 for o in taken)),
            must_be_none("faults", "hand-ins that failed for good", _named(o for o in outcomes if not o.session_id)),
            Count("faults", "sessions with a whole result", len(whole)),
            must_be_none("faults", "sessions without one", _named(o for o in taken if o.lost)),
            must_be_none("faults", "sessions stored twice", [name for name, count in stored.items() if count > 1]),
            must_be_none(
                "faults",
                "results that a quiet run does not give",
                [f"{name}: {', '.join(paths[:5])}" for name, paths in other.items() if paths],
            ),
            Count("faults", "stages that were seen to end", len(self._watch.ended)),
            must_be_none("faults", "ended stages that were done again", sorted(map(str, self._watch.redone))),
        ]

    def _deleted(self, number: int, after_s: float) -> _Deletion:
        name = f"{NAME} Deleted {number + 1:03}"
        try:
            key = f"{name} {self._sizes.seed}"
            session_id, _ = self._callers.patiently(
                lambda client: client.submit(name, [self._clip], "en", idempotency_key=key)
            )
            time.sleep(after_s)
            return _Deletion(name, session_id, self._erased(session_id, time.monotonic() + PATIENCE_S))
        except InterviewError as error:
            return _Deletion(name, "", f"{name}: {error}")

    def _erased(self, session_id: str, deadline: float) -> str:
        while time.monotonic() < deadline:
            try:
                for url in self._system.urls()[:1]:
                    with InterviewClient(url, timeout_s=120) as client:
                        client.delete(session_id)
                        return "deleted"
            except InterviewError as error:
                if error.status in (404, 410):
                    return "deleted"
                if not error.transient:
                    return f"{session_id}: {error}"
            threading.Event().wait(1)
        return f"{session_id}: not deleted in {PATIENCE_S:.0f} s"


def _named(outcomes: Iterable[Outcome]) -> list[str]:
    return [f"{o.name} ({o.session_id}): {o.state}" for o in outcomes]
