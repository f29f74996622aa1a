"""Whether a result has anything of what its policy switches off. Pure: result JSON in, findings for people out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from interview_client.reading import at, items, real, text

NAMED = {
    "non_verbal": "measures of the face",
    "biometric_comparison": "comparison of faces and voices",
    "voices": "telling voices apart",
}
"""What a policy can switch off, as its file calls it and in words."""

FACE = ("facial_expression_analysis", "eye_movement_analysis")
COMPARED = ("voice_differs", "face_differs", "person_changed")
"""Findings that are made of comparing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`lines` say what was switched off and which models took part, `faults` what is there all the same."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def measured(result: Mapping[str, Any]) -> Measured:
    """What the policy of a result switched off, and what of it there is in each answer."""
    policy = at(result, "metadata", "policy")
    name, digest = text(at(policy, "name")), text(at(policy, "sha256"))
    if at(policy, "switched_off") is None:
        told = f"The result is of an earlier version: what policy {name} switched off stands in its file with SHA-256"
        return Measured(faults=[f"{told} {digest}."])
    off = [name for name in map(text, items(policy, "switched_off")) if name in NAMED]
    named = ", ".join(f"{NAMED[each]} ({each})" for each in off) or "nothing"
    found = Measured([f"Policy {name} switches off: {named}.", f"SHA-256 of its file: {digest}."])
    for number, answer in enumerate(items(result, "content"), 1):
        there = [f"Answer {number}: {what}" for each in off for what in _KINDS[each](at(answer, "result"))]
        found.faults.extend(there)
        models = ", ".join(_models(at(answer, "result"))) or "none"
        nothing = "" if there or not off else " Nothing of what is switched off."
        found.lines.append(f"Answer {number}: models that took part: {models}.{nothing}")
    return found


def _face(answer: object) -> Iterator[str]:
    blocks = [at(answer, "non_verbal_analysis", block) for block in FACE]
    known = [key for b in blocks if isinstance(b, Mapping) for key, value in b.items() if value not in (None, False)]
    if known:
        yield f"the face was measured: {', '.join(known)}."
    if at(answer, "non_verbal_confidence_score") is not None:
        yield "there is a non-verbal score."
    if blinks := items(answer, "evidence", "blinks"):
        yield f"{len(blinks)} blinks were counted."


def _compared(answer: object) -> Iterator[str]:
    if any("dlib" in text(at(model, "runtime")) for model in items(answer, "provenance", "vision")):
        yield "the network that recognises faces took part."
    for finding in items(answer, "evidence", "findings"):
        if (kind := text(at(finding, "type"))) in COMPARED:
            yield f"there is a finding that is made of comparing: {kind}."


def _voices(answer: object) -> Iterator[str]:
    if any("resemblyzer" in text(at(model, "runtime")) for model in items(answer, "provenance", "audio")):
        yield "the network that tells voices apart took part."
    if real(at(answer, "cheating_detection", "audio", "num_speakers")) or items(answer, "evidence", "speakers"):
        yield "voices were counted."


_KINDS = {"non_verbal": _face, "biometric_comparison": _compared, "voices": _voices}


def _models(answer: object) -> Iterator[str]:
    made = at(answer, "provenance")
    parts = [at(made, "transcriber"), *items(made, "vision"), *items(made, "audio"), at(made, "judge", "model")]
    for model in parts:
        if name := text(at(model, "name")):
            yield f"{name} ({text(at(model, 'runtime')) or 'unknown runtime'})"
