"""The recipes of docs/development.md work: all are carried out on one copy of the project, and checked in one process.

Another process checks the project as it is, where every check has to fail: otherwise it would say nothing.
"""

from __future__ import annotations

import json
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
LEFT_OUT = shutil.ignore_patterns("*.npz", "vendor")
"""What no check needs. Compiled modules are copied with their times, so that few are compiled again."""
BLOCK = re.compile(r"^```\w+ (?P<what>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE, AFTER, INSTEAD = re.compile(r"file=(\S+)"), re.compile(r'after="(.*)" file'), re.compile(r'instead="(.*)" file')
CHECK_ALL = """
import json, sys, traceback

failed = {}
for name, text in json.load(sys.stdin).items():
    try:
        exec(compile(text, name, "exec"), {"__name__": "recipe"})
    except BaseException:
        failed[name] = traceback.format_exc()
sys.stdout.write("\\n" + json.dumps(failed))
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A block: a new file, lines after or instead of the first line that holds a text, or a check (without a file)."""

    file: str
    after: str
    instead: str
    text: str

    def carry_out(self, folder: Path) -> None:
        path = folder / self.file
        if not self.after and not self.instead:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".py":
                (path.parent / "__init__.py").touch()
            path.write_text(self.text)
            return
        lines = path.read_text().splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if (self.after or self.instead) in line)
        path.write_text("".join([*lines[: at + bool(self.after)], self.text, *lines[at + 1 :]]))


def recipes() -> Iterator[tuple[str, list[Step]]]:
    text = (ROOT / "docs" / "development.md").read_text()
    for part in text.split("\n### ")[1:]:
        steps = []
        for block in BLOCK.finditer(part):
            file, after, instead = (found.search(block["what"]) for found in (FILE, AFTER, INSTEAD))
            steps.append(
                Step(file[1] if file else "", after[1] if after else "", instead[1] if instead else "", block["text"])
            )
        yield part.splitlines()[0], steps


RECIPES = dict(recipes())


def failing_checks(folder: Path) -> dict[str, str]:
    """What each check that fails in a folder says, by recipe."""
    checks = json.dumps({name: check.text for name, (*_, check) in RECIPES.items()})
    environment = {**os.environ, "PYTHONPATH": f"{folder}:{folder / 'gen'}"}
    command = [sys.executable, "-c", CHECK_ALL]
    done = subprocess.run(
        command, cwd=folder, env=environment, input=checks, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    copy = tmp_path_factory.mktemp("project")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    for *steps, _ in RECIPES.values():
        for step in steps:
            step.carry_out(copy)
    return failing_checks(copy)


def test_everything_that_people_add_has_a_recipe() -> None:
    wanted = ("route", "setting", "rubric", "policy", "finding", "field", "service", "judge backend", "language")
    assert sorted(RECIPES) == sorted(f"A {what}" for what in wanted)
    for name, (*steps, check) in RECIPES.items():
        assert (bool(steps), all(step.file for step in steps), check.file) == (True, True, ""), name


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_says(name: str, failures: dict[str, str]) -> None:
    assert failures.get(name, "") == ""


def test_every_recipe_fails_without_its_steps() -> None:
    assert failing_checks(ROOT).keys() == RECIPES.keys()
