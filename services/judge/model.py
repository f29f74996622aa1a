"""What a judge is: inputs, results and the protocols. No machine learning, no protobuf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from servicekit.wire import Model

CRITERIA = ("quality", "coherence", "relevance")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; `task` is what a language model is asked, empty for the three that every rubric has.

    `titles` are pairs of a language and what people call the criterion in it.
    """

    name: str
    weight: float
    task: str = ""
    titles: tuple[tuple[str, str], ...] = ()

    def title(self, language: str) -> str:
        """What people call it in a language; without a title there its name, in words."""
        return dict(self.titles).get(language, self.name.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Rubric:
    """Criteria in their order, quality, coherence and relevance first; `sha256` of the file; `role` for people."""

    name: str
    criteria: tuple[Criterion, ...]
    sha256: str
    role: str = ""

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each criterion; they add up to 1."""
        total = sum(c.weight for c in self.criteria)
        return {c.name: c.weight / total for c in self.criteria}

    @property
    def own(self) -> tuple[Criterion, ...]:
        """The criteria beyond the common three."""
        return tuple(c for c in self.criteria if c.name not in CRITERIA)

    def titles(self, language: str) -> dict[str, str]:
        """What people call the own criteria in a language."""
        return {c.name: c.title(language) for c in self.own}


@dataclass(frozen=True, slots=True)
class TranslationInput:
    """A text and its direction; languages are `en` or `id` and differ.

    `passages` is the text in pieces with the language of each, where it is in both; empty: all of it is to translate.
    """

    text: str
    source: str
    target: str
    passages: tuple[tuple[str, str], ...] = ()

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, and whether each is to be translated; the others are in the target language already."""
        if not self.passages:
            return ((self.text, True),)
        return tuple((text, language != self.target) for text, language in self.passages)


@dataclass(frozen=True, slots=True)
class RatingInput:
    """An answer as spoken in `language`, with its question; `reference` may be empty.

    `rubric` is a name; empty means the one of the settings.
    """

    question: str
    answer: str
    language: str
    analysis_language: str
    reference: str = ""
    rubric: str = ""
    transcript_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion: `score` 1 to 100, `confidence` 0 to 1 or None, `quote` the sentence that carried it or empty.

    `low` to `high` holds a person's score in 8 of 10 answers; `influence` is what the score would lose without the
    quote, in points. None: not known.
    """

    criterion: str
    score: float
    confidence: float | None = None
    quote: str = ""
    low: float | None = None
    high: float | None = None
    influence: float | None = None


@dataclass(frozen=True, slots=True)
class Unscored:
    """Why there is no score: `reason` as in the contract, `explanation` for people."""

    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Flag:
    """What a person should look at: `answer_addresses_the_judge` or `keyword_list`, with the answer's own words."""

    type: str
    quote: str


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """One answer of a session with its ratings; `total` 1 to 100."""

    question: str
    ratings: tuple[Rating, ...]
    total: float
    analysis: str

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the ratings that have one, 0 to 1."""
        known = [r.confidence for r in self.ratings if r.confidence is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class SummaryInput:
    """The rated answers of a session, at least one, and the language wanted."""

    answers: tuple[RatedAnswer, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A backend that did not answer; `reason` holds nothing of what was sent."""

    backend: str
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """Who did the work. `failures` are those who were asked before, in order."""

    backend: str
    model: Model
    prompt_sha256: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    failures: tuple[Failure, ...] = ()
    head_sha256: str = ""
    data_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation. `grade` is `full`, `gist`, or `none`; with `none` the text is empty.

    `mismatches` are numbers and names that stand on one side only.
    """

    text: str
    grade: str
    work: Work
    mismatches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The rating of one answer. `total` 1 to 100, `confidence` 0 to 1.

    `logprobs_probability` is the mean probability, 0 to 1, of the tokens that carry the scores; None without token
    probabilities, and `samples` says how many tries each score is the mean of. With `unscored` there are no ratings
    and no total. `low` to `high` holds a person's total in 8 of 10 answers, None where that is not known; `missing`
    are points of the reference that the answer does not take up.
    """

    ratings: tuple[Rating, ...]
    total: float
    confidence: float
    logprobs_probability: float | None
    analysis: str
    work: Work
    flags: tuple[Flag, ...] = ()
    rubric: str = ""
    rubric_sha256: str = ""
    samples: int = 0
    unscored: Unscored | None = None
    low: float | None = None
    high: float | None = None
    follow_up: str = ""
    missing: tuple[str, ...] = ()
    gap: str = ""
    """One of `words.phrases.GAPS`; empty: not measured."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a session; `confidence` 0 to 1 or None."""

    text: str
    confidence: float | None
    work: Work


@dataclass(frozen=True, slots=True)
class Accounts:
    """Keys of other companies' services that one organisation has; empty: none. They show in no log."""

    deepl_key: str = field(default="", repr=False)
    huggingface_token: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.deepl_key or self.huggingface_token)


@dataclass
class BackendError(Exception):
    """A backend did not answer; `reason` is for people and holds no key and nothing of what was sent.

    `retry_after_s` is None when another try is of no use. `broken_output` marks answers that break their form;
    `request_bound` a request that this backend cannot take, or gives no usable answer to, while it works for others:
    one candidate's answer closes it to no other candidate.
    """

    reason: str
    retry_after_s: float | None = None
    broken_output: bool = False
    request_bound: bool = False

    def __str__(self) -> str:
        return self.reason


class Backend(Protocol):
    """Something that is loaded once and used by many calls."""

    name: str

    async def load(self) -> None:
        """Make ready. Raises WeightsError."""

    async def close(self) -> None:
        """Let go of everything."""


class Translator(Backend, Protocol):
    """Translates."""

    async def translate(self, request: TranslationInput) -> Translation:
        """Raises BackendError. Never returns the source text."""


class Evaluator(Backend, Protocol):
    """Rates and sums up."""

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        """Raises BackendError."""

    async def summarize(self, request: SummaryInput) -> Summary:
        """Raises BackendError."""


class Judge(Backend, Protocol):
    """Does all three, with whoever can."""

    @property
    def rubrics(self) -> tuple[Rubric, ...]:
        """Every rubric that a request can name."""

    @property
    def default_rubric(self) -> str:
        """The name of the one that requests without a name get."""

    async def translate(self, request: TranslationInput) -> Translation:
        """With the grade `none` when nobody can."""

    async def evaluate(self, request: RatingInput) -> Evaluation:
        """Raises ServiceError when nobody can, and for a rubric that does not exist."""

    async def summarize(self, request: SummaryInput) -> Summary:
        """Raises ServiceError when nobody can."""
