"""Letters to candidates."""

from __future__ import annotations

from interview_client.calls.call import Call, reader, session_path
from interview_client.models import Letter

_read = reader(Letter, "letter")


def letter_call(session_id: str) -> Call[Letter | None]:
    """The letter of a session."""
    return Call("GET", session_path(session_id, "/letter"), lambda body: _read(body) if body else None)


def draft_letter_call(session_id: str, language: str, author: str, name_points: bool) -> Call[Letter]:
    """Compose a letter."""
    body = {"language": language, "author": author, "name_points": name_points}
    return Call("POST", session_path(session_id, "/letter:draft"), _read, body=body)


def edit_letter_call(session_id: str, text: str, revision: int, author: str) -> Call[Letter]:
    """Change a letter."""
    body = {"text": text, "revision": revision, "author": author}
    return Call("PUT", session_path(session_id, "/letter"), _read, body=body)


def send_letter_call(session_id: str, way: str, revision: int, email: str, sender: str) -> Call[Letter]:
    """Send a letter."""
    body = {"way": way, "revision": revision, "email": email, "sender": sender}
    return Call("POST", session_path(session_id, "/letter:send"), _read, body=body)


def letter_pdf_call(session_id: str) -> Call[bytes]:
    """The letter as a PDF."""
    return Call("GET", session_path(session_id, "/letter.pdf"), bytes)
