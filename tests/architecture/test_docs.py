"""Settings and errors are documented, all of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scripts.document_settings import PROCESSES, TARGET, render

ROOT = Path(__file__).resolve().parents[2]
RAISING = {"ServiceError", "_refused", "StageFailure"}
REASON = re.compile(r"[A-Z]+(_[A-Z]+)*")


def reasons() -> Iterator[str]:
    for folder in ("servicekit", "services", "orchestrator", "gateway"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISING:
                    yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def test_the_configuration_page_is_what_the_code_says() -> None:
    assert TARGET.read_text() == render(), "run `make docs` and commit"


def test_every_setting_has_a_meaning() -> None:
    for kind in PROCESSES.values():
        for name, field in kind.model_fields.items():
            assert field.description, f"{kind.__module__}: {name}"


def test_every_reason_is_explained() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE))
    used = {r for r in reasons() if REASON.fullmatch(r)}
    assert len(used) > 15
    assert used <= documented
