"""The Dockerfiles copy what their programs import, run them as the manifests say, and are hadolint clean."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.check_images.contents import locked
from scripts.check_k8s.manifests import ROOT, pod_of, render
from scripts.check_k8s.processes import SETTINGS
from servicekit.weights.catalogue import EMBEDDED
from tests.architecture.test_imports import ALLOWED, imports

FOLDERS = ("services/transcriber", "services/vision", "services/audio", "services/judge", "orchestrator", "gateway")
WEIGHTS = {"servicekit/weights", "k8s/components/vllm"}
"""Nothing but weights; no program runs in them."""

DATA = {"services/judge": {"rubrics"}, "orchestrator": {"policies"}}
"""Files that a program reads from beside its package."""


def dockerfile(folder: str) -> str:
    return (ROOT / folder / "Dockerfile").read_text()


def copies(folder: str) -> set[str]:
    found = re.findall(r"^COPY (?!--from)(\S+) (\S+)$", dockerfile(folder), re.MULTILINE)
    return {source for source, _ in found if not source.startswith("locks/")}


def test_every_service_has_an_image() -> None:
    found = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("**/Dockerfile") if ".venv" not in path.parts}
    assert found == set(FOLDERS) | WEIGHTS
    listed = re.findall(r"^IMAGES := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    assert set(listed) == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_image_holds_what_its_program_imports_and_nothing_else(folder: str) -> None:
    package = folder.replace("/", ".")
    parts = {"servicekit", "gen/interview", folder} | DATA.get(folder, set())
    if folder.startswith("services/"):
        parts.add("services/__init__.py")
    assert copies(folder) == parts
    inside = {"servicekit", "interview", package}
    assert inside == ALLOWED[folder], "the table of imports and the image differ"
    for path in (ROOT / folder).rglob("*.py"):
        ours = {name for name in imports(path) if name.split(".")[0] in ("services", "orchestrator", "gateway")}
        assert all(name == "services" or name.startswith(package) for name in ours), path


def test_the_image_of_weights_holds_every_embedded_set() -> None:
    sets = re.findall(r'^ARG SETS="(.*)"$', dockerfile("servicekit/weights"), re.MULTILINE)[0].split()
    assert set(sets) == set(EMBEDDED)


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_copied_reaches_the_builder(folder: str) -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    sources = {*copies(folder), f"locks/{Path(folder).name}.txt"}
    for source in sources:
        assert (ROOT / source).exists(), source
        parents = [source, *map(str, Path(source).parents)]
        assert any(fnmatch.fnmatch(parent, pattern) for parent in parents for pattern in allowed), source


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_image_runs_as_the_manifests_say(folder: str) -> None:
    text, name = dockerfile(folder), Path(folder).name
    deployment = render("local").find("Deployment", name)
    assert deployment is not None
    pod = pod_of(deployment)
    ports = " ".join(str(port["containerPort"]) for port in pod["containers"][0]["ports"])
    assert re.findall(r"^EXPOSE (.*)$", text, re.MULTILINE) == [ports]
    security = pod["securityContext"]
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == [f"{security['runAsUser']}:{security['runAsGroup']}"]
    module = json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[-1])[-1]
    assert module == folder.replace("/", ".")
    assert module in SETTINGS
    assert re.findall(r'^ENTRYPOINT (\["/usr/bin/tini", "--"\])$', text, re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS)
def test_packages_come_from_the_lock_of_the_image(folder: str) -> None:
    text = dockerfile(folder)
    assert "--no-deps --require-hashes" in text
    lock = (ROOT / "locks" / f"{Path(folder).name}.txt").read_text()
    assert len(locked(lock)) > 20
    assert lock.count("--hash=sha256:") > len(locked(lock))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_base_is_one_by_its_digest_and_may_be_another_by_argument(folder: str) -> None:
    text = dockerfile(folder)
    (base,) = re.findall(r"^ARG BASE=(\S+)$", text, re.MULTILINE)
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", base)
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${BASE}", "${BASE}"]
    assert base in dockerfile("gateway")


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_installer_stays_behind_and_byte_code_looks_at_no_times(folder: str) -> None:
    packages, final = dockerfile(folder).split("\nFROM ${BASE}\n")
    assert "python -m venv --without-pip /venv" in packages
    assert "/usr/local/lib/python3.11/site-packages/*" in final
    installs = re.findall(r"RUN (.*\n.*) install (\S+)", packages)
    assert installs
    for command, first in installs:
        assert "--mount=type=secret,id=pip,target=/etc/pip.conf" in command
        assert first == "--no-compile"
    for stage, place in ((packages, "/venv"), (final, "/app")):
        assert re.search(rf"compileall -q.* --invalidation-mode unchecked-hash {place}\b", stage)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_lock_has_what_the_project_asks_for(folder: str) -> None:
    """Else the image lacks a package that its code imports: run `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    image = Path(folder).name
    asked = [*project["dependencies"], *project["optional-dependencies"][image]]
    needed = {Requirement(line) for line in asked}
    names = {canonicalize_name(r.name) for r in needed if r.marker is None or r.marker.evaluate()}
    assert names - {"torch"} <= set(locked((ROOT / "locks" / f"{image}.txt").read_text()))


def test_torch_is_the_version_of_every_other_environment() -> None:
    wanted = {
        re.findall(r"(?:torch==|TORCH := )([0-9.]+)", text)[0]
        for text in (dockerfile("services/audio"), makefile(), project_file())
    }
    assert len(wanted) == 1


def test_the_image_for_gpus_has_the_same_versions() -> None:
    plain, cuda = ((ROOT / "locks" / f"{n}.txt").read_text() for n in ("transcriber", "transcriber-cuda"))
    pins = re.compile(r"^([a-z0-9._-]+(?:\[[a-z,]+\])?==\S+)", re.MULTILINE)
    more = set(pins.findall(cuda)) - set(pins.findall(plain))
    assert {pin.split("==")[0] for pin in more} == {"nvidia-cublas-cu12", "nvidia-cuda-nvrtc-cu12", "nvidia-cudnn-cu12"}
    assert set(pins.findall(plain)) < set(pins.findall(cuda))


def test_no_instruction_is_bad_style() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    paths = [ROOT / folder / "Dockerfile" for folder in (*FOLDERS, *WEIGHTS)]
    done = subprocess.run([hadolint, *paths], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_bad_instruction_is_seen(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text(dockerfile("gateway").replace("--no-install-recommends ", ""))
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, bad], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "DL3015" in done.stdout


def makefile() -> str:
    return (ROOT / "Makefile").read_text()


def project_file() -> str:
    return (ROOT / "pyproject.toml").read_text()
