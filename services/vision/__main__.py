"""`python -m services.vision`."""

from __future__ import annotations

from servicekit.media import MediaStore
from servicekit.server import run
from services.vision.analyzer import PictureAnalyzer
from services.vision.servicer import Servicer
from services.vision.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    run(Servicer(PictureAnalyzer(settings), MediaStore(settings, settings.scratch_dir)), settings)
