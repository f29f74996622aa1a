"""`python -m services.judge.prepare`: read the openings once and keep their state beside the weights.

Without it the first start does so itself; where the weights cannot be written, every start.
"""

from __future__ import annotations

import asyncio
import sys

from servicekit.weights.errors import WeightsError
from services.judge.chat import prompts
from services.judge.chat.model import Options, user
from services.judge.llama.backend import LlamaCpp
from services.judge.settings import Settings

DIRECTIONS = (("en", "id"), ("id", "en"))


async def prepare(settings: Settings) -> None:
    """The openings of ratings and of both directions of translation. Raises WeightsError."""
    llama = LlamaCpp(settings)
    await llama.load()
    try:
        await llama.prepare()
        for source, target in DIRECTIONS:
            await llama.write(prompts.translation_opening(source, target), [[user("-")]], Options(1))
    finally:
        await llama.close()


if __name__ == "__main__":
    try:
        asyncio.run(prepare(Settings()))
    except WeightsError as error:
        sys.exit(str(error))
