"""What the model's states say of the material; kept on disk, so that a stopped run goes on where it was."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from services.judge.learned import aimed, features
from services.judge.learned.reading import LAYER, Reader, Reading
from services.judge.llama.context import LlamaContext, Numbers
from services.judge.llama.model import LlamaModel
from training.judge.material import Answer, Mixed, task


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one answer: states (4, d), numbers beside them, and the states after its criterion's text, if it has one."""

    blocks: Numbers
    beside: Numbers
    criterion: Numbers | None


class Readings:
    """Reads each text once."""

    def __init__(self, model: LlamaModel, context: LlamaContext, folder: Path) -> None:
        """Keep what was read in `folder`."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._reader = Reader(model, context)
        self._reader.open(folder)
        self.mean, self.scale = self._level()
        self.opening_sha256 = hashlib.sha256(str(self._reader.opening).encode()).hexdigest()
        self.read = 0

    def answer(self, answer: Answer, referenced: bool) -> Seen:
        """The answer as it is read with or without its reference; its criterion only without."""
        asked = [task(answer.criterion)] if answer.criterion and not referenced else []
        reference = answer.reference if referenced else ""
        path = self._path("answer", answer.question, reference, answer.answer, *asked)
        if not path.exists():
            reading = self._reader.read(answer.question, reference, answer.answer, asked)
            self.keep(path, reading)
        stored = _load(path)
        return Seen(stored["blocks"], stored["beside"], stored["criterion"] if asked else None)

    def keep(self, path: Path, reading: Reading) -> None:
        """Write what the head needs of a reading."""
        self.read += reading.tokens
        arrays = {
            "blocks": features.states(reading),
            "beside": features.similarities(reading, self.mean, self.scale),
        }
        if reading.criteria:
            arrays["criterion"] = features.criterion(reading, 0)
        _write(path, arrays)

    def sentences(self, mixed: Mixed) -> tuple[Numbers, list[bool]]:
        """Of each of the answer's sentences, as they are cut, its states, and whether it is aimed at the scorer."""
        path = self._path("sentences", mixed.question, mixed.answer)
        if not path.exists():
            reading = self._reader.read(mixed.question, "", mixed.answer)
            self.read += reading.tokens
            labels = labelled(mixed, [s.text for s in reading.sentences])
            _write(path, {"states": aimed.sentence_states(reading), "labels": np.array(labels, np.float32)})
        stored = _load(path)
        return stored["states"], [bool(n) for n in stored["labels"]]

    def _level(self) -> tuple[Numbers, Numbers]:
        """Mean and scale of the dimensions over the opening's tokens."""
        path = self._path("level")
        if not path.exists():
            states = self._reader.opening_states()
            _write(path, {"mean": states.mean(0), "scale": states.std(0) + 1e-3})
        stored = _load(path)
        return stored["mean"], stored["scale"]

    def _path(self, *parts: str) -> Path:
        asked = json.dumps([LAYER, self._reader.opening, *parts], ensure_ascii=False)
        return self._folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.npz"


def labelled(mixed: Mixed, cut: Sequence[str]) -> list[bool]:
    """For each sentence as it was cut whether it lies in one that is aimed at whoever scores."""
    ends = np.cumsum([len(s) + 1 for s in mixed.sentences])
    found, at = [], 0
    for text in cut:
        at = mixed.answer.index(text, at)
        found.append(mixed.aimed[int(np.searchsorted(ends, at + len(text) // 2, side="right"))])
        at += len(text)
    return found


def _write(path: Path, arrays: dict[str, Numbers]) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **{name: values.astype(np.float32) for name, values in arrays.items()})  # type: ignore[arg-type]
    partial.rename(path)


def _load(path: Path) -> dict[str, Numbers]:
    with np.load(io.BytesIO(path.read_bytes())) as stored:
        return {name: stored[name] for name in stored.files}
