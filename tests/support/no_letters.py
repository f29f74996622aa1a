"""An orchestrator that has no jobs, and that nobody has written a letter in."""

from __future__ import annotations

from typing import Any

import grpc
from interview.jobs.v1.jobs_service_pb2_grpc import add_JobsServiceServicer_to_server
from interview.letters.v1.letters_service_pb2_grpc import LettersServiceServicer, add_LettersServiceServicer_to_server

from servicekit.errors import ServiceError
from tests.support.no_jobs import NoJobs

Context = grpc.aio.ServicerContext[Any, Any]


class NoLetters(LettersServiceServicer):
    """No letters: `tests.support.recruiting` has an orchestrator with them."""

    async def _missing(self, request: Any, context: Context) -> Any:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "LETTER_NOT_FOUND", "There is no letter.")

    GetLetter = DraftLetter = EditLetter = SendLetter = _missing


def add_nothing(server: grpc.aio.Server) -> None:
    """Add the services of an orchestrator without jobs and letters."""
    add_JobsServiceServicer_to_server(NoJobs(), server)
    add_LettersServiceServicer_to_server(NoLetters(), server)
