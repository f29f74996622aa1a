"""Where the key comes from."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestrator.audit.chain.signing import open_signer
from orchestrator.settings import AuditSettings
from servicekit.errors import ServiceError


def test_a_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "state" / "audit.key"
    settings = AuditSettings(INTERVIEW_AUDIT_KEY_FILE=str(file))
    assert open_signer(settings).public_key == open_signer(settings).public_key
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_key_that_is_given_counts(tmp_path: Path) -> None:
    file, key = tmp_path / "audit.key", base64.b64encode(bytes(range(32))).decode()
    signers = [open_signer(AuditSettings(INTERVIEW_AUDIT_KEY=key, INTERVIEW_AUDIT_KEY_FILE=str(file))) for _ in "12"]
    assert signers[0].public_key == signers[1].public_key
    assert not file.exists()


def test_many_that_start_together_have_one_key(tmp_path: Path) -> None:
    settings = AuditSettings(INTERVIEW_AUDIT_KEY_FILE=str(tmp_path / "audit.key"))
    with ThreadPoolExecutor(8) as pool:
        assert len({s.public_key for s in pool.map(lambda _: open_signer(settings), range(8))}) == 1


@pytest.mark.parametrize("key", ["short", base64.b64encode(b"x" * 31).decode()])
def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ServiceError, match="AUDIT_KEY_MISSING"):
        open_signer(AuditSettings(INTERVIEW_AUDIT_KEY=key))
