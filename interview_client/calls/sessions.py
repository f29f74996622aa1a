"""Sessions: where they stand, what they are, and their end."""

from __future__ import annotations

from interview_client.calls.call import Call, given, reader, safe, session_path
from interview_client.models import (
    Deleted,
    Filters,
    Me,
    Policies,
    Policy,
    Rubric,
    Rubrics,
    Session,
    SessionPage,
    Status,
)

parse_status = reader(Status, "status")
"""The body of `/status/{id}`, or the data of a progress event. Raises InterviewError."""


def status_call(session_id: str) -> Call[Status]:
    """Where a session stands."""
    return Call("GET", f"/status/{safe(session_id)}", parse_status)


def events_path(session_id: str) -> str:
    """Where the progress events of a session come from."""
    return session_path(session_id, "/events")


def session_call(session_id: str) -> Call[Session]:
    """A session as recorded."""
    return Call("GET", session_path(session_id), reader(Session, "session"))


def sessions_call(page_size: int, page_token: str, filters: Filters) -> Call[SessionPage]:
    """A page of sessions."""
    params = given(filters) | {"page_size": page_size, "page_token": page_token}
    return Call("GET", "/v1/sessions", reader(SessionPage, "list of sessions"), params)


def sessions_csv_call(filters: Filters) -> Call[bytes]:
    """Every session that fits, as a table."""
    return Call("GET", "/v1/sessions.csv", bytes, given(filters))


def cancel_call(session_id: str) -> Call[Session]:
    """Stop a session."""
    return Call("POST", session_path(session_id, ":cancel"), reader(Session, "session"))


def retry_call(session_id: str, index: int) -> Call[Session]:
    """Run an answer again."""
    return Call("POST", session_path(session_id, f"/answers/{index}/retry"), reader(Session, "session"))


def delete_call(session_id: str) -> Call[int]:
    """Delete a session; the answer is how many stored objects went with it."""
    read = reader(Deleted, "answer to the deletion")
    return Call("DELETE", session_path(session_id), lambda body: read(body).deleted_objects)


def policies_call() -> Call[tuple[Policy, ...]]:
    """Policies that a submission can name."""
    read = reader(Policies, "list of policies")
    return Call("GET", "/v1/policies", lambda body: read(body).policies)


def rubrics_call() -> Call[tuple[Rubric, ...]]:
    """Rubrics that a submission can name."""
    read = reader(Rubrics, "list of rubrics")
    return Call("GET", "/v1/rubrics", lambda body: read(body).rubrics)


def me_call() -> Call[Me]:
    """Who one is."""
    return Call("GET", "/v1/me", reader(Me, "answer about who you are"))
