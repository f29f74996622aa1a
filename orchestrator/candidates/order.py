"""By what a job's candidates are sorted, and where a page of them goes on."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from interview.jobs.v1 import jobs_service_pb2 as pb
from sqlalchemy import ColumnElement, case, func

from orchestrator.candidates.figures import Figures
from orchestrator.candidates.filters import standing
from orchestrator.links.identifiers import check_id
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError, field_invalid

_OUTCOMES = ("insufficient", "fail", "consider", "pass")
_STANDINGS = ("OPEN", "CONTESTED", "FAIL", "CONSIDER", "PASS")
BELOW, ABOVE = -1.0, 1e9
"""Keys of what has none, so that it comes last in both directions."""


@dataclass(frozen=True, slots=True)
class Order:
    """By a key, then by id; `descending` turns both round."""

    name: int
    descending: bool

    def key(self, figures: Figures) -> ColumnElement[Any]:
        """Of a session by figures that may be seen: a number, a text or a moment; never null."""
        last = BELOW if self.descending else ABOVE
        findings = figures.serious * 1_000_000 + figures.review * 1_000 + figures.info
        keys: dict[int, ColumnElement[Any]] = {
            pb.CANDIDATE_ORDER_NAME: SessionRow.candidate_search.expression,
            pb.CANDIDATE_ORDER_TOTAL: func.coalesce(figures.total, last),
            pb.CANDIDATE_ORDER_OUTCOME: _rank(figures.outcome, _OUTCOMES, last),
            pb.CANDIDATE_ORDER_FINDINGS: case((figures.outcome != "", findings + 0.0), else_=last),
            pb.CANDIDATE_ORDER_DECISION: _rank(standing(), _STANDINGS, last),
        }
        return keys.get(self.name, SessionRow.created_at.expression)

    def token(self, key: object, session_id: str) -> str:
        """Of the page behind a session."""
        kept = key.isoformat() if isinstance(key, datetime) else key
        return base64.urlsafe_b64encode(json.dumps([self.name, self.descending, kept, session_id]).encode()).decode()

    def read(self, token: str) -> tuple[Any, str] | None:
        """Key and id of the session that a page goes on behind. Raises FIELD_INVALID."""
        if not token:
            return None
        try:
            name, descending, key, session_id = json.loads(base64.urlsafe_b64decode(token.encode()))
            if (name, descending) != (self.name, self.descending):
                raise ValueError("of another order")
            return self._value(key), check_id("page_token", session_id)
        except (ValueError, TypeError, OverflowError, binascii.Error, ServiceError):
            raise field_invalid("page_token", "is not a token from an earlier page in this order") from None

    def _value(self, key: object) -> object:
        if self.name in (pb.CANDIDATE_ORDER_UNSPECIFIED, pb.CANDIDATE_ORDER_CREATED):
            return datetime.fromisoformat(str(key)).astimezone(UTC)
        if self.name == pb.CANDIDATE_ORDER_NAME:
            if not isinstance(key, str) or "\0" in key:
                raise ValueError("no name")
            return key
        return float(key)  # type: ignore[arg-type]


def order(request: pb.ListCandidatesRequest) -> Order:
    """As asked for: newest first unless it is said. Raises FIELD_INVALID."""
    if request.order not in pb.CandidateOrder.values():
        raise field_invalid("order", "must be one of its values")
    return Order(request.order, request.descending or not request.order)


def _rank(column: ColumnElement[str], values: tuple[str, ...], last: float) -> ColumnElement[float]:
    return case(*((column == value, float(rank)) for rank, value in enumerate(values)), else_=last)
