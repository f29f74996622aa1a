"""How large a rehearsal is, and what its processes run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from local.ports import SERVICES
from rehearsal.servers.scaler import ScalingRule

OTHERS = {
    "orchestrator": ("-m", "orchestrator"),
    "worker": ("-m", "orchestrator.worker"),
    "gateway": ("-m", "gateway"),
}
SCALED = "transcriber"
"""The service whose replicas the autoscaler starts and stops."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions, how many of them are open at once, replicas at the beginning, and how long sleeping services sleep.

    `media_pace`: seconds a second of media; `judge_call_s`: seconds a call; `throughput`: numbers of replicas to
    measure with, the most first, since replicas that go are known at once.
    """

    sessions: int
    open_sessions: int
    replicas: Mapping[str, int]
    rule: ScalingRule
    clip_s: float
    media_pace: float
    judge_call_s: float
    throughput: Sequence[int] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer_counts(self) -> list[int]:
        """Answers of each session: one and two in turn."""
        return [1 + number % 2 for number in range(self.sessions)]

    @property
    def bottleneck_s(self) -> float:
        """Seconds that a session of one answer needs of the service that takes longest."""
        return max(self.clip_s * self.media_pace, 3 * self.judge_call_s)

    def command(self, name: str) -> Sequence[str]:
        """What a deployment runs, after the interpreter."""
        if name not in SERVICES:
            return OTHERS[name]
        pace = ("--call-s", self.judge_call_s) if name == "judge" else ("--media-pace", self.media_pace)
        return ("-m", "rehearsal.servers.stand_ins", name, pace[0], str(pace[1]), "--load-s", "1")


FULL = Plan(
    sessions=40,
    open_sessions=16,
    replicas={
        "transcriber": 1, "vision": 3, "audio": 3, "judge": 2, "orchestrator": 2, "worker": 2, "gateway": 2
    },
    rule=ScalingRule(target=2.0, minimum=1, maximum=3, stabilization_s=20.0),
    clip_s=2.0,
    media_pace=1.5,
    judge_call_s=1.0,
    throughput=(3, 2, 1),
)  # fmt: skip

# Connections must grow old soon enough for a new replica to be found before the last session has ended.
SHORT = Plan(
    sessions=10,
    open_sessions=8,
    replicas={
        "transcriber": 1, "vision": 2, "audio": 2, "judge": 1, "orchestrator": 2, "worker": 2, "gateway": 2
    },
    rule=ScalingRule(target=2.0, minimum=1, maximum=2, stabilization_s=5.0),
    clip_s=2.0,
    media_pace=1.0,
    judge_call_s=0.6,
    settings={f"{name.upper()}_MAX_CONNECTION_AGE_S": "6" for name in SERVICES},
)  # fmt: skip
