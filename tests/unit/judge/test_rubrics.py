from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from services.judge.rubrics import FOLDER, RubricError, read

COMMON = "criteria: {quality: {weight: 2}, coherence: {weight: 1}, relevance: {weight: 1}}"
OWN = "criteria: {quality: {weight: 1}, coherence: {weight: 1}, relevance: {weight: 1}, calm: {weight: 1, asks: calm}}"


def test_the_rubrics_that_come_along_can_be_read() -> None:
    found = read(FOLDER)
    assert set(found) == {"default", "software", "customer_service"}
    assert [c.name for c in found["default"].criteria] == ["quality", "coherence", "relevance"]
    for rubric in found.values():
        assert sum(rubric.weights.values()) == pytest.approx(1)
        assert rubric.sha256 == hashlib.sha256((FOLDER / f"{rubric.name}.yaml").read_bytes()).hexdigest()


@pytest.mark.parametrize("language", ["en", "id"])
def test_own_criteria_have_a_title_in_both_languages_wherever_they_are_shown(language: str) -> None:
    pages = Path(f"gateway/web/assets/i18n/{language}.js").read_text()
    report = yaml.safe_load(Path(f"gateway/report/texts.{language}.yaml").read_text())
    for rubric in read(FOLDER).values():
        for criterion in rubric.own:
            title = dict(criterion.titles)[language]
            assert f'"rating.{criterion.name}": "{title.capitalize()}",' in pages
            assert report[criterion.name] == title.capitalize()


def test_own_criteria_are_asked_with_role_points_and_anchors() -> None:
    task = read(FOLDER)["customer_service"].own[1].task
    assert "customer service agent" in task
    assert "follows up afterwards" in task
    assert task.index("1 = ") < task.index("3 = ") < task.index("5 = ")


def test_weights_count(tmp_path: Path) -> None:
    (tmp_path / "sales.yaml").write_text(f"name: sales\nrole: seller\n{COMMON}")
    assert read(tmp_path)["sales"].weights["quality"] == 0.5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"name: other\nrole: x\n{COMMON}", "calls itself other"),
        ("name: sales\nrole: x\ncriteria: {quality: {weight: 1}}", "lacks coherence, relevance"),
        (f"name: sales\nrole: x\n{OWN}", "calm needs `asks` and `anchors`"),
        (f"name: sales\nrole: x\n{COMMON.replace('weight: 2', 'weight: 0')}", "greater than 0"),
        ("name: [", "is no rubric"),
    ],
)
def test_a_file_that_is_no_rubric_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "sales.yaml").write_text(content)
    with pytest.raises(RubricError, match=message):
        read(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="holds no rubric"):
        read(tmp_path)
