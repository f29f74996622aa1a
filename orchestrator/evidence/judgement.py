"""What the judge makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from servicekit.wire import Model


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who did a judge's work: backend, model, and who could not (`backend: reason`)."""

    backend: str
    model: Model
    failures: tuple[str, ...]
    prompt_sha256: str
    input_tokens: int
    output_tokens: int
    seconds: float = 0.0
    """Wall time."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion: score 1 to 100, confidence 0 to 1 or unknown, a verbatim quote or empty."""

    criterion: str
    score: float
    confidence: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerFlag:
    """What a person should look at in the words: `answer_addresses_the_judge` or `keyword_list`; quote verbatim."""

    type: str
    quote: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judge's rating of one answer. `total` 1 to 100, `confidence` 0 to 1.

    `samples` is how many tries each score is the mean of; 0 with token probabilities.
    """

    ratings: tuple[Rating, ...]
    total: float
    confidence: float
    logprobs_available: bool
    logprobs_probability: float | None
    analysis: str
    attribution: Attribution
    flags: tuple[AnswerFlag, ...] = ()
    rubric: str = ""
    rubric_sha256: str = ""
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """The transcript in the other language; `grade` is `none`, `gist` or `full`; `text` is empty for `none`.

    `mismatches` are numbers and names that stand on one side only.
    """

    text: str
    language: str
    grade: str
    attribution: Attribution
    mismatches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The judge's summary of a session; `confidence` 0 to 1 or unknown."""

    text: str
    confidence: float | None
    attribution: Attribution
