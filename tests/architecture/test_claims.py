"""What the pages for auditors claim has a test, which is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("audit.md", "encryption.md", "governance.md", "impact.md", "reliability.md")
CLAIM, TEST = re.compile(r"^- .*?(?=\n- |\n\n|\Z)", re.MULTILINE | re.DOTALL), re.compile(r"\[test\]\(([^)#]+)#(\w+)\)")


def functions(path: Path) -> set[str]:
    kinds = ast.FunctionDef, ast.AsyncFunctionDef
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, kinds)}


@pytest.mark.parametrize("page", PAGES)
def test_every_claim_names_tests_that_exist(page: str) -> None:
    claims = CLAIM.findall((ROOT / "docs" / page).read_text())
    assert len(claims) >= 10
    for claim in claims:
        named = TEST.findall(claim)
        assert named, f"no test is named beside: {claim}"
        for path, name in named:
            assert name.startswith("test_")
            assert name in functions((ROOT / "docs" / path).resolve()), f"{path}#{name}"
