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
    head_sha256: str = ""
    """Of the learned head; empty for backends without."""
    data_sha256: str = ""
    """Of the graded answers behind head or calibration; empty without either."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion: score 1 to 100, confidence 0 to 1 or unknown, a verbatim quote or empty.

    `low` to `high`, 1 to 100, holds a person's score in 8 of 10 answers; `influence` is the points of 100 that the
    score would lose without the quote. Each is None where it was not measured.
    """

    criterion: str
    score: float
    confidence: float | None
    quote: str
    low: float | None = None
    high: float | None = None
    influence: float | None = None


@dataclass(frozen=True, slots=True)
class AnswerFlag:
    """What a person should look at in the words: `answer_addresses_the_judge` or `keyword_list`; quote verbatim."""

    type: str
    quote: str


@dataclass(frozen=True, slots=True)
class Unscored:
    """Why a person has to rate an answer: a code such as `unsure` or `too_short`, and the same for people."""

    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judge's rating of one answer. `total` 1 to 100, `confidence` 0 to 1; both 0 where it is `unscored`.

    `samples` is how many tries each score is the mean of; 0 with token probabilities. `total_low` to `total_high`
    holds a person's total in 8 of 10 answers; None where that is not known. `missing` is what question or reference
    ask for and the answer does not take up.
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
    unscored: Unscored | None = None
    total_low: float | None = None
    total_high: float | None = None
    follow_up_question: str = ""
    missing: tuple[str, ...] = ()
    gap: str = ""
    """What the answer lacks most, by the judge's names; empty: not measured."""

    @property
    def counts_words(self) -> bool:
        """Whether no model rated: the judge's last resort counts words, which is no score."""
        return self.attribution.backend == "rules"

    @property
    def scored(self) -> bool:
        """Whether `total` and the ratings' scores may be shown and counted."""
        return self.unscored is None and not self.counts_words


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
