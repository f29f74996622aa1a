"""The page of faults names checks that exist, and what no manifest shows is checked here."""

from __future__ import annotations

import re

import yaml

from scripts.check_k8s.manifests import ROOT
from tests.architecture.test_k8s_faults import FAULTS

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


def test_the_page_of_faults_names_checks_that_exist() -> None:
    """Each by its file and its id there: of a case above, or the name of a test."""
    rows = re.findall(r"\| `(tests/[a-z0-9_/]+\.py)`: (.+) \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 30
    assert len(rows) == len([line for line in PAGE.read_text().splitlines() if line.startswith("| ")]) - 1
    cases = {fault[3] for fault in FAULTS}
    for path, check in rows:
        found = f"def {check}(" in (ROOT / path).read_text() if check.startswith("test_") else check in cases
        assert found, f"{path}: {check}"
