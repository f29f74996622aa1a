"""What a language model's middle layers make of an answer: one pass over question, reference and answer.

A middle layer holds the judgement, the last ones the next word: a head on layer 16 of 28 agrees better with people
than the digit that the model would write, at a tenth of the tokens (docs/measurements/judge.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from services.judge.chat import prompts
from services.judge.llama.context import LlamaContext, Numbers, state_name
from services.judge.llama.model import LlamaError, LlamaModel
from services.judge.words.chunks import utterances

LAYER = 16
"""Zero-based; the computation ends after it. 10 to 16 are nearly level, 18 and later worse."""

SENTENCE_WORDS = 28
"""Recognised speech may lack punctuation: longer stretches count as several sentences."""

MOST_ANSWER_TOKENS = 2048
"""A passage of 450 words has 600 to 1,300; rows of signs would have ten times as many and take minutes."""

OPENING, ANSWER = 0, 1
"""Sequences of the context."""


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `end` (exclusive) of a reading."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer, verbatim, and its tokens."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """States of one pass, float32, one row a token.

    `criteria` holds for each criterion asked for the state where the reply would begin, after the criterion's text.
    `tokens` were read in all.
    """

    states: Numbers
    question: Span
    reference: Span
    answer: Span
    sentences: tuple[Sentence, ...]
    criteria: tuple[Numbers, ...]
    tokens: int

    def mean(self, span: Span, without: Sequence[Span] = ()) -> Numbers:
        """Mean state over a span, with spans inside it left out; zeros where nothing is left."""
        kept = np.zeros(len(self.states), bool)
        kept[span.start : span.end] = True
        for left in without:
            kept[left.start : left.end] = False
        found = self.states[kept]
        return found.mean(0) if len(found) else np.zeros(self.states.shape[1], np.float32)


class Reader:
    """Reads answers after one opening. For one thread at a time."""

    def __init__(self, model: LlamaModel, context: LlamaContext) -> None:
        """Read nothing yet."""
        self._model, self._context = model, context
        self.opening = model.conversation([(m.role, m.content) for m in prompts.rating_opening()], answering=False)
        # Where a user's turn begins and how it ends; the content stands between the two.
        whole = model.conversation([("user", "-")], answering=True, begins=False)
        at = whole.index(model.tokens("-")[0])
        self._head, self._tail = whole[:at], whole[at + 1 :]

    def open(self, folder: Path) -> None:
        """Take the opening's state from its file, or read it and keep it there where that can be. Raises Stopped."""
        path = folder / state_name(self.opening)
        if not self._context.restore(OPENING, self.opening, path):
            self._context.read(self.opening, 0, OPENING, (LAYER,), through=False)
            self._context.keep(OPENING, self.opening, path)

    def read(self, question: str, reference: str, answer: str, criteria: Sequence[str] = ()) -> Reading:
        """One pass; each criterion's text costs its own tokens once more. Raises Stopped and LlamaError."""
        self._context.share(OPENING, ANSWER)
        start = len(self.opening)
        turn = _Turn(self._model, prompts.rating_data(question, reference, answer))
        head = len(self._head)
        said = turn.span("candidate_answer", head)
        if said.end - said.start > MOST_ANSWER_TOKENS:
            raise LlamaError(f"the answer is no speech: a passage of it has {said.end - said.start} tokens")
        states = self._context.read([*self._head, *turn.tokens, *self._tail], start, ANSWER, (LAYER,), through=False)[
            LAYER
        ]
        end = start + head + len(turn.tokens)
        asked = []
        tokens = head + len(turn.tokens) + len(self._tail)
        for text in criteria:
            self._context.forget(ANSWER, end)
            more = [*self._model.tokens(f"\n\n{text}"), *self._tail]
            asked.append(self._states(more, end)[-1])
            tokens += len(more)
        asked_for, wanted = (turn.span(f, head) for f in ("question", "model_answer"))
        self._context.forget(ANSWER)
        return Reading(states, asked_for, wanted, said, tuple(turn.sentences(answer, head)), tuple(asked), tokens)

    def opening_states(self) -> Numbers:
        """States of the opening's own tokens; reads it once more."""
        self._context.forget(ANSWER)
        states = self._context.read(self.opening, 0, ANSWER, (LAYER,), through=False)[LAYER]
        self._context.forget(ANSWER)
        return states

    def _states(self, tokens: Sequence[int], position: int) -> Numbers:
        return self._context.read(tokens, position, ANSWER, (LAYER,), through=False)[LAYER]


class _Turn:
    """The JSON of one answer as tokens, and where its parts lie."""

    def __init__(self, model: LlamaModel, data: str) -> None:
        self.tokens = model.tokens(data)
        self._data = data.encode()
        self._ends = np.array(list(accumulate(len(model.piece(t)) for t in self.tokens)))
        self._fields = json.loads(data)

    def span(self, field: str, offset: int) -> Span:
        """Tokens of a field's value; empty when the field is not there."""
        if field not in self._fields:
            return Span(0, 0)
        start = self._start(field)
        return self._tokens(start, start + len(_escaped(self._fields[field])), offset)

    def sentences(self, answer: str, offset: int) -> Iterator[Sentence]:
        """The answer's sentences in order; a token that two share belongs to the later one."""
        at, found = self._start("candidate_answer"), 0
        for text in utterances(answer, SENTENCE_WORDS):
            begin = answer.index(text, found)
            skipped = len(_escaped(answer[found:begin]))
            size = len(_escaped(text))
            span = self._tokens(at + skipped, at + skipped + size, offset)
            at, found = at + skipped + size, begin + len(text)
            yield Sentence(text, span)

    def _start(self, field: str) -> int:
        key = f'"{field}": "'.encode()
        return self._data.index(key) + len(key)

    def _tokens(self, start: int, end: int, offset: int) -> Span:
        """Tokens that end after byte `start` and begin before byte `end`."""
        first = int(np.searchsorted(self._ends, start, side="right"))
        last = int(np.searchsorted(self._ends, end, side="left")) + 1
        return Span(first + offset, min(last, len(self._ends)) + offset)


def _escaped(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()
