"""What the system is made of, and what is known against it: `python -m scripts.supply_chain sbom|audit`.

Both read the locks, so that they speak of exactly what is installed, and install none of it. PyTorch is chosen apart
from the locks and added here.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
IMAGES = ("gateway", "orchestrator", "transcriber", "transcriber-cuda", "vision", "audio", "judge")
TOOLS = ("dev", "checkov", "supply-chain", "uv")
WITH_TORCH = frozenset({"transcriber", "transcriber-cuda", "vision", "audio", "judge", "dev"})
EXCEPTIONS = LOCKS / "audit-exceptions.json"
"""Known vulnerabilities that do not concern this system: their ids, each with the reason."""

TIMEOUT_S = 300


class AuditError(Exception):
    """Nothing was found out; the message says why."""


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """Something that is known against a package in a version."""

    package: str
    version: str
    names: frozenset[str]
    """Its id and its other ids."""
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fixed = f", fixed in {', '.join(self.fixed_in)}" if self.fixed_in else ", not fixed"
        return f"{self.package} {self.version}: {', '.join(sorted(self.names))}{fixed}"


def write_sboms(bin_folder: Path, target: Path, torch: str) -> list[Path]:
    """A CycloneDX 1.6 file for each image, in `target`. Raises AuditError."""
    target.mkdir(parents=True, exist_ok=True)
    return [write_sbom(bin_folder, name, target / f"{name}.cdx.json", torch) for name in IMAGES]


def write_sbom(bin_folder: Path, name: str, target: Path, torch: str) -> Path:
    """The CycloneDX file of one image's lock. Raises AuditError."""
    command = [
        str(bin_folder / "cyclonedx-py"),
        "requirements",
        "-",
        "--sv",
        "1.6",
        "--output-reproducible",
        "-o",
        str(target),
    ]
    done = subprocess.run(command, input=requirements(name, torch), capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode:
        raise AuditError(f"No SBOM of {name}: {done.stderr.strip()[-300:]}")
    return target


def requirements(name: str, torch: str) -> str:
    """A lock, with PyTorch where its image has it."""
    text = (LOCKS / f"{name}.txt").read_text()
    return f"{text}torch=={torch}\n" if name in WITH_TORCH else text


def audit(bin_folder: Path, torch: str) -> Iterator[Vulnerability]:
    """What is known against any package of any lock, each once. Raises AuditError where nobody can be asked."""
    seen = set[Vulnerability]()
    for name in (*IMAGES, *TOOLS):
        for found in _audited(bin_folder, name, torch):
            if found not in seen:
                seen.add(found)
                yield found


def _audited(bin_folder: Path, name: str, torch: str) -> list[Vulnerability]:
    # Without hashes and dependencies: the lock names all of them, and PyTorch has none of a lock.
    pinned = [line.split(" ")[0] for line in requirements(name, torch).splitlines() if line[:1].isalnum()]
    with tempfile.TemporaryDirectory() as folder:
        listed, report = Path(folder) / "requirements.txt", Path(folder) / "report.json"
        listed.write_text("\n".join(pinned))
        command = [str(bin_folder / "pip-audit"), "-r", str(listed), "--no-deps", "--disable-pip", "-f", "json"]
        command += ["-o", str(report), "--progress-spinner", "off", "--timeout", "15"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
        if not report.exists() or not report.stat().st_size:
            raise AuditError(
                "The database of known vulnerabilities (pypi.org) cannot be reached from here, so nothing was checked. "
                f"Its client says: {done.stderr.strip()[-200:]}"
            )
        return vulnerabilities(json.loads(report.read_text()))


def vulnerabilities(report: dict[str, Any]) -> list[Vulnerability]:
    """What pip-audit reports. Raises AuditError for a package that it could not ask about."""
    found = []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            raise AuditError(
                "The database of known vulnerabilities (pypi.org) cannot be asked from here, so not everything was "
                f"checked. Of {package['name']} its client says: {package['skip_reason']}"
            )
        for known in package["vulns"]:
            names = frozenset({known["id"], *known["aliases"]})
            found.append(Vulnerability(package["name"], package["version"], names, tuple(known["fix_versions"])))
    return found


def unexplained(found: Sequence[Vulnerability], explained: dict[str, str]) -> list[Vulnerability]:
    """Those that no exception names."""
    return [one for one in found if not one.names & explained.keys()]


def main() -> int:
    """Exit code 0: done and clean; 1: something is known against a package; 2: nothing could be found out."""
    parser = argparse.ArgumentParser(prog="python -m scripts.supply_chain", description=__doc__)
    parser.add_argument("command", choices=["sbom", "audit"])
    parser.add_argument("--tools", type=Path, required=True, metavar="BIN", help="where pip-audit and cyclonedx-py are")
    parser.add_argument("--torch", required=True, help="version of PyTorch")
    parser.add_argument("--output", type=Path, default=ROOT / "out" / "sbom", help="folder for the SBOMs")
    arguments = parser.parse_args()
    try:
        if arguments.command == "sbom":
            for path in write_sboms(arguments.tools, arguments.output, arguments.torch):
                print(f"{path}: {len(json.loads(path.read_text())['components'])} packages")
            return 0
        found = list(audit(arguments.tools, arguments.torch))
    except AuditError as error:
        print(error, file=sys.stderr)
        return 2
    left = unexplained(found, json.loads(EXCEPTIONS.read_text()))
    print(
        "\n".join(map(str, left)) or f"Nothing is known against any package that is not explained ({len(found)} are)."
    )
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
