"""Finding answers of different candidates of a job to one question that are nearly the same."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime

import grpc

from orchestrator import artefacts, evidence
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow
from orchestrator.similarity.passages import Spoken, passages
from orchestrator.similarity.shingles import Sketch, tokens
from orchestrator.similarity.store import SimilarityStore
from orchestrator.similarity.tables import SimilarRow, SketchRow
from orchestrator.workflows.inputs import AnswerInput
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
TIMEOUT_S = 30.0
MOST_ALIKE = 50
"""Of one answer; those with which it shares most."""


class Comparison:
    """Compares a session's answers with those that were there before it."""

    def __init__(self, store: SessionStore, media: MediaStore) -> None:
        """Rows are in `store`, transcripts in `media`."""
        self._store, self._media, self._found = store, media, SimilarityStore(store)

    async def compare(self, session_id: str) -> int:
        """Find the pairs of a published session anew; returns how many. Without a job there is nothing to compare."""
        row = await self._store.get(session_id)
        if row is None or not row.job_id or row.result is None:
            return 0
        spoken = [await self._spoken(session_id, answer.index) for answer in row.answers]
        sketches = [_sketch(row.job_id, answer, said) for answer, said in zip(row.answers, spoken, strict=True)]
        # Of two that are published at the same moment, at least one sees the other's.
        if not await self._found.keep(session_id, sketches):
            return 0
        found = sum([await self._pairs(sketch, said) for sketch, said in zip(sketches, spoken, strict=True)])
        await self._found.done(session_id)
        return found

    async def tried(self, session_id: str) -> None:
        """The same; what fails is made up for by `catch_up`, and harms no result."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self.compare(session_id)
        except Exception as error:
            log.warning("answers not compared", session_id=session_id, error_type=type(error).__name__)

    async def catch_up(self) -> int:
        """Compare sessions that were published before there was this, or while it failed; returns how many."""
        done, last = 0, ""
        while waiting := await self._found.uncompared(last):
            for session_id in waiting:
                await self.tried(session_id)
            done, last = done + len(waiting), waiting[-1]
        return done

    async def _pairs(self, sketch: SketchRow, said: Spoken) -> int:
        mine, alike = Sketch.read(sketch.runs), []
        if not mine.telling:
            return 0
        async for other in self._found.others(sketch):
            theirs = Sketch.read(other.runs)
            if mine.resembles(theirs):
                alike.append((mine.shared(theirs), other))
        alike.sort(key=lambda found: found[0], reverse=True)
        return sum([await self._pair(sketch, said, other, shared) for shared, other in alike[:MOST_ALIKE]])

    async def _pair(self, sketch: SketchRow, said: Spoken, other: SketchRow, shared: float) -> bool:
        heard = await self._spoken(other.session_id, other.answer_index)
        if not set(said.hashes()) & set(heard.hashes()):
            return False  # deleted or made again meanwhile
        mine, theirs = passages(said, heard)
        sides = [(sketch, mine), (other, theirs)]
        (one, here), (two, there) = sorted(sides, key=lambda side: side[0].session_id)
        pair = SimilarRow(
            session_id=one.session_id,
            answer_index=one.answer_index,
            other_session_id=two.session_id,
            other_answer_index=two.answer_index,
            shared=round(shared, 3),
            quote=here.quote,
            start_s=here.start_s,
            end_s=here.end_s,
            other_quote=there.quote,
            other_start_s=there.start_s,
            other_end_s=there.end_s,
            found_at=datetime.now(UTC),
        )
        return await self._found.add(pair)

    async def _spoken(self, session_id: str, index: int) -> Spoken:
        uri = self._media.uri(artefacts.answer_key(AnswerInput(session_id, index), artefacts.EVIDENCE))
        try:
            found = evidence.from_json(evidence.AnswerEvidence, await self._media.read(uri))
        except ServiceError as error:
            if error.code not in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.DATA_LOSS):
                raise  # what is lost of one session holds up no other
            return Spoken((), ())
        return Spoken.of(found.transcript)


def _sketch(job_id: str, answer: AnswerRow, said: Spoken) -> SketchRow:
    question = " ".join(tokens(answer.question))
    return SketchRow(
        session_id=answer.session_id,
        answer_index=answer.index,
        job_id=job_id,
        question_sha256=hashlib.sha256(question.encode()).hexdigest(),
        runs=Sketch.of(said.words, answer.question).stored(),
    )
