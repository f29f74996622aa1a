"""`python -m training.voices FOLDER`: learn what channels do to voice embeddings, for the audio service.

FOLDER has a folder for each voice with two files or more of speech; a hundred voices are enough. The same files give
the same result.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from services.audio.settings import Settings
from services.audio.voices.compensation import FILE, write
from services.audio.voices.encoder import Resemblyzer
from training.voices.fitting import fitted
from training.voices.recordings import voices


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m training.voices", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder for each voice")
    parser.add_argument("--out", type=Path, default=FILE, help="the file")
    options = parser.parse_args()
    settings = Settings()
    encoder = Resemblyzer(settings.model, settings.model_dir, settings.threads)
    encoder.load()
    found = list(voices(options.folder, encoder))
    write(fitted(found, encoder.info.sha256), options.out)
    print(f"{options.out}: learned from {len(found)} voices")


if __name__ == "__main__":
    main()
