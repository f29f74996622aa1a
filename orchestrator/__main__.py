"""The gRPC API: `python -m orchestrator`."""

from __future__ import annotations

from orchestrator.api import Orchestrator
from orchestrator.settings import ApiSettings
from servicekit.server import run

if __name__ == "__main__":
    settings = ApiSettings()
    run(Orchestrator(settings), settings)
