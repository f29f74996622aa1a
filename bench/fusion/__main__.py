"""`make bench-fusion`, or `python -m bench.fusion [--only PARTS] [--honest N] [--each N] [--talkers N]`.

Findings and verdicts on composed sessions whose truth is known. `BENCH_DATA=folder` adds real voices and faces; without
it they are those of the sample interview. Clips are kept in out/bench-fusion. Parts: lips, exchanges, talkers,
sessions, left-out.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.fusion.exchanges import exchange_scores, left_out
from bench.fusion.measuring import outcomes
from bench.fusion.mouths import CASES, lip_scores
from bench.fusion.scenes import EACH, HONEST, Scene, Stage
from bench.fusion.scores import Scores, scored
from bench.fusion.talkers import TalkerScores, talker_scores
from bench.speech.recordings import voices
from bench.vision.faces import puppets
from bench.vision.strangers import strangers
from servicekit.weights.folder import default_model_dir
from servicekit.weights.resolver import resolve

FOLDER = Path(__file__).resolve().parents[2] / "out" / "bench-fusion"
STRANGERS = FOLDER / "left-out"
TWO_VOICES = ("honest", "voices in turns", "prompter", "other voice longer", "spoken for")
"""Kinds of session that are made of faces and voices left out too: whose voice is the candidate's matters in them."""
VERDICTS, RECALL, FALSE_PER_MINUTE = 0.95, 0.9, 0.1
console = Console(width=150)


def main() -> None:
    """Measure, print, and write out/bench-fusion/scores.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.fusion", description=__doc__)
    parser.add_argument("--only", default="lips,exchanges,talkers,sessions,left-out", help="parts, with commas between")
    parser.add_argument("--honest", type=int, default=HONEST, help="honest sessions")
    parser.add_argument("--each", type=int, default=EACH, help="sessions of each trouble")
    parser.add_argument("--talkers", type=int, default=CASES, help="long answers, each honest and dubbed")
    options = parser.parse_args()
    parts = options.only.split(",")
    cv2.setNumThreads(1)
    STRANGERS.mkdir(parents=True, exist_ok=True)
    data = Path(os.environ["BENCH_DATA"]) if os.environ.get("BENCH_DATA") else None
    landmarker = resolve("face-landmarker", default_model_dir()).main_file
    stage = Stage(dict(puppets(landmarker, data)), voices(data))
    if "lips" in parts:
        _print_lips(voices(data))
    if "exchanges" in parts:
        _print_exchanges(voices(data))
    if "talkers" in parts:
        _print_talkers(talker_scores(stage.talkers(options.talkers), FOLDER))
    if "sessions" in parts:
        scores = scored(outcomes(_told(stage.scenes(options.honest, options.each)), FOLDER))
        _print(scores)
        (FOLDER / "scores.json").write_text(json.dumps(_as_json(scores), indent=1))
    if "left-out" in parts and data is not None:
        others = Stage(dict(strangers(landmarker, data)), left_out(voices(data))).scenes(options.honest, options.each)
        some = (scene for scene in others if scene.name.startswith(TWO_VOICES))
        _print(scored(outcomes(_told(some), STRANGERS)))


def _print_talkers(found: Iterator[TalkerScores]) -> None:
    """After each pair, since a pair takes minutes."""
    for scores in found:
        console.print(scores.text, highlight=False)


def _print_lips(spoken: dict[str, list[NDArray[np.float32]]]) -> None:
    table = Table(title=f"Voice against lips, {CASES} answers of each", title_justify="left")
    for column in ("own movement", "seconds", "similarity, honest", "another voice", "lag found", "off by", "flagged"):
        table.add_column(column)
    for found in lip_scores(spoken):
        table.add_row(
            f"{found.looseness:.1f}",
            str(found.seconds),
            f"{found.honest.min():.2f} to {found.honest.max():.2f}",
            f"{found.dubbed.min():.2f} to {found.dubbed.max():.2f}",
            str(len(found.lag_errors_s)),
            f"{np.median(found.lag_errors_s):.2f} s, 95 % under {np.percentile(found.lag_errors_s, 95):.2f}",
            f"honest {found.honest_flagged}, another voice {found.dubbed_flagged} of {found.long_enough}",
        )
    console.print(table)


def _print_exchanges(spoken: dict[str, list[NDArray[np.float32]]]) -> None:
    table = Table(title="The candidate's voice among two in turns", title_justify="left")
    for column in ("manner", "voices", "of", "right by length", "right now", "misled by lips"):
        table.add_column(column)
    for found in exchange_scores(spoken):
        voices_are = "left out" if found.left_out else "limits set on them"
        counts = (found.count, found.by_length, found.now, found.misled)
        table.add_row(found.manner, voices_are, *map(str, counts))
    console.print(table)


def _as_json(scores: Scores) -> dict[str, object]:
    return asdict(replace(scores, types={})) | {"types": {kind: asdict(s) for kind, s in scores.types.items()}}


def _told(scenes: Iterator[Scene]) -> Iterator[Scene]:
    for scene in scenes:
        console.print(scene.name, highlight=False)
        yield scene


def _print(scores: Scores) -> None:
    table = Table(title="Findings to review, by type", title_justify="left")
    for column in (
        "type",
        "sessions",
        "found",
        "recall",
        "moments",
        "found",
        "reported",
        "right",
        "precision",
        "target",
    ):
        table.add_column(column, justify="left" if column == "type" else "right")
    for kind, s in sorted(scores.types.items()):
        recall = s.sessions_found / s.sessions if s.sessions else float("nan")
        precision = s.right / s.reported if s.reported else float("nan")
        met = "" if not s.sessions else _met(recall >= RECALL)
        counts = (s.sessions, s.sessions_found, f"{recall:.2f}", s.moments, s.found, s.reported, s.right)
        table.add_row(kind, *map(str, counts), f"{precision:.2f}", met)
    console.print(table)
    right, original = scores.right_verdicts / scores.verdicts, scores.original_right / scores.verdicts
    false = scores.false_review / scores.honest_minutes
    console.print(
        f"Verdicts right: {right:.0%} of {scores.verdicts} sessions (target {VERDICTS:.0%}): "
        f"{_met(right >= VERDICTS)}; by the original's rules {original:.0%}\n"
        f"False findings to review per honest minute: {false:.2f} (target {FALSE_PER_MINUTE}): "
        f"{_met(false <= FALSE_PER_MINUTE)}; serious ones: {scores.false_serious} (target 0): "
        f"{_met(not scores.false_serious)}"
    )
    for line in scores.wrong:
        console.print(f"  {line}", highlight=False)


def _met(yes: bool) -> str:
    return "met" if yes else "MISSED"


if __name__ == "__main__":
    main()
