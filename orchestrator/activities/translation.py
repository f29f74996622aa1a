"""Translations: those that follow a published result, one after the other."""

from __future__ import annotations

import time

from interview.judge.v1 import judge_service_pb2 as judge_pb
from temporalio import activity

from orchestrator import artefacts, evidence
from orchestrator.activities.accounts import Accounts
from orchestrator.activities.analysis import JSON
from orchestrator.activities.judgement import JUDGE_TIMEOUT_S
from orchestrator.activities.recording import made
from orchestrator.activities.stage import stage
from orchestrator.clients import Services
from orchestrator.evidence import wire
from orchestrator.sessions.states import StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.translations import store as translations
from orchestrator.translations.completion import Completion, MadeTranslation, stored
from orchestrator.vault.organisation_secrets import OrganisationSecrets
from orchestrator.workflows.inputs import AnswerInput, JudgeInput, TranslationsEnd
from servicekit.errors import media_not_found
from servicekit.media import Media, MediaStore

OTHER_LANGUAGE = {"en": "id", "id": "en"}
CANCELLED = (StageState.SKIPPED, "CANCELLED", "Cancelled.")
LOST = (StageState.FAILED, "INTERNAL", "Internal error. Ask for the translation again.")


class TranslationActivities:
    """`next_translation`, `translate_answer`, `complete_result`, `end_translations`; `translate` of older sessions."""

    def __init__(
        self, store: SessionStore, media: MediaStore, services: Services, secrets: OrganisationSecrets | None = None
    ) -> None:
        """Call `services.judge` with the organisation's accounts in `secrets`, write to `media`, report to `store`."""
        self._store, self._media, self._judge = store, media, services.judge
        self._accounts = Accounts(store, secrets)
        self._completion = Completion(store, media)

    @activity.defn(name="next_translation")
    async def next_translation(self, session_id: str) -> AnswerInput | None:
        """The first answer whose translation is to come; None when there is none (any more)."""
        row = await self._store.get(session_id)
        waiting = translations.waiting(row) if row else []
        return AnswerInput(session_id, waiting[0]) if waiting else None

    @activity.defn(name="translate_answer")
    async def translate_answer(self, answer: AnswerInput) -> None:
        """Translate the answer and complete the published result with it; both stay undone without words."""
        if await made(self._store, self._media, answer, "translate", artefacts.TRANSLATION):
            await self._completion.complete(answer.session_id)
            return
        async with stage(self._store, answer, "translate") as run:
            await self._check_kept(answer)
            began = time.monotonic()
            # A try that was lost after the judge had answered does not ask it again.
            found = await stored(self._media, answer) or await self._asked(answer)
            if found is None:
                run.skip()
                return
            await self._written(answer, found)
            fresh = MadeTranslation(answer.index, found, time.monotonic() - began)
            await self._completion.complete(answer.session_id, fresh)

    @activity.defn(name="complete_result")
    async def complete_result(self, session_id: str) -> None:
        """Let the published result say where every translation stands."""
        await self._completion.complete(session_id)

    @activity.defn(name="end_translations")
    async def end_translations(self, end: TranslationsEnd) -> None:
        """No more translations of the session: what was to come is marked so, in its rows and its result."""
        await translations.stop(self._store, end.session_id, *(CANCELLED if end.cancelled else LOST))
        await self._completion.complete(end.session_id)

    @activity.defn(name="translate")
    async def translate(self, request: JudgeInput) -> Media | None:
        """Translate before the result is published, as sessions do that began under an older version."""
        async with stage(self._store, request.answer, "translate") as run:
            found = await self._asked(request.answer)
            if found is None:
                run.skip()
                return None
            return await self._written(request.answer, found)

    async def _asked(self, answer: AnswerInput) -> evidence.Translation | None:
        uri = self._media.uri(artefacts.answer_key(answer, artefacts.TRANSCRIPT))
        transcript = evidence.from_json(evidence.Transcript, await self._media.read(uri))
        if not transcript.text:
            return None
        target = OTHER_LANGUAGE[transcript.language]
        call = judge_pb.TranslateRequest(
            text=transcript.text,
            source_language_code=transcript.language,
            target_language_code=target,
            passages=[judge_pb.SpokenPassage(text=p.text, language_code=p.language) for p in transcript.passages],
            accounts=await self._accounts.of(answer.session_id),
        )
        return wire.translation(await self._judge.Translate(call, timeout=JUDGE_TIMEOUT_S), target)

    async def _written(self, answer: AnswerInput, found: evidence.Translation) -> Media:
        key = artefacts.answer_key(answer, artefacts.TRANSLATION)
        written = await self._media.write(key, evidence.to_json(found), JSON)
        await self._check_kept(answer)
        return written

    async def _check_kept(self, answer: AnswerInput) -> None:
        """Leave nothing behind of a session that was deleted meanwhile. Raises MEDIA_NOT_FOUND."""
        if await self._store.get(answer.session_id) is None:
            await self._media.delete(self._media.uri(artefacts.answer_key(answer, artefacts.TRANSLATION)))
            raise media_not_found(answer.session_id)
