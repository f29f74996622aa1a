"""The page of faults names checks that exist, and what no manifest shows is checked here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from scripts.check_k8s.__main__ import CHECKS
from scripts.check_k8s.manifests import OVERLAYS, ROOT, Cluster, pod_of
from tests.architecture.test_k8s_definitions import RULES
from tests.architecture.test_k8s_faults import FAULTS
from tests.support.k8s import main, the

PAGE = ROOT / "docs" / "cluster-faults.md"


def test_the_values_for_temporal_are_for_charts_since_1_0() -> None:
    """It refuses the keys of databases that earlier ones brought, and the settings of schemas beside the stores."""
    page = (ROOT / "k8s" / "components" / "temporal" / "README.md").read_text()
    values = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0])
    assert values.keys() == {"server"}
    stores = values["server"]["config"]["persistence"]
    assert stores["datastores"].keys() == {stores["defaultStore"], stores["visibilityStore"]}
    for store in stores["datastores"].values():
        assert store["sql"]["manageSchema"]
        assert store["sql"]["pluginName"] == "postgres12"


def test_the_patches_for_a_part_of_a_gpu_do_what_the_page_says(tmp_path: Path) -> None:
    page = (ROOT / "k8s" / "components" / "gpu" / "README.md").read_text()
    runtime, part = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL))
    base = os.path.relpath(OVERLAYS / "production", tmp_path.resolve())
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({"resources": [base], "patches": [*runtime, *part]}))
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run([kubectl, "kustomize", tmp_path], capture_output=True, text=True, check=True)
    found = Cluster("production", list(yaml.safe_load_all(done.stdout)))
    assert pod_of(the(found, "Deployment", "transcriber"))["runtimeClassName"] == "nvidia"
    limits = main(found, "transcriber")["resources"]["limits"]
    assert {key: value for key, value in limits.items() if "nvidia" in key} == {"nvidia.com/mig-1g.10gb": "1"}


def test_every_fault_is_looked_for_by_the_whole_check() -> None:
    """`make check-k8s` runs these."""
    asked = {check.problems for check in CHECKS}
    assert {fault[1] for fault in FAULTS} <= asked


def test_the_page_of_faults_names_checks_that_exist() -> None:
    """Each by its file and its id there: of a case above, or the name of a test."""
    rows = re.findall(r"\| `(tests/[a-z0-9_/]+\.py)`: (.+) \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 30
    assert len(rows) == len([line for line in PAGE.read_text().splitlines() if line.startswith("| ")]) - 1
    cases = {fault[3] for fault in FAULTS} | {case[3] for case in RULES}
    for path, check in rows:
        found = f"def {check}(" in (ROOT / path).read_text() if check.startswith("test_") else check in cases
        assert found, f"{path}: {check}"
