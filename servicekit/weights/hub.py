"""Weights from the Hugging Face hub at a pinned revision."""

from __future__ import annotations

from pathlib import Path

import httpx2  # what huggingface_hub speaks HTTP with; its errors come through
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from servicekit.weights.catalogue import Hub
from servicekit.weights.errors import WeightsError
from servicekit.weights.verification import verify

# What faster-whisper reads of a repository.
FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]


def download(weights: Hub, model_dir: Path, endpoint: str, token: str) -> Path:
    """Download what is missing into `model_dir / weights.name` and return that folder.

    Raises WeightsError when the hub does not give it out or the main file differs from its SHA-256.
    """
    folder = model_dir / weights.name.replace("/", "--")
    try:
        snapshot_download(
            weights.repository,
            revision=weights.revision,
            local_dir=folder,
            allow_patterns=FILES,
            endpoint=endpoint or None,
            token=token or False,
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, httpx2.HTTPError, OSError) as error:
        raise WeightsError(
            f"{weights.repository}@{weights.revision} cannot be had from the hub ({type(error).__name__}). Check the "
            "network, HF_ENDPOINT and HF_TOKEN, or put the files into " + str(folder)
        ) from error
    if weights.sha256:
        verify(folder / weights.main_file, weights.sha256)
    return folder
