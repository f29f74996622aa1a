"""A letter as a mail."""

from __future__ import annotations

from email.message import EmailMessage

SUBJECTS = {"en": "About your interview", "id": "Tentang wawancara Anda"}
LINKS = {"en": "Your link:", "id": "Tautan Anda:"}


def mailed(text: str, language: str, to: str, title: str, link: str) -> EmailMessage:
    """A mail with the letter, without its sender. `title`: of the job, or empty; `link`: the candidate's, or empty."""
    subject, job = SUBJECTS[language], " ".join(title.split())
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"] = f"{subject}: {job}" if job else subject
    mail.set_content(f"{text}\n{LINKS[language]}\n{link}\n" if link else text)
    mail["Content-Language"] = language  # set_content takes away what begins so
    return mail
