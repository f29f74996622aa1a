"""The rehearsal: sessions run while replicas come, go and are killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from interview_client import NewAnswer
from local.ports import SERVICES
from rehearsal.callers import QUESTION, Callers, Outcome, steady_rate
from rehearsal.clip import write_clip
from rehearsal.plans import SCALED, Plan
from rehearsal.queries import Asked, ask_all, scraped
from rehearsal.servers.cluster import Cluster, Layout, cluster
from rehearsal.servers.scaler import Scaler, highest_demand
from rehearsal.work import ServiceWork, service_work

WATCH_S = 0.2
SCALER_S = 2.0
"""How often the autoscaler looks; in a cluster KEDA does every 30 s and the HorizontalPodAutoscaler every 15 s."""
SETTLE_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Happening:
    """Something done to the system: seconds after the first session was handed in."""

    at_s: float
    what: str


@dataclass(frozen=True, slots=True)
class Scaling:
    """A change of the autoscaled service: seconds after the first session, calls in demand, replicas from then on."""

    at_s: float
    demand: float
    replicas: int


@dataclass(frozen=True, slots=True)
class Throughput:
    """Answers a minute with `replicas` of every service, beside what services alone could do."""

    replicas: int
    sessions: int
    answers_a_minute: float
    ideal_a_minute: float
    lost: int
    refused: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that was seen."""

    outcomes: Sequence[Outcome]
    twice: Sequence[str]
    work: Sequence[ServiceWork]
    happenings: Sequence[Happening]
    scalings: Sequence[Scaling]
    added: str
    """Name of the replica that was added by hand."""
    throughput: Sequence[Throughput]
    asked: Sequence[Asked] = ()
    """What Prometheus said to the dashboard's and the alerts' expressions."""

    @property
    def lost(self) -> int:
        """Sessions that did not come to a whole result, those of the measurement of throughput included."""
        return sum(o.lost for o in self.outcomes) + sum(t.lost for t in self.throughput)

    @property
    def added_replica_called(self) -> bool:
        """Whether the replica that was added got calls."""
        return any(r.name == self.added and r.calls for w in self.work for r in w.replicas)

    @property
    def passed(self) -> bool:
        """Whether nothing was lost or done twice, the new replica was found, and the dashboard has its data."""
        return not self.lost and not self.twice and self.added_replica_called and all(a.right for a in self.asked)


def rehearse(folder: Path, plan: Plan, say: Callable[[str], None]) -> Rehearsal:
    """Run a plan; `folder` is empty and holds logs afterwards. Raises StartError."""
    say("Starting PostgreSQL, SeaweedFS, Temporal and every service ...")
    layout = Layout(plan.replicas, plan.command, plan.settings)
    with cluster(folder, layout) as system, scraped(system, folder / "prometheus") as prometheus:
        clip = NewAnswer(write_clip(folder / "clip.mp4", plan.clip_s), QUESTION)
        found = _Scenario(system, plan, clip, say).run()
        return replace(found, asked=ask_all(prometheus))


