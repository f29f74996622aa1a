from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from orchestrator.policies import policy
from orchestrator.policies.policy import POLICIES, PolicyError

DEFAULT = POLICIES / "default.yaml"


def changed(folder: Path, **changes: object) -> Path:
    """The default policy with other fields; None takes one away."""
    fields = yaml.safe_load(DEFAULT.read_text()) | changes
    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in fields.items() if v is not None}))
    return path


def test_policies_carry_the_hash_of_their_file() -> None:
    found = policy.load()
    assert set(found) == {"blind", "default", "eu", "original", "playback"}
    assert found["default"].sha256 == hashlib.sha256(DEFAULT.read_bytes()).hexdigest()


def test_the_default_is_the_careful_one() -> None:
    found = policy.load()["default"]
    assert (found.non_verbal, found.biometric_comparison, found.voices) == (False, False, True)
    assert "fail" not in found.caps.values()  # no sign of help proposes by itself to turn somebody down


def test_what_the_seed_did_is_there_for_whoever_asks_for_it() -> None:
    found = policy.load()["original"]
    assert (found.non_verbal, found.biometric_comparison, found.voices) == (True, True, True)
    assert found.caps["High Risk"] == "fail"
    assert (found.project_weight, found.rating_limits) == (0.7, (90, 80, 70, 60))
    assert (found.pass_rating, found.consider_rating) == (4, 3)
    assert found.weights.model_dump() == {"answer": 1, "transcript_confidence": 0, "integrity": 0, "non_verbal": 0}


def test_a_policy_that_says_nothing_of_intervals_minds_them(tmp_path: Path) -> None:
    assert {found.interval for found in policy.load().values()} == {"widen"}
    assert policy.read(changed(tmp_path, interval=None)).interval == "widen"


def test_the_european_one_measures_no_expression_and_recognises_nobody() -> None:
    found = policy.load()["eu"]
    assert (found.non_verbal, found.biometric_comparison, found.requires_consent) == (False, False, True)
    assert not found.voices


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rating_limits": [60, 70, 80, 90]}, "must fall"),
        ({"weights": dict.fromkeys(("answer", "transcript_confidence", "integrity", "non_verbal"), 0)}, "at least one"),
        ({"project_weight": 1.5}, "project_weight"),
        ({"caps": {"Safe": "pass"}}, "every verdict"),
        ({"caps": {"Safe": "perhaps"}}, "caps.Safe"),
        ({"pass_rating": 2}, "must not be below"),
        ({"non_verbal": False, "weights": {"answer": 1, "transcript_confidence": 0, "integrity": 0, "non_verbal": 1}},
         "switched off"),
        ({"interval": "perhaps"}, "interval"),
        ({"voices": False, "biometric_comparison": True}, "needs voices"),
        ({"surprise": 1}, "surprise"),
        ({"name": None}, "name"),
    ],
)  # fmt: skip
def test_a_wrong_policy_says_what_is_wrong(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        policy.read(changed(tmp_path, **changes))


@pytest.mark.parametrize("content", ["", "- a", "a: [", "text"])
def test_what_is_no_policy_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "odd.yaml").write_text(content)
    with pytest.raises(PolicyError, match="odd"):
        policy.load(tmp_path)


def test_a_folder_needs_policies_with_names_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no policies"):
        policy.load(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_bytes(DEFAULT.read_bytes())
    with pytest.raises(PolicyError, match="same name"):
        policy.load(tmp_path)
