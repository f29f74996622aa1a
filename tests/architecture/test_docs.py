"""Settings and errors are documented, all of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from pydantic_settings import BaseSettings, EnvSettingsSource

from scripts import document_result
from scripts.document_settings import PROCESSES, TARGET, render
from servicekit import errors

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


def test_the_result_schema_is_what_the_types_say() -> None:
    assert document_result.TARGET.read_text() == document_result.render(), "run `make docs` and commit"


def test_every_service_is_on_the_configuration_page() -> None:
    found = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("services/*/settings.py")}
    assert found == {kind.__module__ for kind in PROCESSES.values() if kind.__module__.startswith("services.")}


@pytest.mark.parametrize("kind", PROCESSES.values(), ids=list(PROCESSES))
def test_every_setting_is_listed_under_the_name_that_is_read(
    kind: type[BaseSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", TARGET.read_text(), re.MULTILINE))
    for name, field in kind.model_fields.items():
        variable = str(field.validation_alias or f"{kind.model_config['env_prefix']}{name}".upper())
        assert variable in listed, f"{kind.__module__}: {name}"
        with monkeypatch.context() as environment:
            environment.setenv(variable, "1")
            assert {name, variable} & set(EnvSettingsSource(kind)()), variable


def test_every_setting_has_a_meaning() -> None:
    for kind in PROCESSES.values():
        for name, field in kind.model_fields.items():
            assert field.description, f"{kind.__module__}: {name}"


@pytest.mark.parametrize("kind", PROCESSES.values(), ids=list(PROCESSES))
def test_every_setting_is_read(kind: type[BaseSettings]) -> None:
    own = ROOT / Path(*kind.__module__.split(".")).parent
    files = [path for folder in (own, ROOT / "servicekit") for path in folder.rglob("*.py")]
    used = {
        word
        for path in files
        for word in re.findall(r"self\.(\w+)" if path.name == "settings.py" else r"\w+", path.read_text())
    }
    together = {name for name in kind.model_fields if name.startswith("decoding_")}  # as one `Limits`
    assert set(kind.model_fields) - used - together == set()


def test_every_reason_is_explained() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE))
    used = {r for r in reasons() if REASON.fullmatch(r)}
    assert len(used) > 15
    assert used <= documented


def test_every_code_in_the_table_is_one() -> None:
    codes = re.findall(r"^\| `[A-Z_]+` \| (\S+) \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)
    assert len(codes) > 15
    assert set(codes) - {"-"} <= {code.name for code in grpc.StatusCode}


CONSTRUCTED = [
    errors.field_invalid("", ""),
    errors.media_not_found(""),
    errors.media_corrupt(""),
    errors.media_unreadable(""),
    errors.no_audio_stream(),
    errors.no_video_stream(),
    errors.at_capacity(1.0),
    errors.model_not_ready(),
    errors.upstream_down(""),
    errors.store_refused(),
    errors.internal_error(),
]


@pytest.mark.parametrize("error", CONSTRUCTED, ids=lambda error: str(error.reason))
def test_the_table_has_the_code_that_is_sent(error: errors.ServiceError) -> None:
    assert f"| `{error.reason}` | {error.code.name} |" in (ROOT / "docs" / "errors.md").read_text()


PAGES = sorted(path for path in [ROOT / "README.md", *ROOT.glob("*/**/*.md")] if ".venv" not in path.parts)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target
