"""Who has rated is told from the start."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from services.judge.metrics import begin_at_nought


@pytest.mark.parametrize(
    ("task", "backend"),
    [("evaluate", "openai"), ("evaluate", "llamacpp"), ("evaluate", "rules"), ("translate", "none")],
)
def test_a_backend_is_told_before_its_first_answer(task: str, backend: str) -> None:
    begin_at_nought()
    labels = {"task": task, "backend": backend}
    assert REGISTRY.get_sample_value("interview_judge_answers_total", labels) is not None
