"""`python -m scripts.check_k8s [FOLDER]`: check every overlay; with a folder, leave the rendered manifests there."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import yaml

from scripts.check_k8s import agreement, network, pods, processes, references, refusals, rights, scaling, schemas
from scripts.check_k8s.manifests import ROOT, Cluster, overlays, render

CHECKS = (schemas, refusals, references, rights, pods, processes, agreement, scaling, network)


def problems(cluster: Cluster) -> Iterator[str]:
    """What every check says."""
    for check in CHECKS:
        yield from check.problems(cluster)
    yield from agreement.version_problems(cluster, version())


def version() -> str:
    """Of this tree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def main() -> int:
    """1 when something is wrong."""
    found: list[str] = []
    for overlay in overlays():
        try:
            cluster = render(overlay)
        except subprocess.CalledProcessError as error:
            print(f"{overlay} does not render: {error.stderr}", file=sys.stderr)
            return 1
        if sys.argv[1:]:
            folder = Path(sys.argv[1])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{overlay}.yaml").write_text(yaml.safe_dump_all(cluster.manifests))
        texts = list(problems(cluster))
        found += [f"{overlay}: {text}" for text in texts]
        print(f"{overlay}: {len(cluster.manifests)} objects, {len(texts)} problems")
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
