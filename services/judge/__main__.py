"""`python -m services.judge`."""

from __future__ import annotations

from servicekit.server import run
from services.judge.backends import build
from services.judge.servicer import Servicer
from services.judge.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    run(Servicer(build(settings)), settings)
