"""`python -m training.judge [fit|calibrate]`: make the judge's learned parts from the graded answers.

`fit` (the default) reads everything with the embedded model (about an hour on two cores; kept in `.state/training`
and continued), fits the head and writes its file: the same data give the same file. `calibrate` asks the first chat
model of the settings (JUDGE_OPENAI_URL, JUDGE_HUGGINGFACE_TOKEN) to rate the graded answers and writes its map.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from services.judge.learned import evaluator as embedded
from services.judge.settings import Settings
from training.judge.calibrating import calibrate
from training.judge.learning import learned
from training.judge.report import printed

CACHE = Path(os.environ.get("TRAINING_CACHE", ".state/training"))


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m training.judge", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["fit", "calibrate"], default="fit")
    parser.add_argument("--out", type=Path, default=embedded.HEAD, help="the head's file")
    parser.add_argument("--answers", type=int, default=200, help="graded answers that calibrate asks for")
    options = parser.parse_args()
    if options.command == "calibrate":
        print(asyncio.run(calibrate(Settings(), options.answers)))
        return
    printed(learned(Settings(), CACHE, options.out))


if __name__ == "__main__":
    main()
