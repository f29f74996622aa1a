"""Translations over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.wire import session_message
from orchestrator.translations.service import Translations


class TranslationCalls:
    """Has answers translated."""

    def __init__(self, store: SessionStore, translations: Translations) -> None:
        """Sessions are in `store`."""
        self._store, self._translations = store, translations

    async def TranslateAnswer(self, request: pb.TranslateAnswerRequest, context: Any) -> pb.TranslateAnswerResponse:
        """Have an answer translated unless it is."""
        await self._translations.ask(await self._store.existing(request.session_id), request.answer_index)
        return pb.TranslateAnswerResponse(session=session_message(await self._store.shown(request.session_id)))
