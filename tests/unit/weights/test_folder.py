"""The model folder before packages are there is the one that the settings will name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from servicekit.settings import ModelSettings
from servicekit.weights.folder import model_dir

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "JUDGE_BACKENDS=rules\n",
        "INTERVIEW_MODEL_DIR=/srv/models\n",
        "export INTERVIEW_MODEL_DIR = /srv/models # ours\n",
        "INTERVIEW_MODEL_DIR='/srv/our $models'\n",
        'INTERVIEW_MODEL_DIR="/srv/our models"\n',
        "INTERVIEW_MODEL_DIR=${HOME}/models\n",
        "INTERVIEW_MODEL_DIR=/first\nINTERVIEW_MODEL_DIR=/second\n",
        "#INTERVIEW_MODEL_DIR=/srv/models\nMY_INTERVIEW_MODEL_DIR=/other\n",
    ],
)
def test_it_is_the_one_of_the_settings(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INTERVIEW_MODEL_DIR", raising=False)
    (tmp_path / ".env").write_text(content)
    assert model_dir() == ModelSettings().model_dir


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("INTERVIEW_MODEL_DIR=/srv/models\n")
    monkeypatch.setenv("INTERVIEW_MODEL_DIR", "/elsewhere")
    assert model_dir() == ModelSettings().model_dir == Path("/elsewhere")


def test_laying_weights_needs_no_package(tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-m", "servicekit.weights", "list", "--dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "whisper-base" in done.stdout
