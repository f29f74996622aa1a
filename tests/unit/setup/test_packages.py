"""Installing by a lock from a folder of wheels: with uv, and with pip where uv cannot."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from packaging import tags

from scripts import packages

LOCKS = Path(__file__).resolve().parents[3] / "locks"


def wheel(folder: Path, name: str, tag: object = "py3-none-any", *more: str) -> str:
    """The line of a lock for a package with one module, and more of them, which lies in `folder`."""
    path, info = folder / f"{name}-1.0-{tag}.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for module in (name, *more):
            archive.writestr(f"{module}.py", "here = True\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        extra = "".join(f"{module}.py,,\n" for module in more)
        archive.writestr(f"{info}/RECORD", f"{name}.py,,\n{extra}{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def index(folder: Path, name: str, tag: object = "py3-none-any", *more: str) -> str:
    """A package index with one package; returns the line of a lock for it."""
    files = folder / name
    files.mkdir(parents=True)
    line = wheel(files, name, tag, *more)
    links = [f'<a href="{path.name}">{path.name}</a>' for path in files.iterdir()]
    (files / "index.html").write_text("\n".join(links))
    return line


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of locks with `tiny`, whose package is only where pip's configuration says."""
    wheels, folder = tmp_path / "wheels", tmp_path / "locks"
    wheels.mkdir()
    folder.mkdir()
    (folder / "tiny.txt").write_text(wheel(wheels, "tiny"))
    (folder / "uv.txt").write_text((LOCKS / "uv.txt").read_text())
    wheel(wheels, "torch")
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[global]\nno-index = true\nfind-links = {wheels}\n")
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(packages, "LOCKS", folder)
    return folder


@pytest.fixture
def python(tmp_path: Path) -> str:
    """An environment without pip: only uv can install into it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    return str(tmp_path / "venv" / "bin" / "python")


def install(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["packages", *arguments])
    return packages.main()


def has(python: str, module: str) -> bool:
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def test_uv_installs_from_where_pip_would(locks: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert install(monkeypatch, "tiny", "--python", python) == 0
    assert has(python, "tiny")


def test_an_index_of_pytorch_that_is_away_is_passed_over(
    locks: Path, python: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--python", python, "--torch", "1.0", "--torch-index", "http://127.0.0.1:9/simple"]
    monkeypatch.setattr(packages, "uv_arguments", lambda settings: [])
    empty = locks.parent / "index"
    empty.mkdir()
    monkeypatch.setenv("UV_DEFAULT_INDEX", empty.as_uri())
    assert install(monkeypatch, "tiny", *asked) == 0
    assert has(python, "torch")
    assert "cannot be reached" in capsys.readouterr().out


def test_another_package_than_the_locked_one_is_refused(
    locks: Path, python: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (locks / "tiny.txt").write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n")
    assert install(monkeypatch, "tiny", "--python", python) == 1
    assert not has(python, "tiny")
    assert "hash" in capsys.readouterr().err.lower()


def test_pip_takes_over_where_uv_cannot(
    locks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = locks.parent / "target"
    monkeypatch.setenv("PIP_TARGET", str(target))
    monkeypatch.setenv("UV_FIND_LINKS", str(locks / "nowhere"))
    assert install(monkeypatch, "tiny") == 0
    assert (target / "tiny.py").exists()
    told = capsys.readouterr().err
    assert told.startswith("uv cannot install here, so pip does")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("lock", sorted({*LOCKS.glob("*.txt")} - {LOCKS / "overrides.txt"}), ids=lambda path: path.stem)
def test_every_locked_package_has_hashes(lock: Path) -> None:
    packages_of_lock = lock.read_text().replace("\\\n", " ").splitlines()
    assert packages_of_lock
    assert all("--hash=sha256:" in line for line in packages_of_lock if not line.startswith("#"))


def test_what_came_without_its_library_is_installed_again(
    locks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """uv stops at the first index that has the version; only the second one has the file that brings the library."""
    first, second = locks.parent / "first", locks.parent / "second"
    lines = [index(first, "sounding"), index(second, "sounding", next(tags.sys_tags()), "sounding_library")]
    (locks / "tiny.txt").write_text(" \\\n    ".join([lines[0].strip(), lines[1].split()[1]]) + "\n")
    monkeypatch.delenv("PIP_CONFIG_FILE")
    monkeypatch.setenv("PIP_INDEX_URL", second.as_uri())
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", first.as_uri())
    monkeypatch.setattr(packages, "BROUGHT_ALONG", {"sounding": "sounding_library"})
    target = locks.parent / "venv"
    venv.create(target, with_pip=True)
    python = str(target / "bin" / "python")
    assert install(monkeypatch, "tiny", "--python", python) == 0
    assert has(python, "sounding_library")
    assert "Installed again with pip, as it came without its library: sounding" in capsys.readouterr().out
    assert install(monkeypatch, "tiny", "--python", python) == 0
    assert "again" not in capsys.readouterr().out
