"""A job's candidates."""

from __future__ import annotations

from datetime import datetime

from interview_client.calls.call import Call, given, reader, safe
from interview_client.models import CandidateFilters, CandidatePage


def candidates_call(job_id: str, page_size: int, page_token: str, filters: CandidateFilters) -> Call[CandidatePage]:
    """A page of candidates."""
    wanted = {name: _written(value) for name, value in given(filters).items()}
    params: dict[str, str | int] = {"page_size": page_size, "page_token": page_token, **wanted}
    return Call("GET", f"/v1/jobs/{safe(job_id)}/candidates", reader(CandidatePage, "list of candidates"), params)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)
