"""Agreement with human grades, with and without a reference answer, beside a plain prompt for 0 to 100."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.judge.agreement import kappa, left_out, pearson
from bench.judge.completions import Kept
from services.judge import prompts
from services.judge.chat import Options, user
from services.judge.languages import word_share
from services.judge.rating import LEVELS, TOP_LOGPROBS, YES_NO, expected

SEED = 5
NAIVE = """\
You are an interviewer. Rate the answer to the question from 0 to 100. Reply as JSON: {{"score": 0-100}}
Question: {question}
Answer: {answer}"""
"""What most people would write first."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One answer: the human grade 0 to 5 and what the judge gives, 0 to 1."""

    question: str
    grade: float
    with_reference: float
    without: float
    relevance: float
    shared_words: float
    naive: float


def chosen(path: Path, most: int) -> list[dict[str, Any]]:
    """At most `most` answers, the same ones each time; growing `most` keeps those already there."""
    found = [json.loads(line) for line in path.read_text().splitlines()]
    random.Random(SEED).shuffle(found)
    return found[:most]


async def graded(chat: Kept, row: dict[str, Any]) -> Graded:
    """Ask the model about one answer."""
    question, answer, reference = row["question"], row["answer"], row["reference"]
    tasks = prompts.RATING_TASKS
    with_reference = await _level(chat, prompts.rating_data(question, reference, answer), tasks["quality"], LEVELS)
    bare = prompts.rating_data(question, "", answer)
    return Graded(
        question,
        row["score"] * 5 / row["max"],
        with_reference,
        await _level(chat, bare, tasks["quality"], LEVELS),
        await _level(chat, bare, tasks["relevance"], YES_NO),
        word_share(reference, answer, question),
        await _naive(chat, question, answer),
    )


def rows(found: list[Graded]) -> Iterator[tuple[str, str]]:
    """Lines of the table."""
    grades = np.array([g.grade for g in found])
    questions = [g.question for g in found]
    sets = {
        "with reference, model alone": np.array([[g.with_reference] for g in found]),
        "with reference, model and shared words": np.array([[g.with_reference, g.shared_words] for g in found]),
        "without reference, quality": np.array([[g.without] for g in found]),
        "without reference, quality and relevance": np.array([[g.without, g.relevance] for g in found]),
        "plain 0-100 as JSON": np.array([[g.naive] for g in found]),
    }
    for name, features in sets.items():
        fitted = left_out(features, grades, questions)
        text = f"Pearson {pearson(fitted, grades):.2f}, kappa {kappa(fitted, grades):.2f}"
        if features.shape[1] == 1:
            raw = features[:, 0]
            text += f" (unfitted {pearson(raw, grades):.2f}, {kappa(raw * 5, grades):.2f})"
        yield f"{name}, {len(found)} answers", text
        yield f"{name}, mean error by grade", _bands(fitted, grades)


def _bands(fitted: Any, grades: Any) -> str:
    """Mean signed error in grades of 0 to 5 for answers graded low, middling and high."""
    edges = (("0-2", 0.0, 2.01), ("2.5-3.5", 2.01, 3.51), ("4-5", 3.51, 5.01))
    inside = ((name, (grades >= low) & (grades < high)) for name, low, high in edges)
    return ", ".join(f"{name}: {(fitted - grades)[i].mean():+.1f} (n={int(i.sum())})" for name, i in inside if i.any())


async def _level(chat: Kept, data: str, task: str, levels: dict[str, float]) -> float:
    async with chat.conversation(prompts.rating_opening()) as talk:
        answer = await talk.complete([prompts.rating_turn(data, task)], Options(1, top_logprobs=TOP_LOGPROBS))
    return expected(answer.tokens[0], levels).level if answer.tokens else 0.5


async def _naive(chat: Kept, question: str, answer: str) -> float:
    """0 to 1; the middle where no number came back."""
    async with chat.conversation([]) as talk:
        said = await talk.complete([user(NAIVE.format(question=question, answer=answer))], Options(24))
    found = re.search(r"\d+", said.text)
    return min(int(found.group()) / 100, 1.0) if found else 0.5
