"""An API server is asked where its programs are, and nobody is told that one was asked where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_k8s.server import __main__ as server
from scripts.check_k8s.server.control_plane import ASSETS, Programs, programs


def put(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


def test_programs_are_taken_from_the_folder_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = put(tmp_path / "assets", "etcd", "kube-apiserver")
    monkeypatch.setenv("PATH", str(put(tmp_path / "path", "etcd", "kube-apiserver")))
    monkeypatch.setenv(ASSETS, str(assets))
    assert programs() == Programs(assets / "etcd", assets / "kube-apiserver")
    monkeypatch.delenv(ASSETS)
    assert programs() == Programs(tmp_path / "path" / "etcd", tmp_path / "path" / "kube-apiserver")


def test_one_program_alone_is_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(put(tmp_path / "path", "etcd")))
    monkeypatch.delenv(ASSETS, raising=False)
    assert server.main() == 0
    said = capsys.readouterr().out
    assert said.startswith("no API server was asked")
    assert ASSETS in said
