"""Who may call what on a cluster with mutual TLS: each process what it uses, and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from orchestrator.api import Orchestrator
from servicekit.certificates.rights import Rights

ROOT = Path(__file__).resolve().parents[2]


def granted(service: str) -> dict[str, list[str]]:
    """The rights that the component gives to callers of a service."""
    component = yaml.safe_load((ROOT / "k8s" / "components" / "mtls" / "kustomization.yaml").read_text())
    for patch in component["patches"]:
        for change in yaml.safe_load(patch["patch"]):
            value = change["value"]
            if isinstance(value, dict) and value.get("name") == f"{service.upper()}_RIGHTS":
                found: dict[str, list[str]] = json.loads(value["value"])
                return found
    raise AssertionError(f"{service} has no rights")


def called(path: str, stub: str) -> set[str]:
    return set(re.findall(rf"{stub}\.([A-Z]\w+)\(", (ROOT / path).read_text()))


def test_the_gateway_may_call_what_it_uses_and_nothing_of_administration() -> None:
    used = {f"OrchestratorService/{name}" for name in called("gateway/orchestrator.py", "self._stub")}
    used |= {f"OrchestratorService/{name}" for name in called("gateway/notes/orchestrator.py", "self._stub")}
    used |= {f"LettersService/{name}" for name in called("gateway/letters/orchestrator.py", "self._stub")}
    used |= {f"JobsService/{name}" for name in called("gateway/jobs/orchestrator.py", "self._stub")}
    used |= {f"VaultService/{name}" for name in called("gateway/vault/orchestrator.py", "self._stub")}
    used |= {f"AuditService/{name}" for name in called("gateway/audit/orchestrator.py", "self._stub")}
    used |= {f"ImpactService/{name}" for name in called("gateway/impact/orchestrator.py", "self._stub")}
    organisations = called("gateway/organisations/orchestrator.py", "self._stub")
    used |= {f"OrganisationsService/{name}" for name in organisations}
    rights = granted("orchestrator")
    assert rights.pop("orchestrator") == ["OrganisationsService/*"]  # `interview members` in its own pod
    assert rights == {"gateway": sorted(used)}
    assert not used & {method.rpartition(".")[2] for method in Orchestrator.guarded}


@pytest.mark.parametrize("service", ["transcriber", "vision", "audio", "judge"])
def test_only_the_worker_calls_the_services(service: str) -> None:
    rights = granted(service)
    assert rights.pop("worker") == [f"{service.title()}Service/*"]
    uses = called("orchestrator/policies/choices.py", r"self\._judge\(\)")
    expected = {"orchestrator": sorted(f"JudgeService/{name}" for name in uses)} if service == "judge" else {}
    assert rights == expected


def test_without_any_grant_rights_are_as_before() -> None:
    assert Rights() == Rights({}, frozenset())
