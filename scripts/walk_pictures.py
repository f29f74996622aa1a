"""`python -m scripts.walk_pictures FOLDER`: takes pictures for the docs over from a run of test_hiring."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
COLOURS = 64
MOST_BYTES = 150_000


def main(folder: Path) -> None:
    """Store those that pages show with few colours. Raises FileNotFoundError, ValueError where one is too large."""
    pages = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    for name in sorted(set(re.findall(r"images/(walk-[\w-]+\.png)", pages))):
        with Image.open(folder / name) as picture:
            few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(IMAGES / name, optimize=True)
        if (size := (IMAGES / name).stat().st_size) > MOST_BYTES:
            raise ValueError(f"{name} has {size} bytes, more than {MOST_BYTES}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
