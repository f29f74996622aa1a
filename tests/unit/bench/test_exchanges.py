"""Exchanges of two made voices: the truth that the lips are measured by."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.fusion import exchanges
from bench.fusion.exchanges import MANNERS, exchange_scores
from servicekit.decoding import SAMPLE_RATE_HZ
from tests.support.lips import FINE_HZ, syllables

COUNT, UTTERANCE_S = 2, 5


def voice(seed: int) -> list[NDArray[np.float32]]:
    """Utterances of noise that rises and falls with syllables."""
    random = np.random.default_rng(seed)
    loud = np.repeat(syllables(seed), SAMPLE_RATE_HZ // FINE_HZ)
    sound = (0.1 * loud * random.normal(size=loud.size)).astype(np.float32)
    return list(sound.reshape(-1, UTTERANCE_S * SAMPLE_RATE_HZ))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "EXCHANGES", COUNT)
    monkeypatch.setattr(exchanges, "LIMITS_SET_ON", 2)


def test_the_candidate_speaks_less_more_or_alone() -> None:
    found = list(exchange_scores({str(seed): voice(seed) for seed in range(4)}))
    assert [(s.manner, s.left_out) for s in found] == [(m.name, out) for out in (False, True) for m in MANNERS]
    by_length = {s.manner: s.by_length for s in found if s.left_out}
    assert list(by_length.values()) == [0, 0, 0, COUNT, COUNT, COUNT]


def test_without_voices_left_out_there_is_one_set() -> None:
    assert {s.left_out for s in exchange_scores({str(seed): voice(seed) for seed in range(2)})} == {False}
