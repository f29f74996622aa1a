"""Real speech by voice, from the folder that BENCH_DATA names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.wire import Span

Sound = NDArray[np.float32]
# Longer utterances are cut: a composed dialogue of half a minute must hold several of each voice.
LONGEST_S = 7.0
SETS = ("ljspeech", "librispeech", "speechocean762", "faster_whisper")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A recording with its words; `speaker` is unique over all sets."""

    path: Path
    text: str
    speaker: str


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """One line of an RTTM file."""

    span: Span
    speaker: str


def utterances(data: Path, name: str) -> list[Utterance]:
    """The manifest of one set under `speech_en`; files without a text are left out."""
    folder = data / "speech_en" / name
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = [(_file(folder, row["audio"]), row) for row in rows if row.get("text")]
    return [Utterance(path, row["text"], f"{name}/{row.get('speaker', '')}") for path, row in found]


def rttm(path: Path) -> dict[str, list[SpeakerTurn]]:
    """Turns by recording name."""
    turns: dict[str, list[SpeakerTurn]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        _, name, _, start, length, _, _, speaker, *_ = line.split()
        turns[name].append(SpeakerTurn(Span(float(start), float(start) + float(length)), speaker))
    return turns


def voices(data: Path) -> dict[str, list[Sound]]:
    """Utterances of up to 7 s by voice, for composing; voices with under 12 s in all are left out."""
    found: dict[str, list[Sound]] = defaultdict(list)
    for name in SETS[:3]:
        for utterance in utterances(data, name):
            found[utterance.speaker].append(decode_sound(utterance.path)[: int(LONGEST_S * SAMPLE_RATE_HZ)])
    for speaker, sound in _from_dialogues(data):
        found[speaker].append(sound)
    return {name: sounds for name, sounds in found.items() if sum(s.size for s in sounds) > 12 * SAMPLE_RATE_HZ}


def _from_dialogues(data: Path) -> Iterator[tuple[str, Sound]]:
    for path in sorted((data / "diarization" / "dialogues").glob("en_1spk_*.rttm")):
        sound = decode_sound(path.with_suffix(".flac"))
        for turn in rttm(path)[path.stem]:
            for start_s in np.arange(turn.span.start_s, turn.span.end_s - 2.0, LONGEST_S):
                end_s = min(turn.span.end_s, start_s + LONGEST_S)
                yield turn.speaker, sound[int(start_s * SAMPLE_RATE_HZ) : int(end_s * SAMPLE_RATE_HZ)]


def _file(folder: Path, name: str) -> Path:
    return next(
        path for path in (folder / name, folder / Path(name).name, *folder.rglob(Path(name).name)) if path.exists()
    )
