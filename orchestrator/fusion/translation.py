"""Translations in a result: who made them, which are to come, and a published result completed by one."""

from __future__ import annotations

import copy
from dataclasses import asdict, replace
from typing import Any

from orchestrator.evidence import AnswerEvidence, Attribution, StageReport, Translation
from orchestrator.fusion.rounding import rounded
from orchestrator.policies.policy import Policy

ON_DEMAND = StageReport("on_demand")


def attribution(found: Attribution) -> dict[str, Any]:
    """Who did a judge's work."""
    return asdict(found) | {"failures": list(found.failures)}


def translated_by(translation: Translation) -> dict[str, Any]:
    """Who translated, and how well."""
    return attribution(translation.attribution) | {"grade": translation.grade}


def offered(answer: AnswerEvidence, policy: Policy) -> AnswerEvidence:
    """The answer as its result shows it: what the policy leaves to the reader's wish is `on_demand`, not `skipped`."""
    spoken = answer.transcript is not None and bool(answer.transcript.text)
    report = _offered(answer.stages.get("translate", StageReport("skipped")), spoken, policy.translation)
    return replace(answer, stages=answer.stages | {"translate": report}) if report == ON_DEMAND else answer


def is_translated(result: dict[str, Any], index: int) -> bool:
    """Whether a published result holds an answer's translation."""
    return bool(_block(result, index)["modalities"]["translate"]["state"] == "completed")


def with_translation(
    result: dict[str, Any], index: int, report: StageReport, translation: Translation | None = None
) -> dict[str, Any]:
    """A published result in which an answer's translation stands as `report` says; all else stays as it was.

    What was published may be older than the rules of today, so nothing is computed again.
    """
    changed = copy.deepcopy(result)
    block = _block(changed, index)
    spoken = block["evidence"]["transcript"]
    if spoken is None:
        return changed
    wish = changed["metadata"]["policy"].get("translation", "after_result")
    report = _offered(report, bool(spoken["segments"]), wish)
    block["modalities"]["translate"] = asdict(report)
    if translation is not None:
        block[f"transkripsi_{translation.language}"] = translation.text
        block["provenance"]["translation"] = translated_by(translation)
        block["evidence"]["translation_mismatches"] = list(translation.mismatches)
    if report.seconds is not None:
        _time(changed["metadata"]["timing"][index], report.seconds, block["metadata"]["duration_seconds"])
    return changed


def _offered(report: StageReport, spoken: bool, wish: str) -> StageReport:
    return ON_DEMAND if report.state == "skipped" and spoken and wish == "on_demand" else report


def _block(result: dict[str, Any], index: int) -> dict[str, Any]:
    block: dict[str, Any] = result["content"][index]["result"]
    return block


def _time(timing: dict[str, Any], seconds: float, duration_s: float | None) -> None:
    timing["seconds"]["translate"] = seconds
    if duration_s:
        timing["seconds_per_minute"]["translate"] = rounded(60 * seconds / duration_s, 2)
