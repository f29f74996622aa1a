"""librosa's filters, compiled with the image: at each start numba would take most of a minute for them.

`python -m services.audio.compiled` compiles them into `NUMBA_CACHE_DIR`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numba
import numpy as np

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.analyzer import SoundAnalyzer
from services.audio.settings import Settings
from services.audio.voices.pitch import window_pitches
from services.audio.voices.windows import windows


def lay_out(compiled: Path | None) -> None:
    """Copy what was compiled to where numba looks: it wants to write there too, which an image does not allow.

    Folder by folder: the scratch volume itself is its node's, and its mode and times are not ours to set.
    """
    if compiled is None:
        return
    target = Path(numba.config.CACHE_DIR)  # type: ignore[attr-defined]  # set as numba is imported
    for folder in compiled.iterdir():
        shutil.copytree(folder, target / folder.name, dirs_exist_ok=True)


def compile_all(settings: Settings) -> None:
    """Use everything once that compiles. Raises WeightsError."""
    SoundAnalyzer(settings).load()
    second = np.zeros(2 * SAMPLE_RATE_HZ, np.float32)
    window_pitches(second, windows((Span(0.0, settings.window_s),), settings))


if __name__ == "__main__":
    compile_all(Settings())
