"""How much torture: every number is an option of the command as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from local.ports import SERVICES
from rehearsal.plans import OTHERS

REPLICAS = {**dict.fromkeys(SERVICES, 2), "orchestrator": 2, "worker": 2, "gateway": 2}
FEW = {**dict.fromkeys(SERVICES, 1), "orchestrator": 1, "worker": 2, "gateway": 2}


@dataclass(frozen=True, slots=True)
class Sizes:
    """`0` leaves a part out."""

    seed: int = 1
    files: int = 500
    """Damaged and hostile recordings."""
    file_s: float = 90.0
    """Longest time to read one of them, seconds."""
    sessions: int = 100
    """Sessions while parts die, of one and two answers in turn."""
    open_sessions: int = 12
    """So many of them at a time."""
    deletions: int = 20
    """Further sessions that are deleted at a random moment."""
    model_sessions: int = 2
    """Further sessions while parts die, of a system whose services run their real models; ones that sleep otherwise."""
    model_faults: int = 8
    """Things that are done to that system meanwhile."""
    faults: int = 40
    """Things that are done to the system meanwhile, one after the other."""
    fault_s: float = 20.0
    """How long something is frozen, away or full, seconds."""
    load: int = 500
    """Sessions at once."""
    endurance_min: float = 120.0
    """Minutes of steady work."""
    clip_s: float = 2.0
    media_pace: float = 1.0
    judge_call_s: float = 0.5
    replicas: Mapping[str, int] = field(default_factory=lambda: REPLICAS)
    models: bool = False
    """Whether services run their real models."""

    def command(self, name: str) -> Sequence[str]:
        """What a deployment runs, after the interpreter."""
        if name not in SERVICES:
            return OTHERS[name]
        if self.models:
            return ("-m", f"services.{name}")
        pace = ("--call-s", self.judge_call_s) if name == "judge" else ("--media-pace", self.media_pace)
        return ("-m", "rehearsal.servers.stand_ins", name, pace[0], str(pace[1]))

    @property
    def system(self) -> bool:
        """Whether the system is to be started at all."""
        return bool(self.sessions or self.deletions or self.load or self.endurance_min)

    @property
    def with_models(self) -> Sizes:
        """A second system: few sessions, real models, one process of each service."""
        return replace(
            self,
            sessions=self.model_sessions,
            faults=self.model_faults,
            deletions=0,
            load=0,
            endurance_min=0,
            replicas=FEW,
            models=True,
        )


FULL = Sizes()
SHORT = Sizes(
    files=90,
    sessions=8,
    model_sessions=0,
    open_sessions=6,
    deletions=3,
    faults=11,
    fault_s=3.0,
    load=10,
    endurance_min=0,
    clip_s=1.0,
    judge_call_s=0.2,
    replicas=FEW,
)
