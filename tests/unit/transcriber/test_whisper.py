from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import pytest

from servicekit.weights.errors import WeightsError
from servicekit.wire import Span
from services.transcriber.settings import Settings
from services.transcriber.whisper import Whisper, _segment, choose_device


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


def raw(*words: tuple[float, float, str], avg_logprob: float = -0.3) -> Any:
    said = [SimpleNamespace(start=start, end=end, word=word, probability=0.9) for start, end, word in words]
    return SimpleNamespace(
        words=said, start=0.0, end=9.0, text=" a b ", avg_logprob=avg_logprob, no_speech_prob=0.1, seek=0
    )


def test_times_are_brought_into_order() -> None:
    found = _segment(raw((0.5, 1.2, " a"), (1.0, 0.9, " b"), (1.1, 9.0, " c")), after_s=0.8, until_s=5.0)
    assert [word.span for word in found.words] == [Span(0.8, 1.2), Span(1.2, 1.2), Span(1.2, 5.0)]
    assert found.span == Span(0.8, 5.0)


def test_empty_words_are_left_out_and_texts_are_trimmed() -> None:
    found = _segment(raw((0.0, 1.0, " a"), (1.0, 1.1, "  ")), after_s=0.0, until_s=5.0)
    assert ([word.text for word in found.words], found.text) == (["a"], "a b")


def test_without_words_the_segments_own_times_count() -> None:
    found = _segment(raw(avg_logprob=0.001), after_s=2.0, until_s=5.0)
    assert (found.span, found.words, found.confidence, found.avg_logprob) == (Span(2.0, 5.0), (), 0.0, 0.0)
