"""What channels do to voice embeddings is learned from some voices and taken out of others."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from servicekit.weights.catalogue import RESEMBLYZER
from servicekit.weights.errors import WeightsError
from services.audio.voices.compensation import FILE, read, write
from training.voices.channels import CHANNELS
from training.voices.fitting import KEPT, fitted

SIZE, RECORDINGS = 256, 6
Floats = np.ndarray


def recorded(voices: int, seed: int) -> list[Floats]:
    """Unit embeddings of voices that differ in 32 directions, in channels that all push in the same eight."""
    pushes, manners = np.split(np.random.default_rng(1).normal(0, 1 / 16, (40, SIZE)), [8])
    random = np.random.default_rng(seed)
    found = []
    for _ in range(voices):
        own = np.full(SIZE, 1 / 16) + random.normal(0, 0.1, 32) @ manners
        heard = own + random.normal(0, 0.25, (RECORDINGS, 8)) @ pushes + random.normal(0, 0.002, (RECORDINGS, SIZE))
        found.append(heard / np.linalg.norm(heard, axis=1, keepdims=True))
    return found


def cosines(voices: list[Floats]) -> tuple[float, float]:
    """The least cosine of recordings of one voice, and the largest of two voices."""
    every = np.concatenate(voices)
    unit = every / np.linalg.norm(every, axis=1, keepdims=True)
    owner = np.repeat(np.arange(len(voices)), RECORDINGS)
    likeness, same = unit @ unit.T, owner[:, None] == owner
    return float(likeness[same].min()), float(likeness[~same].max())


def test_voices_that_were_not_learned_from_are_told_apart_behind_channels() -> None:
    learned, others = fitted(recorded(100, seed=2), "encoder"), recorded(10, seed=3)
    one, two = cosines(others)
    assert one < two
    one, two = cosines([learned.applied(voice.astype(np.float32)) for voice in others])
    assert one > two


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    learned = fitted(recorded(100, seed=2), "encoder")
    write(learned, path := tmp_path / "weights" / "channels.npz")
    again = read("encoder", path)
    assert again.matrix.shape == (SIZE, KEPT)
    heard = recorded(3, seed=3)[0].astype(np.float32)
    assert np.allclose(again.applied(heard), learned.applied(heard), atol=0.01)


def test_it_is_of_no_use_with_another_encoder(tmp_path: Path) -> None:
    write(fitted(recorded(100, seed=2), "encoder"), path := tmp_path / "channels.npz")
    with pytest.raises(WeightsError, match="another voice encoder"):
        read("another", path)


def test_what_comes_with_the_service_belongs_to_its_encoder() -> None:
    found = read(RESEMBLYZER.sha256)
    assert found.mean.shape == (SIZE,)
    assert found.matrix.shape == (SIZE, KEPT)
    assert FILE.stat().st_size < 64_000


def test_drawn_channels_keep_length_and_level_and_are_drawn_again_the_same() -> None:
    sound = np.random.default_rng(5).normal(0, 0.05, 16_000).astype(np.float32)
    for channel in CHANNELS:
        heard = channel(sound, np.random.default_rng(6))
        assert np.array_equal(heard, channel(sound, np.random.default_rng(6)))
        assert heard.shape == sound.shape
        assert heard.dtype == np.float32
        assert np.sqrt(np.mean(heard**2)) == pytest.approx(0.05, rel=0.02)


def test_results_name_it(tmp_path: Path) -> None:
    write(fitted(recorded(20, seed=2), "encoder"), path := tmp_path / "channels.npz")
    info = read("encoder", path).info
    assert info is not None
    assert (info.name, info.sha256) == ("voice-channels", hashlib.sha256(path.read_bytes()).hexdigest())
