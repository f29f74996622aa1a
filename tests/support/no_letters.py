"""An orchestrator that nobody has written a letter in."""

from __future__ import annotations

from typing import Any

import grpc
from interview.letters.v1.letters_service_pb2_grpc import LettersServiceServicer

from servicekit.errors import ServiceError

Context = grpc.aio.ServicerContext[Any, Any]


class NoLetters(LettersServiceServicer):
    """No letters: `tests.support.recruiting` has an orchestrator with them."""

    async def _missing(self, request: Any, context: Context) -> Any:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "LETTER_NOT_FOUND", "There is no letter.")

    GetLetter = DraftLetter = EditLetter = SendLetter = _missing
