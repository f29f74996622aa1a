"""The greeting for programs."""

from __future__ import annotations

from gateway.schemas import Body


class Welcome(Body):
    """What this server is."""

    message: str
    model: str
    endpoints: dict[str, str]
