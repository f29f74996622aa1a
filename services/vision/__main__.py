"""`python -m services.vision`: settings, weights, serve."""

from __future__ import annotations

from servicekit.media import MediaStore
from servicekit.server import run
from services.vision.servicer import VisionServicer
from services.vision.settings import Settings
from services.vision.weights import load_watcher


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = Settings()
    store = MediaStore(settings, settings.scratch_dir)
    run(VisionServicer(lambda: load_watcher(settings), store), settings)


if __name__ == "__main__":
    main()
