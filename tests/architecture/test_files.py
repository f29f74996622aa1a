from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 320


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if not line.startswith("gen/")]


def test_no_file_is_two() -> None:
    long = {p.name: n for p in tracked("*.py") if p.exists() and (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_generated_code_belongs_to_the_contract() -> None:
    done = subprocess.run([ROOT / "scripts" / "generate.sh", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_readme_fits_a_screen_or_three() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 120
