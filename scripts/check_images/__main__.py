"""`python -m scripts.check_images`: build each image, look into it, and run its pods as the manifests say.

One image after the other, in a folder of its own that is gone afterwards. Needs root, buildah, podman, runc and, where
no registry can be reached, mmdebstrap.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.check_images import contents
from scripts.check_images.builder import Builder, BuildError, release, storage_in
from scripts.check_images.pods import PodError
from scripts.check_images.sources import RELEASE, fetch_wheels, make_stand_in, registry_answers
from scripts.check_images.trial import Trial
from scripts.check_k8s.__main__ import version
from scripts.check_k8s.manifests import ROOT
from scripts.supply_chain import write_sbom

IMAGES = ("gateway", "orchestrator", "transcriber", "vision", "audio", "judge")
WHEELS = Path.home() / ".cache" / "interview-assessment" / "wheels"
SBOMS = ROOT / "out" / "sbom"
HEAD = (
    "| image | MB | packages | ours | build s | pod | ready s (CPU) | first work s (CPU) | again, CPU s | memory MB "
    "| end s |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for."""

    only: list[str]
    wheels: Path
    torch_index: str
    torch: str
    tools: Path


def main() -> int:
    """1 when an image does not do its work."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a plain one would leave the folder behind
    arguments, rows, failed = _arguments(), list[str](), list[str]()
    with _folder() as folder:
        try:
            builder = _builder(folder, arguments)
        except (BuildError, subprocess.CalledProcessError) as error:
            print(error, file=sys.stderr)
            return 1
        for image in arguments.only:
            try:
                rows += _checked(builder, image, arguments)
                print("\n".join(rows), flush=True)  # what is known stays known if somebody stops it
            except (BuildError, PodError, subprocess.CalledProcessError) as error:
                failed.append(image)
                print(error, file=sys.stderr, flush=True)
    print("\n".join((HEAD, *rows)))
    print(
        f"{len(arguments.only) - len(failed)} images do their work{f', not: {failed}' if failed else ''}",
        file=sys.stderr,
    )
    return 1 if failed else 0


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="interview-images-") as folder:
        try:
            yield Path(folder)
        finally:
            release(Path(folder))


def _builder(folder: Path, arguments: Arguments) -> Builder:
    builder = Builder(storage_in(folder), arguments.wheels)
    if registry_answers():
        return builder
    print(f"No registry can be reached: Debian's {RELEASE} and its Python are the base.", flush=True)
    archive = folder / "base.tar"
    make_stand_in(archive)
    builder.take_base(archive)
    archive.unlink()
    return builder


def _checked(builder: Builder, image: str, arguments: Arguments) -> list[str]:
    """A row about each pod of the image, which is gone then. Raises BuildError, PodError and CalledProcessError."""
    tag = f"interview/{image}:{version()}"
    fetch_wheels(image, arguments.wheels, arguments.torch_index)
    started = time.monotonic()
    builder.build(image, tag)
    built_s = time.monotonic() - started
    print(f"{image}: built in {built_s:.0f} s", flush=True)
    inside = contents.look(builder.storage, tag)
    if wrong := list(contents.problems(image, inside)):
        raise PodError("\n".join(f"{image}: {text}" for text in wrong))
    SBOMS.mkdir(parents=True, exist_ok=True)
    sbom = write_sbom(arguments.tools, image, SBOMS / f"{image}.image.cdx.json", arguments.torch)
    contents.complete_sbom(sbom, inside, RELEASE)
    tried = _tried(builder, image)
    sizes = [builder.size_bytes(tag), inside.sizes["/venv"], inside.sizes["/app"]]
    builder.remove(tag)
    about = f"| {image} | {' | '.join(f'{size / 1e6:.0f}' for size in sizes)} | {built_s:.0f}"
    return [f"{about} | {_row(one)} |" for one in tried]


def _row(one: Trial) -> str:
    if not one.ready_s:
        return f"{one.pod} | | {one.first_s:.0f} | | | "
    ready, first = f"{one.ready_s:.1f} ({one.ready_cpu_s:.1f})", f"{one.first_s:.1f} ({one.first_cpu_s:.1f})"
    memory = f"{one.memory_mb:.0f} of {one.memory_limit_mb:.0f}"
    return f"{one.pod} | {ready} | {first} | {one.second_cpu_s:.1f} | {memory} | {one.ended_s:.1f}"


def _tried(builder: Builder, image: str) -> list[Trial]:
    storage = builder.storage
    trial = [sys.executable, "-m", "scripts.check_images.trial", image]
    command = ["unshare", "--net", *trial, "--storage", str(storage.folder), "--driver", storage.driver]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    told = [Trial(**json.loads(line)) for line in done.stdout.splitlines()]
    for one in told:
        print(f"  {one.pod}: {one.said}", flush=True)
    if done.returncode:
        raise PodError(f"{image}: a pod did not do its work")
    return told


def _arguments() -> Arguments:
    parser = argparse.ArgumentParser(prog="python -m scripts.check_images", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*IMAGES, []], metavar="IMAGE", help="default: all six")
    parser.add_argument("--wheels", type=Path, default=WHEELS, help="a folder that keeps packages for the next time")
    parser.add_argument("--torch-index", default="https://download.pytorch.org/whl/cpu", metavar="URL")
    parser.add_argument("--torch", required=True, metavar="VERSION", help="version of PyTorch")
    parser.add_argument("--tools", type=Path, required=True, metavar="BIN", help="where cyclonedx-py is")
    given = vars(parser.parse_args())
    return Arguments(**{**given, "only": given["only"] or list(IMAGES)})


if __name__ == "__main__":
    sys.exit(main())
