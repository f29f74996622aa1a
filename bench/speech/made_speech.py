"""`python -m bench.speech.made_speech FOLDER`: spoken answers in Indonesian and in two languages, for `BENCH_DATA`.

Needs espeak-ng and the voices that scripts/make_sample/README.md lists. Nobody was recorded; the texts are graded
answers of `training/judge`. The parts share neither voices nor texts: constants are set on `tuning` and measured on
`check`. What `check` suggested is measured on `long`, whose answers last over half a minute; its Kokoro voices are
those of the npm package `kokoro-js`, whose folder `voices` is named in `KOKORO_VOICES`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
import yaml

from bench.speech.prompts import FOLDER
from scripts.make_sample.voices import RATE_HZ, Sound, in_a_room, kokoro, piper, trimmed
from servicekit.decoding import SAMPLE_RATE_HZ
from training.judge.material import DATA

PAUSE_S, LEAD_IN_S = 0.5, 0.8
TERMS = Path(__file__).with_name("terms.yaml")
TERM_VOICES = {"en": ("piper:joe", "kokoro:jf_nezumi"), "id": ("kokoro:jm_kumo", "kokoro:jf_gongitsune")}
ENGINES: dict[str, Callable[[str, str], Callable[[str], Sound]]] = {
    "kokoro": kokoro,
    "piper": lambda _voice, _language: piper(),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences of an answer, `first` to `last` of them, in one voice (`engine:name`)."""

    answer: str
    voice: str
    first: int = 0
    last: int | None = None


SETS: dict[str, dict[str, tuple[Part, ...]]] = {
    "tuning": {
        "one_1": (Part("i01.0", "kokoro:jm_kumo"),),
        "one_2": (Part("i03.0", "kokoro:jf_alpha"),),
        "one_3": (Part("i04.0", "kokoro:jf_alpha"),),
        "espeak_1": (Part("i05.0", "espeak:m3"),),
        "espeak_2": (Part("i06.0", "espeak:f2"),),
        "two_1": (Part("i07.0", "kokoro:jm_kumo", 0, 2), Part("i10.0", "kokoro:jf_alpha", 0, 2),
                  Part("i07.0", "kokoro:jm_kumo", 2), Part("i10.0", "kokoro:jf_alpha", 2)),
        "two_2": (Part("i05.0", "kokoro:jf_alpha", 0, 2), Part("i06.0", "espeak:m3", 0, 2),
                  Part("i05.0", "kokoro:jf_alpha", 2), Part("i06.0", "espeak:m3", 2)),
        "switched_1": (Part("e02.0", "piper:joe", 0, 2), Part("i06.0", "kokoro:jm_kumo", 0, 2)),
        "switched_2": (Part("i03.0", "kokoro:jf_alpha", 0, 2), Part("e04.0", "kokoro:jf_alpha", 1, 2),
                       Part("i03.0", "kokoro:jf_alpha", 2)),
        "switched_3": (Part("i10.0", "kokoro:jm_kumo", 0, 1), Part("e09.0", "kokoro:jm_kumo", 0, 1),
                       Part("i10.0", "kokoro:jm_kumo", 1, 2), Part("e09.0", "kokoro:jm_kumo", 1, 2)),
    },
    "check": {
        "one_1": (Part("i13.0", "kokoro:jf_gongitsune"),),
        "one_2": (Part("i14.0", "kokoro:jf_nezumi"),),
        "one_3": (Part("i15.0", "kokoro:jf_tebukuro"),),
        "one_4": (Part("i16.0", "kokoro:jf_gongitsune"),),
        "espeak_1": (Part("i17.0", "espeak:m7"),),
        "espeak_2": (Part("i18.0", "espeak:f4"),),
        "two_1": (Part("i19.0", "kokoro:jf_tebukuro", 0, 2), Part("i20.0", "kokoro:jf_gongitsune", 0, 2),
                  Part("i19.0", "kokoro:jf_tebukuro", 2), Part("i20.0", "kokoro:jf_gongitsune", 2)),
        "two_2": (Part("i13.0", "kokoro:jf_nezumi", 0, 2), Part("i17.0", "espeak:m7", 0, 1),
                  Part("i13.0", "kokoro:jf_nezumi", 2), Part("i17.0", "espeak:m7", 1)),
        "switched_1": (Part("e13.0", "kokoro:jf_nezumi", 0, 2), Part("i15.0", "kokoro:jf_gongitsune", 0, 3)),
        "switched_2": (Part("i18.0", "kokoro:jf_gongitsune", 0, 2), Part("e17.0", "kokoro:jf_gongitsune", 0, 2),
                       Part("i18.0", "kokoro:jf_gongitsune", 2)),
        "switched_3": (Part("e20.0", "kokoro:jf_tebukuro", 1, 2), Part("i20.0", "kokoro:jf_tebukuro", 0, 1),
                       Part("e06.0", "kokoro:jf_tebukuro", 0, 1), Part("i20.0", "kokoro:jf_tebukuro", 1, 3)),
    },
    "long": {
        "one_1": (Part("a10.0", "kokoro:im_nicola"),),
        "one_2": (Part("a12.0", "kokoro:if_sara"),),
        "one_3": (Part("a14.0", "kokoro:pm_alex"),),
        "one_4": (Part("a16.0", "kokoro:pf_dora"),),
        "one_5": (Part("a18.0", "kokoro:em_alex"),),
        "one_6": (Part("a17.6", "kokoro:ef_dora"),),
        "one_7": (Part("b14.3", "kokoro:hm_omega"),),
        "one_8": (Part("b15.3", "kokoro:hf_alpha"),),
        "espeak_1": (Part("b12.3", "espeak:m1"),),
        "espeak_2": (Part("b13.3", "espeak:f5"),),
        "two_1": (Part("b11.7", "kokoro:am_michael", 0, 3), Part("a14.1", "kokoro:af_heart", 0, 3),
                  Part("b11.7", "kokoro:am_michael", 3)),
        "two_2": (Part("a12.4", "kokoro:bf_emma", 0, 3), Part("a18.7", "kokoro:bm_george", 0, 3),
                  Part("a12.4", "kokoro:bf_emma", 3)),
    },
}  # fmt: skip


