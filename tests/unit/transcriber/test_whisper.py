from __future__ import annotations

from pathlib import Path

import ctranslate2
import pytest

from servicekit.weights.errors import WeightsError
from services.transcriber.settings import Settings
from services.transcriber.whisper import Whisper, choose_device


@pytest.mark.parametrize(
    ("device", "compute_type", "gpus", "chosen"),
    [
        ("auto", "auto", 0, ("cpu", "int8")),
        ("auto", "auto", 1, ("cuda", "float16")),
        ("cpu", "auto", 1, ("cpu", "int8")),
        ("cuda", "int8_float16", 0, ("cuda", "int8_float16")),
        ("auto", "float32", 0, ("cpu", "float32")),
    ],
)
def test_device(
    monkeypatch: pytest.MonkeyPatch, device: str, compute_type: str, gpus: int, chosen: tuple[str, str]
) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: gpus)
    assert choose_device(device, compute_type) == chosen


@pytest.mark.parametrize(("name", "message"), [("whisper-base", "make models"), ("whisper-bass", "Known:")])
def test_a_model_that_cannot_be_had_says_what_to_do(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        Whisper(Settings(port=0, model=name, INTERVIEW_MODEL_DIR=tmp_path)).load()
