"""Letters over gRPC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
from interview.letters.v1 import letters_service_pb2 as pb

from orchestrator.letters.composition import Letter, composed_letter
from orchestrator.letters.material import Answer, answers
from orchestrator.letters.phrases import PHRASES
from orchestrator.letters.quotes import unfounded
from orchestrator.letters.store import LetterStore
from orchestrator.letters.tables import LetterRow
from orchestrator.letters.wire import WAYS, letter_message
from orchestrator.sessions.request import MAX_NAME, check_text
from orchestrator.sessions.search import composed
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError, field_invalid
from servicekit.media import MediaStore

MAX_TEXT = 20_000


class LetterCalls:
    """`LettersService`: composes letters, and records what people do with them."""

    def __init__(self, store: SessionStore, media: MediaStore) -> None:
        """Sessions are in `store`, their results in `media`."""
        self._store, self._media, self._letters = store, media, LetterStore(store)

    async def DraftLetter(self, request: pb.DraftLetterRequest, context: Any) -> pb.DraftLetterResponse:
        """Compose a letter."""
        check_text("author", request.author, 1, MAX_NAME)
        if request.language_code not in ("", *PHRASES):
            raise field_invalid("language_code", f"must be one of {', '.join(PHRASES)}")
        session = await self._store.existing(request.session_id)
        if session.result is None:
            raise _no_result()
        under_link, invited = await self._letters.invited(session.id)
        language = next(code for code in (request.language_code, invited, session.language, "en") if code in PHRASES)
        letter = Letter(
            " ".join(session.candidate_name.split()),
            language,
            composed(request.author),
            await self._answers(session),
            under_link,
            request.name_points,
        )
        row = await self._letters.draft(session.id, language, composed_letter(letter), letter.author)
        return pb.DraftLetterResponse(letter=await self._shown(session, row))

    async def GetLetter(self, request: pb.GetLetterRequest, context: Any) -> pb.GetLetterResponse:
        """The letter of a session."""
        session = await self._store.existing(request.session_id)
        return pb.GetLetterResponse(letter=await self._shown(session, await self._letters.existing(session.id)))

    async def EditLetter(self, request: pb.EditLetterRequest, context: Any) -> pb.EditLetterResponse:
        """Record what a person made of it."""
        check_text("author", request.author, 1, MAX_NAME)
        check_text("text", request.text, 1, MAX_TEXT)
        session = await self._store.existing(request.session_id)
        text = f"{request.text.strip()}\n".replace("\r\n", "\n")
        row = await self._letters.edit(session.id, request.revision, text, composed(request.author))
        return pb.EditLetterResponse(letter=await self._shown(session, row))

    async def SendLetter(self, request: pb.SendLetterRequest, context: Any) -> pb.SendLetterResponse:
        """Record that it was sent."""
        check_text("sender", request.sender, 1, MAX_NAME)
        session = await self._store.existing(request.session_id)
        if request.validate_only:
            row = await self._letters.check(session.id, request.revision)
        elif request.way in WAYS:
            sender = composed(request.sender)
            row = await self._letters.send(session.id, request.revision, sender, WAYS[request.way])
        else:
            raise field_invalid("way", "must be mail or by hand")
        return pb.SendLetterResponse(letter=await self._shown(session, row))

    async def _shown(self, session: SessionRow, row: LetterRow) -> pb.Letter:
        quotes = unfounded(row.text, await self._answers(session)) if row.sent_at is None else ()
        return letter_message(row, (await self._letters.invited(session.id))[0], quotes)

    async def _answers(self, session: SessionRow) -> Sequence[Answer]:
        return answers(await self._media.read(str(session.result["uri"]))) if session.result else ()


def _no_result() -> ServiceError:
    message = "The session has no result yet, so there is nothing to write about."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NO_RESULT", message)
