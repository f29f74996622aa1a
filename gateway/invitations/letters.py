"""What candidates are written, in their language: a text each in `mail/`, whose first line is the subject."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal

from interview.jobs.v1 import jobs_service_pb2 as pb

FOLDER = Path(__file__).parent / "mail"
Kind = Literal["invitation", "reminder"]
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
}  # fmt: skip


def letter(kind: Kind, invitation: pb.Invitation, title: str, url: str, ends: datetime, folder: str) -> EmailMessage:
    """A mail to the candidate, without its sender. `folder`: texts of one's own; empty: those that come with this."""
    language = invitation.language_code if invitation.language_code in _MONTHS else "en"
    subject, _, text = _text(kind, language, Path(folder) if folder else FOLDER).partition("\n")
    values = {
        "name": _line(invitation.candidate_name),
        "job": _line(title),
        "link": url,
        "ends": f"{ends.day} {_MONTHS[language][ends.month - 1]} {ends.year}, {ends:%H:%M} UTC",
    }
    mail = EmailMessage()
    mail["To"] = invitation.email
    mail["Subject"] = Template(subject).safe_substitute(values)
    mail.set_content(Template(text.lstrip("\n")).safe_substitute(values))
    mail["Content-Language"] = language  # set_content takes away what begins so
    return mail


@cache
def _text(kind: Kind, language: str, folder: Path) -> str:
    return (folder / f"{kind}.{language}.txt").read_text(encoding="utf-8")


def _line(text: str) -> str:
    """The text as one line: a subject cannot have two."""
    return " ".join(text.split())
