"""A letter as a PDF."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.letters.mailing import SUBJECTS
from gateway.report.printout import printed

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def letter_pdf(text: str, language: str, title: str, date: str) -> bytes:
    """The letter as a tagged PDF. `title`: of the job, or empty. Takes a while: not for the event loop."""
    subject = SUBJECTS[language]
    view = {
        "language": language,
        "subject": f"{subject}: {title}" if title else subject,
        "date": date,
        "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
    }
    return printed(_TEMPLATES.get_template("letter.html.j2").render(view))
