"""Who may import whom. What is not listed here is third-party or a bug."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    "servicekit",
    "services",
    "orchestrator",
    "gateway",
    "interview_client",
    "interview",
    "local",
    "rehearsal",
    "torture",
    "scripts",
    "bench",
    "training",
}
ALLOWED = {
    "servicekit": {"servicekit", "interview"},
    "services/transcriber": {"servicekit", "interview", "services.transcriber"},
    "services/vision": {"servicekit", "interview", "services.vision"},
    "services/audio": {"servicekit", "interview", "services.audio"},
    "services/judge": {"servicekit", "interview", "services.judge"},
    "orchestrator": {"servicekit", "interview", "orchestrator"},
    "gateway": {"servicekit", "interview", "gateway"},
    "interview_client": {
        "interview_client",
        "interview.administration",
        "interview.organisations",
    },  # the latter two to make keys and members, where it is installed
}
PURE = {"google", "grpc", "temporalio", "sqlalchemy", "interview", "httpx", "obstore", "asyncio"}


def imports(path: Path) -> Iterator[str]:
    return imported(ast.walk(ast.parse(path.read_text())))


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"{folder} holds no Python files"
    return found


@pytest.mark.parametrize("folder", ALLOWED)
def test_a_part_imports_only_what_it_may(folder: str) -> None:
    for path in files(folder):
        for name in imports(path):
            if name.split(".")[0] in OURS and name != "services":
                allowed = any(name == a or name.startswith(a + ".") for a in ALLOWED[folder])
                assert allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_every_service_has_its_rule() -> None:
    services = {f"services/{path.parent.name}" for path in (ROOT / "services").glob("*/__init__.py")}
    assert services == {folder for folder in ALLOWED if folder.startswith("services/")}


@pytest.mark.parametrize("folder", ALLOWED)
def test_nothing_imports_the_tests(folder: str) -> None:
    for path in files(folder):
        assert not any(name.split(".")[0] == "tests" for name in imports(path)), path.name


def test_workflows_import_no_library_but_temporal() -> None:
    """A workflow runs again from its history, so nothing in it may depend on time, files or the network."""
    durable = [path for path in files("orchestrator/workflows") if path.name != "control.py"]
    found = {name.split(".")[0] for path in durable for name in imports(path)}
    assert found == {
        "__future__",
        "asyncio",
        "collections",
        "dataclasses",
        "datetime",
        "typing",
        "temporalio",
        "orchestrator",
        "servicekit",
    }


def test_the_fusion_is_pure() -> None:
    for path in files("orchestrator/fusion"):
        assert not {name.split(".")[0] for name in imports(path)} & PURE, path.name


@pytest.mark.parametrize(
    ("library", "owner"),
    [
        (
            "faster_whisper",
            {"services/transcriber/whisper.py", "services/transcriber/readings.py", "services/audio/silero.py"},
        ),
        ("mediapipe", {"services/vision/faces/face_landmarker.py"}),
        ("dlib", {"services/vision/faces/face_identity.py"}),
        ("resemblyzer", {"services/audio/voices/encoder.py"}),
        ("pydub", {"services/audio/levels.py"}),
        ("ik_llama_cpp", {f"services/judge/llama/{name}.py" for name in ("library", "model", "context")}),
        ("deepl", {"services/judge/remote/deepl.py"}),
        ("obstore", {"servicekit/media.py", "servicekit/storage/connection.py"}),
    ],
)
def test_a_library_has_one_importer(library: str, owner: set[str]) -> None:
    folders = ("servicekit", "services", "orchestrator", "gateway")
    found = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in files(folder)
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert found == owner


@pytest.mark.parametrize("library", ["scipy", "botocore"])
def test_what_few_calls_need_is_imported_by_them(library: str) -> None:
    """Every process would take a second longer to start."""
    for path in files("orchestrator"):
        first = {name.split(".")[0] for name in imported(ast.parse(path.read_text()).body)}
        assert library not in first, path.name
