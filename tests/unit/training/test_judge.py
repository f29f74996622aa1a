"""What the judge learns from, and that the head belongs to it."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from servicekit.weights.catalogue import QWEN
from services.judge.learned import head
from services.judge.learned.evaluator import stored_head
from services.judge.words.phrases import GAPS
from training.judge import calibrating, fitting, material
from training.judge.fitting import Material, Settings
from training.judge.folds import folds
from training.judge.report import partial


def made(answers: int = 120, noise: float = 4.0) -> Material:
    """Answers whose grade is one direction of their states, whatever their length and language."""
    random = np.random.default_rng(5)
    blocks = random.normal(size=(answers, 2, 24)).astype(np.float32)
    grade = np.clip(50 + 18 * blocks[:, 0, 0] + random.normal(0, noise, answers), 1, 100)
    words = random.integers(5, 200, answers)
    blocks[:, 1, 1] += np.log(words)  # a head that looks at length could learn nothing from it
    languages = ["id" if n % 2 else "en" for n in range(answers)]
    questions = [f"q{n // 6}" for n in range(answers)]
    beside = np.zeros((answers, 1), np.float32)
    return Material(blocks, beside, {"quality": grade}, questions, [int(n) for n in words], languages)


def test_the_graded_answers_are_whole() -> None:
    answers = material.answers()
    assert len(answers) >= 600
    assert len({a.id for a in answers}) == len(answers)
    assert all(1 <= grade <= 100 for a in answers for grade in (*a.first, *(a.second or ())))
    assert all(a.second is not None for a in answers), "every answer is graded twice"
    assert {a.gap for a in answers} <= set(GAPS)
    languages = Counter(a.language for a in answers)
    assert min(languages.values()) > 0.45 * len(answers)
    words, quality = [a.words for a in answers], [a.grades[0] for a in answers]
    assert abs(np.corrcoef(np.log(words), quality)[0, 1]) < 0.3, "length must not tell the grade"


def test_the_head_is_that_of_the_weights_and_the_data() -> None:
    found = stored_head()
    assert found.model_sha256 == QWEN.files[0].sha256
    assert found.data_sha256 == material.sha256(), "run `make train-judge` and commit the head"


def test_no_question_is_on_both_sides_of_a_fold() -> None:
    questions = [f"q{n % 7}" for n in range(40)]
    parts = folds(questions, 4, 1)
    assert np.sum(parts, 0).tolist() == [1] * 40
    for left in parts:
        inside = {q for q, out in zip(questions, left, strict=True) if out}
        assert not inside & {q for q, out in zip(questions, left, strict=True) if not out}


def test_unseen_questions_are_foretold_and_length_does_not_count() -> None:
    answers = made()
    found = fitting.foretold(answers, Settings(0.3, 1.0, 0.1, 0.1))["quality"]
    assert np.corrcoef(found.value, answers.grades["quality"])[0, 1] > 0.6
    assert abs(partial(found.value, answers.log_words, answers.grades["quality"])) < 0.2
    assert (found.error > 0).all()


def test_the_same_data_give_the_same_file(tmp_path: Path) -> None:
    digests = []
    for n in range(2):
        path = tmp_path / f"{n}.npz"
        head.write(path, {"bare": fitting.fit(made(), Settings(0.3, 1.0, 0.1, 0.1))}, {}, {"model_sha256": "m"})
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert digests[0] == digests[1]


def test_a_head_says_the_same_after_it_was_stored(tmp_path: Path) -> None:
    answers = made()
    fitted = fitting.fit(answers, Settings(0.3, 1.0, 0.1, 0.1))
    head.write(tmp_path / "head.npz", {"bare": fitted}, {}, {"model_sha256": "m", "data_sha256": "d"})
    stored = head.read(tmp_path / "head.npz").regressions["bare"]
    for n in range(5):
        one, other = (r.scores(answers.blocks[n], answers.beside[n], 40, "en")["quality"] for r in (fitted, stored))
        assert one.value == pytest.approx(other.value, abs=0.5)


def test_a_chat_models_levels_get_a_map_of_their_own(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    grades = random.uniform(1, 100, (150, 3))
    levels = 0.6 + 0.3 * (grades - 1) / 99 + random.normal(0, 0.01, grades.shape)  # bunched, as models do
    found, told = calibrating.fitted(levels, grades, [f"q{n // 5}" for n in range(150)])
    curve = found.curves["quality"]
    assert curve.score(0.6) < 15
    assert curve.score(0.9) > 85
    assert curve.error < 8
    assert len(told) == 3
