"""What the command line asks to be assessed. A mistake is a `typer.BadParameter`: the command ends with code 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer
from pydantic import BaseModel, Field, ValidationError

from interview_client.client import InterviewClient
from interview_client.models import LANGUAGES, NewAnswer, SubmitOptions, UrlAnswer
from interview_client.upload import OnUploadProgress

Language = Literal["en", "id"]


@dataclass(frozen=True, slots=True)
class Interview:
    """A candidate's answers: all of them files of this machine, or all of them URLs."""

    candidate_name: str
    language: str
    answers: tuple[NewAnswer, ...] | tuple[UrlAnswer, ...]

    @property
    def uploads(self) -> bool:
        """Whether there are files to upload."""
        return any(isinstance(answer, NewAnswer) for answer in self.answers)

    def submit(self, client: InterviewClient, on_upload_progress: OnUploadProgress, options: SubmitOptions) -> str:
        """Start the session; returns its id."""
        files = [answer for answer in self.answers if isinstance(answer, NewAnswer)]
        urls = [answer for answer in self.answers if isinstance(answer, UrlAnswer)]
        if files:
            return client.submit(self.candidate_name, files, self.language, on_upload_progress, **options)
        return client.submit_urls(self.candidate_name, urls, self.language, **options)


class _FileAnswer(BaseModel):
    file: str = Field(min_length=1)
    question: str = Field(min_length=1)
    language: Language | None = None
    reference: str = ""


class _File(BaseModel):
    candidate_name: str = ""
    language: Language | None = None
    answers: list[_FileAnswer] = Field(min_length=1)


def from_options(recordings: Sequence[str], questions: Sequence[str], name: str, language: str) -> Interview:
    """The interview given by arguments and options: one question for each recording, in order."""
    if not recordings:
        raise typer.BadParameter("Give at least one recording, or --from interview.json.")
    if len(questions) != len(recordings):
        raise typer.BadParameter(
            f"The number of questions ({len(questions)}) must match the number of recordings ({len(recordings)}): "
            'add one -q "..." for each recording, in the same order.'
        )
    pairs = zip(recordings, questions, strict=True)
    answers = [_FileAnswer.model_construct(file=file, question=question) for file, question in pairs]
    return Interview(_checked_name(name), _checked_language(language), _answers(answers, Path()))


def from_file(path: Path, name: str, language: str) -> Interview:
    """The interview described by a JSON file, whose recordings are found beside it.

    `{"candidate_name", "language"?, "answers": [{"file", "question", "language"?, "reference"?}]}`; other keys are
    ignored. `name` and `language` override the file's when they are not empty.
    """
    described = _described(path)
    language = language or described.language or described.answers[0].language or ""
    return Interview(
        _checked_name(name or described.candidate_name),
        _checked_language(language),
        _answers(described.answers, path.parent),
    )


def _described(path: Path) -> _File:
    try:
        return _File.model_validate_json(path.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"Cannot read {path}: {error.strerror}.") from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise typer.BadParameter(f"{path} does not describe an interview: {place}: {first['msg']}.") from None


def _answers(answers: Sequence[_FileAnswer], folder: Path) -> tuple[NewAnswer, ...] | tuple[UrlAnswer, ...]:
    remote = [_is_url(answer.file) for answer in answers]
    if any(remote) and not all(remote):
        raise typer.BadParameter("Files and URLs cannot be mixed in one interview: submit them separately.")
    for i, answer in enumerate(answers, 1):
        if not answer.question.strip():
            raise typer.BadParameter(f"Question {i} is empty: every recording needs its question.")
    if all(remote):
        return tuple(UrlAnswer(a.file, a.question, a.reference, a.language or "") for a in answers)
    return tuple(NewAnswer(_checked_file(folder / a.file), a.question, a.reference, a.language or "") for a in answers)


def _is_url(recording: str) -> bool:
    return recording.startswith(("http://", "https://"))


def _checked_file(path: Path) -> Path:
    if not path.is_file():
        raise typer.BadParameter(f"There is no file {path}.")
    return path


def _checked_name(name: str) -> str:
    if not name.strip():
        raise typer.BadParameter("Give the candidate's name with --name.")
    return name.strip()


def _checked_language(language: str) -> str:
    if language not in LANGUAGES:
        said = f"Unknown language {language}." if language else "Which language is spoken?"
        raise typer.BadParameter(f"{said} Give {' or '.join(f'--language {code}' for code in LANGUAGES)}.")
    return language
