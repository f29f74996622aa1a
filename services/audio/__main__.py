"""`python -m services.audio`."""

from __future__ import annotations

from servicekit.media import MediaStore
from servicekit.server import run
from services.audio.analyzer import SoundAnalyzer
from services.audio.compiled import lay_out
from services.audio.servicer import Servicer
from services.audio.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    lay_out(settings.compiled_dir)
    run(Servicer(SoundAnalyzer(settings), MediaStore(settings, settings.scratch_dir)), settings)
