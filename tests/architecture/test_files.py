from __future__ import annotations

import re
import subprocess
from pathlib import Path

from scripts import generate_client

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 320


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if not line.startswith("gen/")]


def test_no_file_is_two() -> None:
    long = {p.name: n for p in tracked("*.py") if p.exists() and (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_no_test_measures_or_limits_time() -> None:
    """How long something takes says something about the machine; what hangs is ended by the suite's own limit."""
    measured = re.compile(
        r"\b(time\.monotonic\(|perf_counter\(|asyncio\.timeout\(|asyncio\.wait_for\(|mark\.timeout\()"
    )
    tests = [p for p in tracked("tests/*.py") if p.exists() and p != Path(__file__)]
    assert {str(p.relative_to(ROOT)): found for p in tests if (found := measured.findall(p.read_text()))} == {}


def test_docstrings_say_something() -> None:
    empty = re.compile(r'"""(See `[^`]+`\.|Nothing (left )?to \w+[^"]*\.)"""$', re.MULTILINE)
    texts = {path: path.read_text() for path in tracked("*.py") if path.exists()}
    assert {str(p.relative_to(ROOT)): found for p, text in texts.items() if (found := empty.findall(text))} == {}


def test_generated_code_belongs_to_the_contract() -> None:
    done = subprocess.run([ROOT / "scripts" / "generate.sh", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_client_that_blocks_belongs_to_the_one_for_asyncio(tmp_path: Path) -> None:
    def contents(folder: Path) -> dict[str, str]:
        return {path.name: path.read_text() for path in folder.glob("*.py")}

    generate_client.generate(tmp_path)
    committed = contents(generate_client.CLIENT / generate_client.GENERATED)
    assert contents(tmp_path) == committed, "run 'make generate' and commit"


def test_the_readme_fits_a_screen_or_three() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 120
