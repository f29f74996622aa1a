"""Answers that are nearly the same, in the session database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from orchestrator.candidates.figures import hidden_from
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.similarity.tables import SimilarRow, SketchRow

AT_ONCE, MOST = 200, 200
"""Sketches that are read at a time; pairs that a session is shown with, the likest first."""


class SimilarityStore:
    """Sketches and pairs by session id."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def keep(self, session_id: str, sketches: Sequence[SketchRow]) -> bool:
        """Replace a session's sketches, and drop its pairs; False where the session is gone."""
        mine = or_(SimilarRow.session_id == session_id, SimilarRow.other_session_id == session_id)
        try:
            async with self._sessions.transaction() as db:
                await db.execute(delete(SimilarRow).where(mine))
                await db.execute(delete(SketchRow).where(SketchRow.session_id == session_id))
                db.add_all(sketches)
        except IntegrityError:
            return False
        return True

    async def others(self, sketch: SketchRow) -> AsyncIterator[SketchRow]:
        """Those of other candidates' answers to the same question of the job."""
        key = SketchRow.session_id, SketchRow.answer_index
        name = select(SessionRow.candidate_search).where(SessionRow.id == sketch.session_id).scalar_subquery()
        own = select(SessionRow.organisation).where(SessionRow.id == sketch.session_id)
        organisation = own.scalar_subquery()
        query = select(SketchRow).join(SessionRow, SessionRow.id == SketchRow.session_id)
        query = query.where(SketchRow.job_id == sketch.job_id, SketchRow.question_sha256 == sketch.question_sha256)
        query = query.where(SketchRow.session_id != sketch.session_id, SessionRow.candidate_search != name)
        query = query.where(SessionRow.organisation == organisation)
        last: tuple[str, int] = "", 0
        while True:
            async with self._sessions.transaction() as db:
                page = list(await db.scalars(query.where(tuple_(*key) > last).order_by(*key).limit(AT_ONCE)))
            for row in page:
                yield row
            if len(page) < AT_ONCE:
                return
            last = page[-1].session_id, page[-1].answer_index

    async def add(self, row: SimilarRow) -> bool:
        """Record a pair; False where it is there already, or one of the two is gone."""
        try:
            async with self._sessions.transaction() as db:
                db.add(row)
        except IntegrityError:
            return False
        return True

    async def done(self, session_id: str) -> None:
        """A session's answers have been compared."""
        compared = update(SketchRow).where(SketchRow.session_id == session_id)
        async with self._sessions.transaction() as db:
            await db.execute(compared.values(compared_at=datetime.now(UTC)))

    async def of(self, session_id: str, owner: str, viewer_id: str) -> list[Mapping[str, Any]]:
        """A session's pairs seen from its side, of sessions that the viewer may see; by answer, the likest first."""
        other = aliased(SessionRow)
        pairs = select(SimilarRow, other.candidate_name).where(
            or_(
                (SimilarRow.session_id == session_id) & (SimilarRow.other_session_id == other.id),
                (SimilarRow.other_session_id == session_id) & (SimilarRow.session_id == other.id),
            ),
            ~hidden_from(viewer_id, other),
        )
        if owner:
            pairs = pairs.where(other.owner == owner)
        async with self._sessions.transaction() as db:
            found = (await db.execute(pairs.order_by(SimilarRow.shared.desc()).limit(MOST))).all()
        seen = [_seen(row, name, session_id) for row, name in found]
        return sorted(seen, key=lambda pair: int(pair["answer_index"]))

    async def uncompared(self, after: str) -> list[str]:
        """Ids of published sessions of jobs that were not compared yet, behind an id."""
        compared = SketchRow.compared_at.is_not(None)
        known = select(SketchRow.session_id).where(SketchRow.session_id == SessionRow.id, compared).exists()
        query = select(SessionRow.id).where(SessionRow.job_id != "", SessionRow.result.is_not(None), ~known)
        async with self._sessions.transaction() as db:
            return list(await db.scalars(query.where(SessionRow.id > after).order_by(SessionRow.id).limit(AT_ONCE)))


def _seen(row: SimilarRow, name: str, session_id: str) -> dict[str, Any]:
    sides = [
        {"session_id": row.session_id, "answer_index": row.answer_index, "quote": row.quote},
        {"session_id": row.other_session_id, "answer_index": row.other_answer_index, "quote": row.other_quote},
    ]
    times = [(row.start_s, row.end_s), (row.other_start_s, row.other_end_s)]
    for side, (start_s, end_s) in zip(sides, times, strict=True):
        side |= {"start_s": start_s, "end_s": end_s}
    mine, theirs = sides if row.session_id == session_id else sides[::-1]
    return mine | {"other": theirs | {"candidate_name": name}, "shared": row.shared}
