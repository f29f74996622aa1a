"""Checking an exported audit chain and receipts, without the system that made them and without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST = "0" * 64
"""The hash before the first entry."""

MOST_FAULTS = 100
DELETED = "deleted"
"""What the chain calls the entry of a deletion."""


@dataclass(slots=True)
class Verdict:
    """What was found: `faults` are for people and empty where everything is as it was signed.

    `entries` and `heads` count, `last` is the highest number of an entry.
    """

    entries: int = 0
    last: int = 0
    heads: int = 0
    public_key: str = ""
    faults: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Something is not as it was signed."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)


def signature_fault(signed: Mapping[str, Any], public_key: str = "") -> str:
    """What is wrong with a signed object, which must be by this key (base64; empty: the one it names); or nothing."""
    named = str(signed.get("public_key", ""))
    if public_key and named != public_key.strip():
        return f"is signed by another key: {named or 'none'}"
    rest = {name: value for name, value in signed.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(named, validate=True))
        key.verify(base64.b64decode(str(signed.get("signature", "")), validate=True), _canonical(rest).encode())
    except (InvalidSignature, ValueError):
        return "has a signature that does not fit it: it was changed, or made by somebody else"
    return ""


def check_receipt(receipt: Mapping[str, Any], public_key: str = "") -> Verdict:
    """Whether a receipt of a deletion is as it was signed."""
    verdict = Verdict(public_key=str(receipt.get("public_key", "")))
    if receipt.get("kind") != "deletion-receipt":
        verdict.fault("This is no receipt of a deletion.")
    elif fault := signature_fault(receipt, public_key):
        verdict.fault(f"The receipt {fault}.")
    return verdict


def check_chain(lines: Iterable[str], public_key: str = "", kept_head: Mapping[str, Any] | None = None) -> Verdict:
    """Whether an export is what was signed: no entry changed, removed, moved, or cut off at the end.

    `kept_head`: a signed head of before that was kept elsewhere; the chain must lead through it.
    """
    verdict, heads = Verdict(), list[Mapping[str, Any]]([kept_head] if kept_head else [])
    hashes, final = {0: FIRST}, None
    for number, line in enumerate(lines, 1):
        found = _object(line)
        if "entry" in found:
            _check_entry(found, hashes, verdict)
        elif isinstance(found.get("anchor"), dict):
            heads.append(found["anchor"])
        elif isinstance(found.get("head"), dict):
            final = found["head"]
        elif line.strip():
            verdict.fault(f"Line {number} is not of an exported chain.")
    verdict.entries = len(hashes) - 1
    if final is None:
        verdict.fault("There is no signed head at the end: the export was cut off.")
    else:
        verdict.public_key = str(final.get("public_key", ""))
        heads.append(final)
        if verdict.last > _sequence(final):
            verdict.fault(f"There are entries after the signed head, which is of entry {final.get('sequence')}.")
    verdict.heads = len(heads)
    for head in heads:
        _check_head(head, hashes, public_key or verdict.public_key, verdict)
    return verdict


def check_deletion(receipt: Mapping[str, Any], lines: Iterable[str]) -> Verdict:
    """Whether a receipt is the one that the chain has for the deletion; `entries` is then the number of that entry.

    Whether the chain holds is for `check_chain`.
    """
    verdict, session_id = Verdict(), str(receipt.get("session_id"))
    digest = f"receipt {hashlib.sha256(_canonical(receipt).encode()).hexdigest()}"
    entries = [entry for line in lines if isinstance(entry := _object(line).get("entry"), dict)]
    deletions = [e for e in entries if e.get("action") == DELETED and e.get("session_id") == session_id]
    verdict.entries = next((int(e.get("sequence", 0)) for e in deletions if e.get("details") == digest), 0)
    if not deletions:
        verdict.fault(f"The chain has no deletion of session {session_id}: the receipt was made up.")
    elif not verdict.entries:
        numbers = " and ".join(str(entry.get("sequence")) for entry in deletions)
        verdict.fault(f"The receipt was replaced: entry {numbers}, the deletion of this session, has another one.")
    return verdict


def check_reasons(lines: Iterable[str], reasons: Iterable[Mapping[str, Any]]) -> Verdict:
    """Whether reasons of decisions are what the chain has sealed; whether the chain holds is for `check_chain`."""
    sealed = set()
    for line in lines:
        entry = _object(line).get("entry")
        if isinstance(entry, dict) and entry.get("action") == "reasoned":
            sealed.add((str(entry.get("session_id")), str(entry.get("details"))))
    verdict = Verdict()
    for reason in reasons:
        verdict.entries += 1
        session_id, when = str(reason.get("session_id")), reason.get("time")
        digest = hashlib.sha256(f"{reason.get('nonce')}\n{reason.get('text')}".encode()).hexdigest()
        if (session_id, f"sha256 {digest}") not in sealed:
            verdict.fault(f"The reason of {when} for session {session_id} is not what the chain has sealed.")
    return verdict


def _check_entry(found: Mapping[str, Any], hashes: dict[int, str], verdict: Verdict) -> None:
    entry, digest, last = found["entry"], str(found.get("hash", "")), verdict.last
    sequence = _sequence(entry) if isinstance(entry, dict) else 0
    if sequence in hashes or sequence < last:
        verdict.fault(f"Entry {sequence} stands after entry {last}: entries were moved or repeated.")
        hashes.setdefault(sequence, digest)
        return
    if sequence > last + 1:
        missing = f"{last + 1}" if sequence == last + 2 else f"{last + 1} to {sequence - 1}"
        verdict.fault(f"Missing between entries {last} and {sequence}: {missing}.")
    elif digest != hashlib.sha256(f"{hashes[last]}\n{_canonical(entry)}".encode()).hexdigest():
        verdict.fault(f"Entry {sequence} is not what was recorded: its hash does not fit it and the entry before.")
    hashes[sequence], verdict.last = digest, sequence


def _check_head(head: Mapping[str, Any], hashes: Mapping[int, str], public_key: str, verdict: Verdict) -> None:
    sequence = _sequence(head)
    name = f"The head that was signed at {head.get('at')} for entry {sequence}"
    if fault := signature_fault(head, public_key):
        verdict.fault(f"{name} {fault}.")
    if sequence not in hashes:
        verdict.fault(f"{name} is of an entry that is not here: entries at the end were removed.")
    elif hashes[sequence] != head.get("hash"):
        verdict.fault(f"{name} belongs to another chain: entry {sequence} or one before it was replaced.")


def _sequence(values: Mapping[str, Any]) -> int:
    """A number of an entry; -1 for what is none."""
    found = values.get("sequence")
    return found if isinstance(found, int) else -1


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
