"""`python -m scripts.check_k8s.alerts`: the alerts and their unit tests, by Prometheus' own tool."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from scripts.check_k8s.manifests import ROOT

ALERTS = ROOT / "k8s" / "components" / "observability" / "alerts.yaml"
TESTS = ROOT / "tests" / "alerts"


def promtool(folder: Path, rules: str) -> subprocess.CompletedProcess[str]:
    """Check `rules`, the text of a PrometheusRule, and run every unit test on it in `folder`."""
    (folder / "rules.yaml").write_text(yaml.safe_dump(yaml.safe_load(rules)["spec"]))
    tests = [shutil.copy(path, folder) for path in sorted(TESTS.glob("*.yaml"))]
    checked = _run("check", "rules", folder / "rules.yaml")
    return checked if checked.returncode else _run("test", "rules", *tests)


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)


def main() -> int:
    """1 when something is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        done = promtool(Path(folder), ALERTS.read_text())
    print(f"alerts: {'their tests pass' if not done.returncode else done.stdout + done.stderr}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
