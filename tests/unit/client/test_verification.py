"""What `interview audit verify` and `interview verify` find, and what they accept."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from interview_client.cli import app

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
Lines = list[dict[str, Any]]


def canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def signed(values: dict[str, Any], key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    whole = {**values, "public_key": public(key)}
    return {**whole, "signature": base64.b64encode(key.sign(canonical(whole).encode())).decode()}


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def chain(length: int = 6, anchored: int = 4) -> Lines:
    previous, entries, heads = "0" * 64, Lines(), dict[int, dict[str, Any]]()
    for sequence in range(1, length + 1):
        entry = {"sequence": sequence, "actor": f"key:{sequence}", "action": "read"}
        previous = hashlib.sha256(f"{previous}\n{canonical(entry)}".encode()).hexdigest()
        entries.append({"entry": entry, "hash": previous})
        heads[sequence] = signed({"kind": "audit-head", "sequence": sequence, "hash": previous, "at": "2026-01-31"})
    return [{"anchor": heads[anchored]}, *entries, {"head": heads[length]}]


def verified(tmp_path: Path, lines: Lines, *options: str) -> Result:
    file = tmp_path / "audit.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return CliRunner().invoke(app, ["audit", "verify", str(file), *options])


def test_a_chain_as_it_was_recorded(tmp_path: Path) -> None:
    done = verified(tmp_path, chain(), "--public-key", public(KEY))
    assert (done.exit_code, "6 entries" in done.output) == (0, True)


def rehashed(lines: Lines) -> Lines:
    """As somebody makes it who knows how hashes are made and has no key."""
    previous = "0" * 64
    for line in lines:
        if "entry" in line:
            previous = hashlib.sha256(f"{previous}\n{canonical(line['entry'])}".encode()).hexdigest()
            line["hash"] = previous
    return lines


def change(lines: Lines) -> Lines:
    lines[3]["entry"]["actor"] = "key:9"
    return lines


def remove(lines: Lines) -> Lines:
    return lines[:3] + lines[4:]


def swap(lines: Lines) -> Lines:
    lines[3], lines[4] = lines[4], lines[3]
    return lines


def cut(lines: Lines) -> Lines:
    return lines[:-3] + lines[-1:]


def cut_with_a_forged_head(lines: Lines) -> Lines:
    """Back to entry 3, whose head a thief of nothing signs with a key of their own."""
    head = signed({"kind": "audit-head", "sequence": 3, "hash": lines[3]["hash"], "at": "2026-02-01"}, OTHER)
    return [*lines[:4], {"head": head}]


@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        (change, "Entry 3 is not what was recorded"),
        (lambda lines: rehashed(change(lines)), "belongs to another chain"),
        (remove, "Missing between entries 2 and 4: 3"),
        (swap, "were moved"),
        (cut, "entries at the end were removed"),
        (cut_with_a_forged_head, "entries at the end were removed"),
        (lambda lines: lines[:-1], "no signed head"),
        (lambda lines: [*lines[:-1], {"head": lines[-1]["head"] | {"sequence": 5}}], "signature"),
    ],
)
def test_what_was_tampered_with_is_found(tmp_path: Path, tampered: Callable[[Lines], Lines], told: str) -> None:
    done = verified(tmp_path, tampered(chain()))
    assert done.exit_code == 1
    assert told in done.output


def test_a_kept_head_finds_a_chain_that_was_cut_and_signed_again(tmp_path: Path) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(chain()[-1]["head"]))
    short = chain(4)
    assert verified(tmp_path, short).exit_code == 0
    done = verified(tmp_path, short, "--head", str(kept))
    assert (done.exit_code, "entries at the end were removed" in done.output) == (1, True)


RECEIPT = {"kind": "deletion-receipt", "session_id": "a" * 32, "deleted_at": "2026-01-31", "rows": {"sessions": 1}}


def checked(tmp_path: Path, receipt: dict[str, Any], *options: str) -> Result:
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt, indent=2))
    return CliRunner().invoke(app, ["verify", str(file), *options])


def test_a_receipt_as_it_was_signed(tmp_path: Path) -> None:
    done = checked(tmp_path, signed(RECEIPT), "--public-key", public(KEY))
    assert (done.exit_code, "was deleted at 2026-01-31" in done.output) == (0, True)


def test_a_changed_or_replaced_receipt_is_found(tmp_path: Path) -> None:
    assert checked(tmp_path, signed(RECEIPT) | {"rows": {"sessions": 0}}).exit_code == 1
    assert checked(tmp_path, RECEIPT).exit_code == 1
    assert checked(tmp_path, signed(RECEIPT, OTHER)).exit_code == 0  # by the key that it names itself
    assert checked(tmp_path, signed(RECEIPT, OTHER), "--public-key", public(KEY)).exit_code == 1
