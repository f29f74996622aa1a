"""Names and fields as people send them."""

from __future__ import annotations

import pytest

from gateway.errors import RequestError
from gateway.submissions.request import UploadForm, checked_language, checked_name, project_score
from gateway.uploads.recording import display_name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("answer 1.webm", "answer 1.webm"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Siti\\jawaban.mp4", "jawaban.mp4"),
        ("a\u202egnp.\x00\nmp4", "agnp.mp4"),
        ("é.mp4", "é.mp4"),
        ("..", ".."),
        ("x" * 300, "x" * 200),
    ],
)
def test_file_names_are_only_their_last_part(sent: str, shown: str) -> None:
    assert display_name(sent) == shown


def test_questions_are_repeated_or_one_json_array() -> None:
    assert UploadForm({"question": ["a", "b"]}).all("question", "questions") == ["a", "b"]
    assert UploadForm({"questions": ['["a", "b"]']}).all("question", "questions") == ["a", "b"]
    assert UploadForm({"question": ["[a] or b?"]}).all("question") == ["[a] or b?"]
    assert UploadForm({"question": ["[1, 2]"]}).all("question") == ["[1, 2]"]
    assert UploadForm().all("question") == []


def test_languages() -> None:
    assert [checked_language(value) for value in ("en", "ID", " id ", "", None)] == ["en", "id", "id", "en", "en"]
    wrong_values: tuple[object, ...] = ("fr", "english", 5, [], "x" * 500)
    for wrong in wrong_values:
        with pytest.raises(RequestError, match="Invalid language: ") as caught:
            checked_language(wrong)
        assert len(caught.value.message) < 80


@pytest.mark.parametrize("value", [None, "", " \n", 5, ["Siti"]])
def test_a_candidate_has_a_name(value: object) -> None:
    with pytest.raises(RequestError, match="Missing candidate name"):
        checked_name(value)


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "100.5", "A"])
def test_project_scores_are_0_to_100(value: str) -> None:
    with pytest.raises(RequestError, match="0 to 100"):
        project_score(value)
    assert (project_score(""), project_score("0"), project_score("100")) == (None, 0.0, 100.0)
