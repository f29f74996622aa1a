"""Prometheus metrics of the judge: who rated, and who could not."""

from __future__ import annotations

from prometheus_client import Counter

from services.judge.model import Work
from services.judge.settings import BACKENDS, TRANSLATORS

ANSWERS = Counter(
    "interview_judge_answers_total",
    "Answers of the judge, by the backend that gave them.",
    ["task", "backend"],
)
FAILURES = Counter(
    "interview_judge_backend_failures_total", "Times that a backend was asked and did not answer.", ["backend"]
)


def begin_at_nought() -> None:
    """Tell every rater and translator before its first answer: alerts see a counter rise, not begin."""
    for backend in (*BACKENDS, "none"):
        ANSWERS.labels("evaluate", backend)
    for backend in (*TRANSLATORS, "none"):
        ANSWERS.labels("translate", backend)


def count(task: str, work: Work) -> None:
    """Count an answer, and the backends that were asked in vain before it."""
    ANSWERS.labels(task, work.backend or "none").inc()
    for failure in work.failures:
        FAILURES.labels(failure.backend).inc()
