"""What every body has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A JSON body: unknown keys are kept out of the way, missing ones have defaults."""

    model_config = ConfigDict(extra="ignore", frozen=True)
