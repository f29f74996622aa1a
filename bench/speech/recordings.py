"""Speech by voice: the sample interview, and real recordings from the folder that BENCH_DATA names."""

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
SAMPLE = Path(__file__).resolve().parents[2] / "sample"
"""Halves of `made_speech` that share neither voices nor texts: constants are set on the first only."""
MADE = "made"
"""What the names of the sets of `made_speech` begin with."""
SETS = ("ljspeech", "librispeech", "speechocean762", "faster_whisper")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A recording with its words; `speaker` is unique over all sets."""

    path: Path
    text: str
    speaker: str
    language: str = "en"
    question: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """One line of an RTTM file."""

    span: Span
    speaker: str


def sets(data: Path | None) -> dict[str, list[Utterance]]:
    """Everything whose words are known, by the name of its set."""
    found = {"sample interview": sample()}
    if data is None:
        return found
    return found | {name: utterances(data, name) for name in SETS} | made_speech(data)


def sample() -> list[Utterance]:
    """The answers of the sample interview."""
    answers = json.loads((SAMPLE / "interview.json").read_text(encoding="utf-8"))["answers"]
    return [
        Utterance(SAMPLE / a["file"], a["script"], f"sample/{a['language']}", a["language"], a["question"])
        for a in answers
    ]


def utterances(data: Path, name: str) -> list[Utterance]:
    """The manifest of one set under `speech_en`; files without a text are left out."""
    folder = data / "speech_en" / name
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = [(_file(folder, row["audio"]), row) for row in rows if row.get("text")]
    return [Utterance(path, row["text"], f"{name}/{row.get('speaker', '')}") for path, row in found]


def made_speech(data: Path) -> dict[str, list[Utterance]]:
    """What `bench.speech.made_speech` wrote, by set and kind; answers in two languages are sent as Indonesian."""
    manifest = data / "made_speech" / "manifest.jsonl"
    found: dict[str, list[Utterance]] = defaultdict(list)
    for line in manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else ():
        row = json.loads(line)
        said = Utterance(manifest.parent / row["audio"], row["text"], row["speaker"], "id", row["question"])
        found[f"{MADE} {row['set']}: {row['kind']}"].append(said)
    return found


def rttm(path: Path) -> dict[str, list[SpeakerTurn]]:
    """Turns by recording name."""
    turns: dict[str, list[SpeakerTurn]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        _, name, _, start, length, _, _, speaker, *_ = line.split()
        turns[name].append(SpeakerTurn(Span(float(start), float(start) + float(length)), speaker))
    return turns


def voices(data: Path | None) -> dict[str, list[Sound]]:
    """Utterances of up to 7 s by voice, for composing; voices with under 12 s in all are left out.

    Without a data folder: the two voices of the sample interview.
    """
    found: dict[str, list[Sound]] = defaultdict(list)
    if data is None:
        for answer in sample():
            found[answer.speaker] = _pieces(decode_sound(answer.path))
        return found
    for name in SETS[:3]:
        for utterance in utterances(data, name):
            found[utterance.speaker].append(_utterance(utterance.path))
    for speaker, sound in _from_dialogues(data):
        found[speaker].append(sound)
    return {name: sounds for name, sounds in found.items() if sum(s.size for s in sounds) > 12 * SAMPLE_RATE_HZ}


def voices_in(folder: Path) -> dict[str, list[Sound]]:
    """Utterances of up to 7 s by voice from a folder with a folder for each voice, in the order of their names.

    Raises FileNotFoundError where it holds no voice.
    """
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    found = {path.name: [_utterance(file) for file in sorted(path.iterdir())] for path in folders}
    if not any(found.values()):
        raise FileNotFoundError(f"No voices in {folder}: it needs a folder with sound files for each.")
    return {name: sounds for name, sounds in found.items() if sounds}


def _utterance(path: Path) -> Sound:
    return decode_sound(path)[: int(LONGEST_S * SAMPLE_RATE_HZ)]


def _pieces(sound: Sound) -> list[Sound]:
    """Half as long as an utterance may be, cut where they fall."""
    size = int(LONGEST_S / 2 * SAMPLE_RATE_HZ)
    return [sound[start : start + size] for start in range(0, sound.size - size // 2, size)]


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
