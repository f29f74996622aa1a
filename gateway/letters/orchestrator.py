"""Letters, as the gateway sees them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from interview.letters.v1 import letters_service_pb2 as pb
from interview.letters.v1.letters_service_pb2_grpc import LettersServiceStub

from gateway.orchestrator import Sessions, answered
from servicekit.errors import ServiceError

if TYPE_CHECKING:
    from interview.letters.v1.letters_service_pb2_grpc import LettersServiceAsyncStub


class Letters:
    """Letters over gRPC. Every method raises the `ServiceError` behind a failed call."""

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions

    @cached_property
    def _stub(self) -> LettersServiceAsyncStub:
        return LettersServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def draft(self, request: pb.DraftLetterRequest) -> pb.Letter:
        """Compose a letter."""
        return (await answered(self._stub.DraftLetter(request, timeout=self._timeout_s))).letter

    async def get(self, session_id: str) -> pb.Letter:
        """The letter of a session."""
        request = pb.GetLetterRequest(session_id=session_id)
        return (await answered(self._stub.GetLetter(request, timeout=self._timeout_s))).letter

    async def find(self, session_id: str) -> pb.Letter | None:
        """The letter of a session, or None where there is none."""
        try:
            return await self.get(session_id)
        except ServiceError as error:
            if error.reason != "LETTER_NOT_FOUND":
                raise
            return None

    async def edit(self, request: pb.EditLetterRequest) -> pb.Letter:
        """Record what a person made of it."""
        return (await answered(self._stub.EditLetter(request, timeout=self._timeout_s))).letter

    async def send(self, request: pb.SendLetterRequest) -> pb.Letter:
        """Record that it was sent, or hear whether it could be."""
        return (await answered(self._stub.SendLetter(request, timeout=self._timeout_s))).letter
