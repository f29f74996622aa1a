"""The recipes of docs/development.md work: each is carried out on a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("gateway", "orchestrator", "services", "servicekit", "scripts", "gen", "rubrics", "policies", "protos")
BLOCK = re.compile(r"^```\w+ (?P<what>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE, AFTER = re.compile(r"file=(\S+)"), re.compile(r'after="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Step:
    """A block: a new file, lines for an existing one after the first line that holds `after`, or a check."""

    file: str
    after: str
    text: str

    def carry_out(self, folder: Path) -> None:
        path = folder / self.file
        if not self.after:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".py":
                (path.parent / "__init__.py").touch()
            path.write_text(self.text)
            return
        lines = path.read_text().splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if self.after in line) + 1
        path.write_text("".join([*lines[:at], self.text, *lines[at:]]))


def recipes() -> Iterator[tuple[str, list[Step]]]:
    text = (ROOT / "docs" / "development.md").read_text()
    for part in text.split("\n### ")[1:]:
        steps = []
        for block in BLOCK.finditer(part):
            file, after = FILE.search(block["what"]), AFTER.search(block["what"])
            steps.append(Step(file[1] if file else "", after[1] if after else "", block["text"]))
        yield part.splitlines()[0], steps


RECIPES = dict(recipes())


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_says(name: str, tmp_path: Path) -> None:
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    *steps, check = RECIPES[name]
    assert steps
    assert not check.file
    for step in steps:
        step.carry_out(tmp_path)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{tmp_path / 'gen'}"}
    command = [sys.executable, "-c", check.text]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_recipe_fails_without_its_steps(tmp_path: Path) -> None:
    """Otherwise its check would say nothing."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'gen'}"}
    for name, (*_, check) in RECIPES.items():
        command = [sys.executable, "-c", check.text]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
        assert done.returncode != 0, name
