"""Writing with a model: several replies at the same time, after an opening that is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from services.judge.chat.model import Completion, Message, Options, Token
from services.judge.llama.context import Entry, LlamaContext, Numbers, state_name
from services.judge.llama.model import LlamaModel

OPENING = 0
"""The sequence that has read the opening; the lines have the ones after it."""

LINES = 8
"""Replies written at the same time: eight tokens cost about as much as three one after the other."""


@dataclass
class _Line:
    """One reply as it grows."""

    prompt: list[int]
    sequence: int
    position: int
    tokens: list[int] = field(default_factory=list)
    told: list[Token] = field(default_factory=list)
    ended: bool = False


class Writer:
    """Writes what is likeliest, token by token. For one thread at a time."""

    def __init__(self, model: LlamaModel, context: LlamaContext, folder: Path) -> None:
        """Openings that were read are kept in `folder`, where that can be written."""
        self._model, self._context, self._folder = model, context, folder
        self._read: list[int] = []

    def write(
        self, opening: Sequence[Message], prompts: Sequence[Sequence[Message]], options: Options
    ) -> list[Completion]:
        """One reply to each prompt, each after the opening. Raises Stopped and LlamaError."""
        begun = self._model.conversation(_turns(opening), answering=False) if opening else []
        wholes = [self._model.conversation(_turns([*opening, *p]), answering=True) for p in prompts]
        if any(whole[: len(begun)] != begun for whole in wholes):
            begun = []  # a template that does not grow turn by turn
        self._open(begun)
        found: list[Completion] = []
        for start in range(0, len(wholes), LINES):
            found += self._together(len(begun), wholes[start : start + LINES], options)
        return found

    def _open(self, begun: list[int]) -> None:
        """Have these tokens read: as before, from their file, or now.

        One opening at a time, in an empty context: the library ends the process (`S > 0` in its attention) when one
        sequence is read beside another that came from a file.
        """
        if begun == self._read:
            return
        self._context.forget(OPENING)
        self._read = []
        path = self._folder / state_name(begun)
        if begun and not self._context.restore(OPENING, begun, path):
            self._context.read(begun, 0, OPENING)
            self._context.keep(OPENING, begun, path)
        self._read = begun

    def _together(self, begun: int, wholes: Sequence[list[int]], options: Options) -> list[Completion]:
        lines = [_Line(whole[begun:], OPENING + 1 + n, len(whole)) for n, whole in enumerate(wholes)]
        try:
            for line in lines:
                self._context.share(OPENING, line.sequence)
                if line.prompt[:-1]:
                    self._context.read(line.prompt[:-1], begun, line.sequence)
            nexts = [Entry(line.prompt[-1], line.position - 1, line.sequence, True) for line in lines]
            self._grow(lines, nexts, options)
        finally:
            for line in lines:
                self._context.forget(line.sequence)
        return [self._completion(line, begun) for line in lines]

    def _grow(self, lines: Sequence[_Line], entries: list[Entry], options: Options) -> None:
        alive = list(lines)
        while alive:
            self._context.decode(entries)
            found = [self._context.logits(n) for n in range(len(alive))]
            for line, logits in zip(alive, found, strict=True):
                self._take(line, logits, options)
            alive = [line for line in alive if not line.ended and len(line.tokens) < options.max_tokens]
            entries = [Entry(x.tokens[-1], x.position + len(x.tokens) - 1, x.sequence, True) for x in alive]

    def _take(self, line: _Line, logits: Numbers, options: Options) -> None:
        token = int(logits.argmax())
        line.ended = self._model.ends(token)
        if options.top_logprobs:
            line.told.append(self._told(token, logits, options.top_logprobs))
        if not line.ended:
            line.tokens.append(token)

    def _told(self, token: int, logits: Numbers, most: int) -> Token:
        shifted = logits - logits.max()
        logprobs = shifted - np.log(np.exp(shifted).sum())
        best = np.argsort(-logprobs)[:most]
        others = tuple((self._text([int(t)]), float(logprobs[t])) for t in best)
        return Token(self._text([token]), float(logprobs[token]), others)

    def _text(self, tokens: Sequence[int]) -> str:
        return b"".join(self._model.piece(t) for t in tokens).decode(errors="replace")

    def _completion(self, line: _Line, begun: int) -> Completion:
        told = tuple(line.told) or None
        return Completion(self._text(line.tokens), told, begun + len(line.prompt), len(line.tokens), not line.ended)


def _turns(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return [(m.role, m.content) for m in messages]
