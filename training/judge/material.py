"""The graded answers and labelled sentences that the judge learns from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
GRADED = ("quality", "coherence", "relevance")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with two gradings by `data/SCALE.md`: each quality, coherence, relevance, 1 to 100.

    `criterion` names one of `data/criteria.json` where `own` grades it, 1 to 100; `gap` is what it lacks most; `twin`
    the same content in another manner. `facts`: whether only the reference tells how right it is; without one nothing
    is learned from it.
    """

    id: str
    qid: str
    language: str
    question: str
    reference: str
    kind: str
    register: str
    answer: str
    first: tuple[float, ...]
    second: tuple[float, ...] | None
    criterion: str
    own: float | None
    gap: str
    twin: str
    facts: bool = False

    @property
    def grades(self) -> tuple[float, ...]:
        """The mean of the gradings."""
        if self.second is None:
            return self.first
        return tuple((a + b) / 2 for a, b in zip(self.first, self.second, strict=True))

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.answer.split())


def answers(path: Path = DATA / "answers.jsonl") -> list[Answer]:
    """Every graded answer."""
    return [_answer(row) for row in _rows(path)]


def human(path: Path) -> list[Answer]:
    """Answers with human grades 0 to 5, of a folder `grading_en`: the grade stands for all three, on 1 to 100."""
    found = []
    for row in _rows(path):
        grade = 1 + 99 * row["score"] / row["max"]
        found.append(
            Answer(
                row["id"], row["question"], "en", row["question"], row["reference"], "human", "neutral",
                row["answer"], (grade,) * 3, None, "", None, "", "",
            )
        )  # fmt: skip
    return found


def criteria() -> dict[str, str]:
    """What each criterion asks for, with its anchors."""
    found: dict[str, str] = json.loads((DATA / "criteria.json").read_text())
    return found


def task(criterion: str) -> str:
    """The text of a criterion as a rubric's would be."""
    name = criterion.replace("_", " ").upper()
    return f"Rate the {name} of candidate_answer: {criteria()[criterion]}. Reply with one digit."


@dataclass(frozen=True, slots=True)
class Mixed:
    """Sentences put together as one answer; `aimed` says which speak to whoever scores it."""

    question: str
    language: str
    sentences: tuple[str, ...]
    aimed: tuple[bool, ...]

    @property
    def answer(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)


def mixed(path: Path = DATA / "sentences.jsonl") -> list[Mixed]:
    """Every mixed answer."""
    return [
        Mixed(row["question"], row["lang"], tuple(row["sentences"]), tuple(label == "G" for label in row["labels"]))
        for row in _rows(path)
    ]


def sha256() -> str:
    """Of all data, 64 hex digits."""
    digest = hashlib.sha256()
    for name in ("SCALE.md", "answers.jsonl", "criteria.json", "sentences.jsonl"):
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _answer(row: dict[str, Any]) -> Answer:
    second = tuple(map(float, row["second"])) if row["second"] else None
    return Answer(
        row["id"], row["qid"], row["lang"], row["question"], row["reference"], row["kind"], row["register"],
        row["answer"], tuple(map(float, row["first"])), second, row["criterion"], row["own"], row["gap"],
        row.get("twin", ""), row.get("facts", False),
    )  # fmt: skip