def made(folder: Path) -> None:
    """Write `made_speech/manifest.jsonl` with its sounds: text, language (or `both`), set, parts with times."""
    target = folder / "made_speech"
    target.mkdir(parents=True, exist_ok=True)
    answers = {row["id"]: row for row in map(json.loads, (DATA / "answers.jsonl").read_text("utf-8").splitlines())}
    with (target / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for set_name, files in SETS.items():
            for name, parts in files.items():
                row = _written(target / f"{set_name}_{name}.flac", set_name, [(p, answers[p.answer]) for p in parts])
                manifest.write(json.dumps(row, ensure_ascii=False) + "\n")


def made_terms(folder: Path) -> None:
    """Write `terms/manifest.jsonl` with its sounds: each answer of terms.yaml in two voices of its language."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    with (target / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for number, row in enumerate(yaml.safe_load(TERMS.read_text("utf-8"))):
            for voice in TERM_VOICES[row["language"]]:
                path = target / f"{number:02}_{voice.replace(':', '_')}.flac"
                spoken = _spoken(sentences(row["answer"]), voice, row["language"])
                sound = np.concatenate([np.zeros(int(LEAD_IN_S * RATE_HZ), np.float32), *spoken])
                soundfile.write(path, soxr.resample(in_a_room(sound), RATE_HZ, SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
                written = {
                    "audio": path.name,
                    "text": row["answer"],
                    **{k: row[k] for k in ("language", "question", "terms")},
                }
                manifest.write(json.dumps(written, ensure_ascii=False) + "\n")


def _written(path: Path, set_name: str, parts: list[tuple[Part, dict[str, Any]]]) -> dict[str, Any]:
    sounds = [np.zeros(int(LEAD_IN_S * RATE_HZ), np.float32)]
    rows = []
    for part, answer in parts:
        start_s = sum(s.size for s in sounds) / RATE_HZ
        said = sentences(answer["answer"])[part.first : part.last]
        sounds += _spoken(said, part.voice, answer["lang"])
        end_s = sum(s.size for s in sounds) / RATE_HZ - PAUSE_S
        rows.append({"start_s": round(start_s, 2), "end_s": round(end_s, 2), "language": answer["lang"],
                     "text": " ".join(said)})  # fmt: skip
    sound = soxr.resample(in_a_room(np.concatenate(sounds)), RATE_HZ, SAMPLE_RATE_HZ)
    soundfile.write(path, sound, SAMPLE_RATE_HZ)
    languages = sorted({row["language"] for row in rows})
    return {
        "audio": path.name,
        "set": set_name,
        "kind": path.stem.split("_")[1],
        "speaker": "+".join(sorted({part.voice for part, _ in parts})),
        "language": languages[0] if len(languages) == 1 else "both",
        "question": parts[0][1]["question"],
        "text": " ".join(row["text"] for row in rows),
        "parts": rows,
    }


def _spoken(said: list[str], voice: str, language: str) -> Iterator[Sound]:
    engine, name = voice.split(":")
    for sentence in said:
        sound = _espeak(sentence, name, language) if engine == "espeak" else ENGINES[engine](name, language)(sentence)
        yield trimmed(sound)
        yield np.zeros(int(PAUSE_S * RATE_HZ), np.float32)


def sentences(text: str) -> list[str]:
    """The sentences of an answer, each ending with a full stop."""
    return [f"{s.strip(' .?')}." for s in text.replace("? ", ". ").split(". ") if s.strip(" .?")]


def _espeak(sentence: str, variant: str, language: str) -> Sound:
    command = ["espeak-ng", "-v", f"{language}+{variant}", "-s", "150", "--stdout", sentence]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    sound, rate_hz = soundfile.read(BytesIO(spoken), dtype="float32")
    return np.asarray(soxr.resample(sound, rate_hz, RATE_HZ), np.float32)


if __name__ == "__main__":
    made(Path(sys.argv[1]))
    made_terms(Path(sys.argv[1]))
