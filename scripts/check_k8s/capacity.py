"""`python -m scripts.check_k8s.capacity`: the interviews a day that each overlay carries, part by part."""

from __future__ import annotations

from dataclasses import replace

from rehearsal.capacity import TYPICAL, Cost, carried, measured
from rehearsal.tables import table
from scripts.check_k8s.agreement import most_replicas
from scripts.check_k8s.manifests import Cluster, overlays, render
from scripts.check_k8s.processes import processes

PARTS = ("transcriber", "vision", "audio", "judge", "vllm", "worker")


def costs(cluster: Cluster) -> dict[str, Cost]:
    """What an interview takes of each workload, with the models that this overlay runs."""
    speech, rating, translation, engine = measured(
        "transcriber on a GPU" if "gpu" in cluster.components else "transcriber",
        "judge",
        "translation",
        "engine on a GPU",
    )
    vision, audio, slots = measured("vision", "audio", "worker's slots")
    slots = replace(slots, at_once=_stages_a_worker(cluster))
    both = replace(rating, media_minute_s=rating.media_minute_s + translation.media_minute_s)
    judge = {"vllm": engine} if "vllm" in cluster.components else {"judge": both}
    return {"transcriber": speech, "vision": vision, "audio": audio, **judge, "worker": slots}


def _stages_a_worker(cluster: Cluster) -> int:
    worker = next(p for p in processes(cluster) if p.module == "orchestrator.worker")
    return int(worker.settings().model_dump()["max_concurrent_activities"])


def carries(cluster: Cluster) -> dict[str, int]:
    """Interviews a day by workload, when each is scaled as far as it may be; the least is what the overlay carries."""
    return {part: carried(TYPICAL, cost, most_replicas(cluster, part)) for part, cost in costs(cluster).items()}


def text() -> str:
    """A row a part, a column an overlay, and the least of each column."""
    columns = {overlay: carries(render(overlay)) for overlay in overlays()}
    rows = [(part, *(_cell(column.get(part)) for column in columns.values())) for part in PARTS]
    least = ("**carried**", *(f"**{min(column.values()):,}**" for column in columns.values()))
    return table(("part", *columns), [*rows, least])


def _cell(found: int | None) -> str:
    return "" if found is None else f"{found:,}"


if __name__ == "__main__":
    print(text())
