from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from interview_client.models import NewAnswer, UrlAnswer
from interview_client.submission import Interview, from_file, from_options


def _file(folder: Path, **changes: Any) -> Path:
    (folder / "a.mp4").write_bytes(b"x")
    (folder / "b.webm").write_bytes(b"x")
    answers = [
        {"file": "a.mp4", "question": "Why?", "language": "en", "script": "Because.", "reference": "Reasons."},
        {"file": "b.webm", "question": "Apa?", "language": "id", "blinks": []},
    ]
    path = folder / "interview.json"
    path.write_text(json.dumps({"candidate_name": "Sample Candidate", "answers": answers} | changes))
    return path


def test_file_names_recordings_beside_it_with_their_languages(tmp_path: Path) -> None:
    assert from_file(_file(tmp_path), "", "") == Interview(
        "Sample Candidate",
        "en",
        (
            NewAnswer(tmp_path / "a.mp4", "Why?", "Reasons.", "en"),
            NewAnswer(tmp_path / "b.webm", "Apa?", "", "id"),
        ),
    )


def test_options_override_the_file(tmp_path: Path) -> None:
    interview = from_file(_file(tmp_path, language="en"), "Siti", "id")
    assert (interview.candidate_name, interview.language) == ("Siti", "id")


def test_urls_are_not_looked_for_on_disk() -> None:
    interview = from_options(["https://example.org/a"], ["Why?"], "Siti", "en")
    assert interview.answers == (UrlAnswer("https://example.org/a", "Why?"),)
    assert not interview.uploads


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answers": []}, "answers: List should have at least 1 item"),
        ({"answers": [{"file": "a.mp4"}]}, r"answers\.0\.question: Field required"),
        ({"answers": [{"file": "gone.mp4", "question": "?", "language": "en"}]}, r"There is no file .*gone\.mp4"),
        ({"answers": [{"file": "a.mp4", "question": " ", "language": "en"}]}, "Question 1 is empty"),
        ({"answers": [{"file": "a.mp4", "question": "?"}]}, "Which language is spoken"),
        ({"language": "fr"}, "language: Input should be 'en' or 'id'"),
        ({"candidate_name": ""}, "Give the candidate's name"),
    ],
)
def test_mistake_in_the_file_is_named(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(typer.BadParameter, match=words):
        from_file(_file(tmp_path, **changes), "", "")


def test_file_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match=r"Cannot read .*interview\.json"):
        from_file(tmp_path / "interview.json", "", "")
    (tmp_path / "interview.json").write_text("{")
    with pytest.raises(typer.BadParameter, match="the file: Invalid JSON"):
        from_file(tmp_path / "interview.json", "", "")


def test_mixture_of_files_and_urls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="cannot be mixed"):
        from_options([str(tmp_path), "https://example.org/a"], ["1?", "2?"], "Siti", "en")
