"""`python -m services.judge`."""

from __future__ import annotations

from functools import partial

from servicekit.server import run
from services.judge.backends import build, of_accounts
from services.judge.servicer import Servicer
from services.judge.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    panel = build(settings)
    run(Servicer(panel, partial(of_accounts, panel, settings)), settings)