class _Scenario:
    def __init__(self, system: Cluster, plan: Plan, clip: NewAnswer, say: Callable[[str], None]) -> None:
        self._system, self._plan, self._clip, self._say = system, plan, clip, say
        self._callers = Callers(system.urls, [clip], plan.open_sessions, "Rehearsal")
        self._happenings: list[Happening] = []
        self._scalings: list[Scaling] = []
        self._started, self._added = time.time(), ""

    def run(self) -> Rehearsal:
        self._say(f"{self._plan.sessions} sessions; what happens meanwhile:")
        try:
            with self._scaling():
                self._callers.start(self._plan.answer_counts)
                self._disturb()
                outcomes = self._callers.finish()
                self._settle()
        finally:
            self._callers.abandon()
        twice = [name for name, count in self._callers.stored().items() if count > 1]
        work = service_work(self._system.deployments, outcomes)
        throughput = [self._throughput(n) for n in self._plan.throughput]
        return Rehearsal(outcomes, twice, work, self._happenings, self._scalings, self._added, throughput)

    def _disturb(self) -> None:
        """One thing after another, spread over the sessions."""
        steps = (
            self._add_judge, self._kill_vision, self._drain_audio, self._kill_worker, self._drain_gateway
        )  # fmt: skip
        for number, step in enumerate(steps, 1):
            share = number / (2 * len(steps) + 2)  # the last one while sessions are still being handed in
            while self._callers.ended < share * self._plan.sessions:
                time.sleep(WATCH_S)
            self._note(step())

    def _add_judge(self) -> str:
        judge = self._system.deployments["judge"]
        before = {r.program.name for r in judge.replicas}
        judge.scale(judge.wanted + 1)
        self._added = next(r.program.name for r in judge.replicas if r.program.name not in before)
        return f"a replica of the judge is added ({self._added})"

    def _kill_vision(self) -> str:
        replica = self._system.deployments["vision"].ready[0]
        self._system.deployments["vision"].kill(replica)
        return f"{replica.program.name} is killed (SIGKILL) and started again"

    def _drain_audio(self) -> str:
        replica = self._system.deployments["audio"].ready[0]
        self._system.deployments["audio"].drain(replica)
        return f"{replica.program.name} is drained (SIGTERM) and replaced"

    def _kill_worker(self) -> str:
        replica = self._system.deployments["worker"].ready[0]
        self._system.deployments["worker"].kill(replica)
        return f"{replica.program.name} is killed (SIGKILL) and started again"

    def _drain_gateway(self) -> str:
        replica = self._system.deployments["gateway"].ready[0]
        self._system.deployments["gateway"].drain(replica)
        return f"{replica.program.name} is drained (SIGTERM) and replaced"

    def _note(self, what: str) -> None:
        self._happenings.append(Happening(round(time.time() - self._started, 1), what))
        self._say(f"  {self._happenings[-1].at_s:6.1f} s  {what}")

    @contextmanager
    def _scaling(self) -> Iterator[None]:
        """Scale one service by the metric while the context lasts."""
        stopped, scaler = threading.Event(), Scaler(self._plan.rule)
        self._started = time.time()

        def scale() -> None:
            while not stopped.wait(SCALER_S):
                self._scale(scaler)

        thread = threading.Thread(target=scale, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()

    def _scale(self, scaler: Scaler) -> None:
        deployment = self._system.deployments[SCALED]
        calls = highest_demand(self._system.worker_metrics(), SCALED)
        if calls is None:
            return  # no worker has counted yet: KEDA keeps what is when its query fails
        wanted = scaler.replicas(calls, deployment.wanted)
        if wanted != deployment.wanted:
            self._scalings.append(Scaling(round(time.time() - self._started, 1), calls, wanted))
            deployment.scale(wanted)
            self._note(f"the autoscaler wants {wanted} of the {SCALED} (demand {calls:.0f})")

    def _settle(self) -> None:
        """Wait until the autoscaler has taken the replicas back that it added."""
        deadline = time.monotonic() + SETTLE_TIMEOUT_S
        while self._system.deployments[SCALED].wanted > self._plan.rule.minimum and time.monotonic() < deadline:
            time.sleep(WATCH_S)

    def _throughput(self, replicas: int) -> Throughput:
        for name in SERVICES:
            self._system.deployments[name].scale(replicas)
        self._system.wait_ready()
        count, before = 8 * replicas, self._refused()
        self._say(f"Throughput with {replicas} of every service: {count} sessions of one answer ...")
        callers = Callers(self._system.urls, [self._clip], count, f"Throughput {replicas}")
        callers.start([1] * count)
        outcomes = callers.finish()
        rate = 60 * steady_rate([o.ended_at for o in outcomes])
        ideal = 60 * replicas / self._plan.bottleneck_s
        refused = self._refused() - before
        return Throughput(replicas, count, rate, ideal, sum(o.lost for o in outcomes), refused)

    def _refused(self) -> int:
        return sum(work.refused for work in service_work(self._system.deployments, ()))
