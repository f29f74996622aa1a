"""What a viewer may see of the figures of sessions: of those under blind review, of what they have rated themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, case, false, literal, null, select

from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.sessions.tables import SessionRow


def hidden_from(viewer: str, session: type[SessionRow]) -> ColumnElement[bool]:
    """Whether a viewer has to rate a session before they see its figures; an empty viewer never has to."""
    if not viewer:
        return false()
    own = select(ScorecardRow.author_id).where(ScorecardRow.author_id == viewer)
    return session.blind & ~own.where(ScorecardRow.session_id == session.id).correlate(session).exists()


@dataclass(frozen=True, slots=True)
class Figures:
    """Columns of sessions; what is hidden from `viewer` reads as if there were no result. Empty: all of it is seen."""

    viewer: str = ""

    @property
    def outcome(self) -> ColumnElement[str]:
        """The proposal; empty without one."""
        return self._seen(SessionRow.outcome, literal(""))

    @property
    def total(self) -> ColumnElement[float | None]:
        """Of 100; null without one."""
        return self._seen(SessionRow.total, null())

    @property
    def info(self) -> ColumnElement[int]:
        """Findings for information."""
        return self._seen(SessionRow.info_findings, literal(0))

    @property
    def review(self) -> ColumnElement[int]:
        """Findings to review."""
        return self._seen(SessionRow.review_findings, literal(0))

    @property
    def serious(self) -> ColumnElement[int]:
        """Serious findings."""
        return self._seen(SessionRow.serious_findings, literal(0))

    @property
    def hidden(self) -> ColumnElement[bool]:
        """Whether the viewer has to rate a session before they see its figures."""
        return hidden_from(self.viewer, SessionRow)

    def columns(self) -> Iterator[Label[Any]]:
        """All of them under the names that the table has."""
        yield self.hidden.label("hidden")
        yield self.outcome.label("outcome")
        yield self.total.label("total")
        yield self._seen(SessionRow.total_low, null()).label("total_low")
        yield self._seen(SessionRow.total_high, null()).label("total_high")
        yield self.info.label("info_findings")
        yield self.review.label("review_findings")
        yield self.serious.label("serious_findings")

    def _seen(self, column: Any, otherwise: Any) -> ColumnElement[Any]:
        if not self.viewer:
            found: ColumnElement[Any] = column.expression
            return found
        return case((self.hidden, otherwise), else_=column)
