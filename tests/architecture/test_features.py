"""Rooms and doors: which feature may use which, who may open routes, how much a folder holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.test_imports import ROOT, files, imports

USES: dict[str, dict[str, set[str]]] = {
    "gateway": {
        "access": {"audit", "organisations"},
        "answers": {"sessions"},
        "audit": set(),
        "candidates": set(),
        "choices": set(),
        "consents": {"access"},
        "deliveries": set(),
        "feedback": {"access"},
        "greenhouse": {"audit", "invitations"},
        "http": set(),
        "impact": {"access", "report", "sessions"},
        "invitations": {"access", "submissions"},
        "jobs": set(),
        "letters": {"invitations", "report"},
        "links": {"access", "consents", "submissions", "uploads"},
        "notes": {"access", "sessions"},
        "organisations": set(),
        "preferences": {"organisations"},
        "recordings": set(),
        "report": {"http", "sessions"},
        "reviews": {"sessions"},
        "scorecards": set(),
        "sessions": {"http", "reviews"},
        "similarity": set(),
        "submissions": {"access", "sessions", "uploads"},
        "transcripts": set(),
        "translations": {"sessions"},
        "uploads": {"access", "consents"},
        "vault": set(),
        "web": set(),
    },
    "orchestrator": {
        "activities": {
            "audit", "download", "events", "evidence", "fusion", "impact", "invitations", "jobs", "playback",
            "policies", "sessions", "similarity", "translations", "vault", "webhooks", "workflows",
        },
        "audit": {"sessions", "texts", "vault"},
        "candidates": {"jobs", "links", "notes", "reviews", "scorecards", "sessions"},
        "demand": {"sessions", "translations"},
        "download": set(),
        "events": set(),
        "evidence": {"fusion", "policies", "sessions", "workflows"},
        "fusion": {"evidence", "policies"},
        "impact": {"candidates", "invitations", "jobs", "links", "sessions"},
        "invitations": {"events", "jobs", "links", "sessions"},
        "jobs": {"audit", "keys", "organisations", "policies", "sessions"},
        "keys": {"sessions"},
        "letters": {"audit", "invitations", "links", "sessions", "texts"},
        "links": {"sessions"},
        "notes": {"audit", "links", "sessions", "texts"},
        "organisations": {"audit", "keys", "sessions"},
        "playback": {"policies", "reviews", "sessions", "workflows"},
        "policies": {"sessions"},
        "preferences": {"audit", "policies", "sessions", "vault"},
        "reviews": {"audit", "events", "fusion", "playback", "sessions", "texts"},
        "scorecards": {"audit", "fusion", "policies", "sessions", "texts"},
        "scaledown": set(),
        "sessions": {"audit", "events", "policies", "reviews", "texts", "translations", "workflows"},
        "similarity": {"candidates", "evidence", "sessions", "workflows"},
        "texts": set(),
        "translations": {"audit", "evidence", "fusion", "policies", "sessions", "workflows"},
        "vault": {"audit", "sessions"},
        "webhooks": {"download", "events", "sessions", "translations", "vault"},
        "workflows": set(),
    },
}  # fmt: skip
"""What each feature uses of its neighbours. A new line here is a decision: say in the commit why it is needed."""

MUTUAL = {
    # A session is recorded with the policy that it was submitted under, in one transaction.
    ("policies", "sessions"),
    # A session's body shows its decision; deciding answers with the session's body.
    ("reviews", "sessions"),
    # What can be played until a decision ends with it, in one transaction.
    ("playback", "reviews"),
    # A session's row has its decisions, and its first audit entry is written with it; both write in its transactions.
    ("audit", "sessions"),
    # A session's message says how many translations follow.
    ("sessions", "translations"),
    # A receipt names the keys that it destroys; the chain has who made and deleted organisations' keys and secrets.
    ("audit", "vault"),
    # Evidence is gathered with the still lips that the fusion finds, and the fusion is made of evidence.
    ("evidence", "fusion"),
}
DOORS = {"gateway": ("routes", "gateway/app.py"), "orchestrator": ("rpc", "orchestrator/api.py")}
MOST_FILES = 16
SEQUENCES = {"orchestrator/migrations/versions"}
"""Folders that are read from their end, and grow by a file with every change."""


def features(part: str) -> list[str]:
    return sorted(path.parent.name for path in (ROOT / part).glob("*/__init__.py"))


def used(part: str, feature: str) -> set[str]:
    names = (name.split(".") for path in files(f"{part}/{feature}") for name in imports(path))
    return {n[1] for n in names if n[0] == part and len(n) > 1 and n[1] in features(part)} - {feature}


@pytest.mark.parametrize("part", USES)
def test_every_dependency_between_features_is_written_down(part: str) -> None:
    assert {feature: used(part, feature) for feature in features(part)} == USES[part]


def reachable(table: dict[str, set[str]], start: str) -> set[str]:
    found, ahead = set[str](), [start]
    while ahead:
        new = table[ahead.pop()] - found
        found |= new
        ahead += new
    return found


@pytest.mark.parametrize("part", USES)
def test_no_circle_but_the_known_ones(part: str) -> None:
    """Without the pairs that need each other, nothing leads back to where it began."""
    table = {f: {g for g in uses if tuple(sorted((f, g))) not in MUTUAL} for f, uses in USES[part].items()}
    assert [feature for feature in table if feature in reachable(table, feature)] == []
    pairs = {tuple(sorted((f, g))) for f, uses in USES[part].items() for g in uses if f in USES[part][g]}
    assert pairs <= MUTUAL


@pytest.mark.parametrize("part", DOORS)
def test_only_the_front_opens_routes(part: str) -> None:
    door, front = DOORS[part]
    openers = {
        str(path.relative_to(ROOT))
        for path in files(part)
        for name in imports(path)
        if name.startswith(f"{part}.") and name.split(".")[2:3] == [door]
    }
    assert openers == {front}


def crowded() -> dict[str, int]:
    """Migrations aside, which only ever become more."""
    folders: dict[Path, int] = {}
    for part in ("gateway", "orchestrator", "services", "servicekit", "interview_client", "rehearsal", "torture"):
        for path in files(part):
            folders[path.parent] = folders.get(path.parent, 0) + (path.name != "__init__.py")
    found = {str(path.relative_to(ROOT)): count for path, count in folders.items() if count > MOST_FILES}
    return {path: count for path, count in found.items() if path not in SEQUENCES}


def test_no_folder_is_a_warehouse() -> None:
    assert crowded() == {}
