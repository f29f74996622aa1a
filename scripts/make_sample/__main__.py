"""`python -m scripts.make_sample [--out FOLDER]`: makes the sample interview with its ground truth.

Needs espeak-ng and the voice packages that README.md in this folder lists.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from scripts.make_sample import performance, recording, voices
from scripts.make_sample.content import ENGLISH, INDONESIAN, Content
from scripts.make_sample.portrait import Portrait
from servicekit.weights.folder import default_model_dir
from servicekit.weights.resolver import resolve

ROOT = Path(__file__).resolve().parents[2]


def make(content: Content, folder: Path, landmarker: Path) -> dict[str, Any]:
    """Write one answer and return its ground truth."""
    speech = voices.speak(content)
    times_s = recording.frame_times_s(speech.duration_s, jittered=content.file.endswith(".webm"))
    portrait = Portrait(landmarker, content.mirrored)
    pictures = (portrait.frame(pose) for pose in performance.poses(content, speech.sound, times_s))
    recording.write(folder / content.file, times_s, pictures, speech.sound)
    return _truth(content, speech, times_s)


def _truth(content: Content, speech: voices.Speech, times_s: list[float]) -> dict[str, Any]:
    script = " ".join(sentence for sentence, _ in content.sentences)
    return {
        "file": content.file,
        "question": content.question,
        "language": content.language,
        "script": script,
        "word_count": len(script.split()),
        "duration_s": round(speech.duration_s, 2),
        "frame_rate": round((len(times_s) - 1) / (times_s[-1] - times_s[0]), 2),
        "blinks": [_span(s, s + length) for s, length in content.blinks if s + length < speech.duration_s],
        "look_away": [_span(k.start_s, k.end_s) | {"direction": "left", "degrees": k.degrees} for k in content.looks],
        "pauses": [_span(*pause) for pause in speech.pauses],
        "speakers": 1,
        "face_visible_share": 1.0,
    }


def _span(start_s: float, end_s: float) -> dict[str, float]:
    return {"start_s": round(start_s, 3), "end_s": round(end_s, 3)}


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m scripts.make_sample", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "sample")
    folder: Path = parser.parse_args().out
    landmarker = resolve("face-landmarker", default_model_dir()).main_file
    answers = [make(content, folder, landmarker) for content in (ENGLISH, INDONESIAN)]
    interview = {
        "candidate_name": "Sample Candidate",
        "language": "en",
        "note": "Made, not a person's recording: a warped public-domain portrait with synthetic voices.",
        "answers": answers,
    }
    (folder / "interview.json").write_text(json.dumps(interview, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
