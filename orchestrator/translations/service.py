"""Asking for translations of a published session, and stopping those that are to come."""

from __future__ import annotations

from collections.abc import Mapping

import grpc

from orchestrator import artefacts, evidence
from orchestrator.policies import store as policy_store
from orchestrator.policies.policy import Policy
from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.translations import store as translations
from orchestrator.workflows.control import WorkflowControl
from orchestrator.workflows.inputs import AnswerInput
from servicekit.errors import ServiceError
from servicekit.media import MediaStore


class Translations:
    """What is to be translated stands in the rows; one workflow a session does it."""

    def __init__(
        self, store: SessionStore, media: MediaStore, policies: Mapping[str, Policy], workflows: WorkflowControl
    ) -> None:
        """Rows are in `store`, transcripts in `media`; `policies` are known by their names."""
        self._store, self._media, self._policies, self._workflows = store, media, policies, workflows

    async def ask(self, session: SessionRow, index: int) -> None:
        """Have an answer translated unless it is. Raises ANSWER_NOT_FOUND, TRANSCRIPT_NOT_FOUND, NO_RESULT,
        TRANSLATION_OFF, UPSTREAM_DOWN.
        """
        if not 0 <= index < len(session.answers):
            raise _missing("ANSWER_NOT_FOUND", "The session has no such answer. They are counted from 0.")
        if session.state != SessionState.COMPLETED:
            message = "The session has no result yet. A translation can be had when its state is completed."
            raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NO_RESULT", message)
        if translations.stage_of(session.answers[index]).state == StageState.COMPLETED:
            return
        await self._check_policy(session)
        await self._check_spoken(session, index)
        await translations.ask(self._store, session.id, index)
        try:
            await self._workflows.start_translations(session.id)
        except ServiceError as error:
            await translations.stop(self._store, session.id, StageState.FAILED, error.reason, error.message)
            raise

    async def stop(self, session: SessionRow) -> None:
        """Stop the translations of a session that are to come. Raises UPSTREAM_DOWN."""
        # Rows first: what has not been started yet finds nothing to do.
        await translations.stop(self._store, session.id, StageState.SKIPPED, "CANCELLED", "Cancelled.")
        await self._workflows.cancel_translations(session.id)
        await self._workflows.start_translations(session.id)  # the result must say so, whoever was there to stop

    async def _check_policy(self, session: SessionRow) -> None:
        policy = await policy_store.of_session(self._store, session, self._policies)
        if policy.translation == "never":
            message = f"The policy {policy.name} makes no translations."
            raise ServiceError(grpc.StatusCode.ABORTED, "TRANSLATION_OFF", message)

    async def _check_spoken(self, session: SessionRow, index: int) -> None:
        uri = self._media.uri(artefacts.answer_key(AnswerInput(session.id, index), artefacts.TRANSCRIPT))
        if await self._media.exists(uri):
            transcript = evidence.from_json(evidence.Transcript, await self._media.read(uri))
            if transcript.text:
                return
        raise _missing("TRANSCRIPT_NOT_FOUND", "Nothing was understood in this answer, so nothing can be translated.")


def _missing(reason: str, message: str) -> ServiceError:
    return ServiceError(grpc.StatusCode.NOT_FOUND, reason, message)
