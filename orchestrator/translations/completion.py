"""A published result brought up to where its translations stand."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator import artefacts, evidence
from orchestrator.evidence.collection import stage_report
from orchestrator.fusion.published import Published
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.translations import store as translations
from orchestrator.workflows.inputs import AnswerInput
from servicekit.media import MediaStore

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class MadeTranslation:
    """A translation that has just come: of which answer, in how many seconds of wall time."""

    index: int
    translation: evidence.Translation
    seconds: float


class Completion:
    """Publishes results again, each under its own name. One at a time a session: its workflow sees to that."""

    def __init__(self, store: SessionStore, media: MediaStore) -> None:
        """Rows are in `store`, results and translations in `media`."""
        self._store, self._media = store, media

    async def complete(self, session_id: str, made: MadeTranslation | None = None) -> None:
        """Let the published result say where every translation stands; nothing where it says so already.

        Without a published result there is nothing to complete, and nothing is left behind.
        """
        row = await self._store.get(session_id)
        if row is None or row.state != SessionState.COMPLETED or row.result is None:
            return
        before = Published.read(await self._media.read(str(row.result["uri"])))
        after = before
        for answer in row.answers:
            after = await self._completed(after, session_id, answer, made)
        if after != before:
            await self._publish(session_id, after)
        await self._set_answers(row)

    async def _completed(
        self, result: Published, session_id: str, answer: AnswerRow, made: MadeTranslation | None
    ) -> Published:
        if result.is_translated(answer.index):
            return result
        if made is not None and made.index == answer.index:
            report = evidence.StageReport("completed", round(made.seconds, 3))
            return result.with_translation(answer.index, report, made.translation)
        report = stage_report(translations.stage_of(answer))
        translation = await stored(self._media, AnswerInput(session_id, answer.index))
        if report.state == "completed" and translation is None:
            return result
        return result.with_translation(answer.index, report, translation if report.state == "completed" else None)

    async def _publish(self, session_id: str, result: Published) -> None:
        written = await self._media.write(artefacts.result_key(session_id), result.to_json(), JSON)
        if not await translations.completed(self._store, session_id, written):
            await self._media.delete(written.uri)  # deleted meanwhile: nothing may be left behind

    async def _set_answers(self, session: SessionRow) -> None:
        """An answer is partial while a stage of it stands failed, and no longer once that was tried again."""
        for answer in session.answers:
            failed = any(stage.state == StageState.FAILED for stage in answer.stages)
            state = AnswerState.PARTIAL if failed else AnswerState.COMPLETED
            if answer.state in (AnswerState.PARTIAL, AnswerState.COMPLETED) and answer.state != state:
                await self._store.set_answer(session.id, answer.index, state)


async def stored(media: MediaStore, answer: AnswerInput) -> evidence.Translation | None:
    """The translation of an answer, if it was made."""
    uri = media.uri(artefacts.answer_key(answer, artefacts.TRANSLATION))
    if not await media.exists(uri):
        return None
    return evidence.from_json(evidence.Translation, await media.read(uri))
