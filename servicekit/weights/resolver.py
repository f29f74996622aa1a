"""From a model's name in the settings to verified files. Never another model than the one that was named."""

from __future__ import annotations

import importlib.metadata
import os
from dataclasses import dataclass
from pathlib import Path

from servicekit.weights import hub
from servicekit.weights.catalogue import EMBEDDED, HUB, INSTALLED, Hub, Installed
from servicekit.weights.errors import WeightsError
from servicekit.weights.verification import sha256_of, verify


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """Verified weights: their folder, the main file, its SHA-256, and where they came from."""

    name: str
    version: str
    directory: Path
    main_file: Path
    sha256: str
    source: str
    """`path`, `model folder`, `installed package` or `hub`."""


def resolve(name: str, model_dir: Path, endpoint: str = "", token: str = "") -> ResolvedModel:
    """Find the weights called `name`.

    In this order: an existing path, an embedded set in `model_dir`, a file that an installed package carries, a
    named hub model or `organisation/repository@revision`. Raises WeightsError.
    """
    if os.sep in name and Path(name).exists():
        return _from_path(Path(name))
    if name in EMBEDDED:
        return _embedded(name, model_dir)
    if name in INSTALLED:
        return _installed(INSTALLED[name])
    if name in HUB or "/" in name:
        return _from_hub(HUB.get(name) or _named_revision(name), model_dir, endpoint, token)
    known = ", ".join([*EMBEDDED, *INSTALLED, *HUB])
    raise WeightsError(f"No model is called {name!r}. Known: {known}, a path, or organisation/repository@revision.")


def _from_path(path: Path) -> ResolvedModel:
    main = path if path.is_file() else path / "model.bin"
    if not main.is_file():
        raise WeightsError(f"{path} holds no model.bin.")
    return ResolvedModel(path.name, "local", main.parent, main, sha256_of(main), "path")


def _embedded(name: str, model_dir: Path) -> ResolvedModel:
    weights, folder = EMBEDDED[name], model_dir / name
    for file in weights.files:
        verify(folder / file.name, file.sha256)
    main = weights.files[0]
    return ResolvedModel(name, weights.version, folder, folder / main.name, main.sha256, "model folder")


def _installed(weights: Installed) -> ResolvedModel:
    try:
        distribution = importlib.metadata.distribution(weights.distribution)
    except importlib.metadata.PackageNotFoundError:
        raise WeightsError(f"The package {weights.distribution} is not installed. Run `make setup`.") from None
    path = Path(str(distribution.locate_file(weights.member)))
    verify(path, weights.sha256)
    return ResolvedModel(weights.name, distribution.version, path.parent, path, weights.sha256, "installed package")


def _from_hub(weights: Hub, model_dir: Path, endpoint: str, token: str) -> ResolvedModel:
    folder = hub.download(weights, model_dir, endpoint, token)
    main = folder / weights.main_file
    digest = weights.sha256 or sha256_of(main)
    return ResolvedModel(weights.name, weights.revision, folder, main, digest, "hub")


def _named_revision(name: str) -> Hub:
    repository, _, revision = name.partition("@")
    if not revision:
        raise WeightsError(f"{name} names no revision. Write {repository}@<commit> so that it cannot change unnoticed.")
    return Hub(repository, repository, revision)
