"""`python -m services.transcriber`."""

from __future__ import annotations

from servicekit.media import MediaStore
from servicekit.server import run
from services.transcriber.servicer import Servicer
from services.transcriber.settings import Settings
from services.transcriber.whisper import Whisper

if __name__ == "__main__":
    settings = Settings()
    run(Servicer(Whisper(settings), MediaStore(settings, settings.scratch_dir), settings), settings)
