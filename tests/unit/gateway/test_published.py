"""What the gateway reads of a result: nothing but what is published, of this version and of earlier ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.published import Result
from tests.support.recorded import RESULT

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "result.schema.json").read_text())
Schema = dict[str, Any]


def resolved(whole: Schema, part: Schema) -> Schema:
    """The object or array that a part is about, without references and null."""
    if "$ref" in part:
        return resolved(whole, whole["$defs"][part["$ref"].rsplit("/", 1)[1]])
    for choice in part.get("anyOf", []) + part.get("allOf", []):
        if choice.get("type") != "null":
            return resolved(whole, choice)
    return part


def unknown(reads: Schema, published: Schema, at: str = "") -> list[str]:
    """Keys that are read and that no result has."""
    ours, theirs = resolved(READ, reads), resolved(SCHEMA, published)
    if "items" in ours:
        return unknown(ours["items"], theirs["items"], f"{at}[]")
    missing = [f"{at}.{name}" for name in ours.get("properties", {}) if name not in theirs.get("properties", {})]
    shared = ours.get("properties", {}).keys() & theirs.get("properties", {}).keys()
    return missing + [
        key
        for name in sorted(shared)
        for key in unknown(ours["properties"][name], theirs["properties"][name], f"{at}.{name}")
    ]


READ = Result.model_json_schema()


def test_every_key_that_is_read_is_published() -> None:
    assert unknown(READ, SCHEMA) == []


def test_a_key_that_nobody_publishes_would_be_seen() -> None:
    """The comparison itself, on a schema that lacks one key deep inside."""
    rated = dict(SCHEMA["$defs"]["Penilaian"]["properties"])
    del rated["rate_by_hand"]
    lacking = SCHEMA | {"$defs": SCHEMA["$defs"] | {"Penilaian": {"properties": rated}}}
    assert "rate_by_hand" in str(READ["$defs"]["Rated"]["properties"])
    assert unknown(READ["$defs"]["Rated"], lacking["$defs"]["Penilaian"]) == [".rate_by_hand"]


@pytest.mark.parametrize(
    "lost", ["evidence", "penilaian", "provenance", "modalities", "non_verbal_analysis", "metadata"]
)
@pytest.mark.parametrize("absent", [True, False], ids=["absent", "null"])
def test_results_of_earlier_versions_are_read(lost: str, absent: bool) -> None:
    result = json.loads(json.dumps(RESULT))
    block = result["content"][0]["result"]
    if absent:
        del block[lost]
    else:
        block[lost] = None
    found = Result.model_validate(result)
    assert found.content[1].result == Result.model_validate(RESULT).content[1].result
    assert found.decision_proposal.total == RESULT["decision_proposal"]["total"]
