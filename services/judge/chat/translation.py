"""Translation by a language model, sentence by sentence; what was translated before is not translated again."""

from __future__ import annotations

import hashlib

from services.judge.chat import prompts
from services.judge.chat.model import ChatBackend, Completion, Counted, Message, Options, user
from services.judge.memory import Memory
from services.judge.model import BackendError, Failure, Translation, TranslationInput, Work
from services.judge.words.chunks import passages, utterances
from services.judge.words.languages import copied, other_language

GAP = "[…]"
"""Stands for a sentence that could not be translated."""

TOKENS_A_WORD = 4
"""Room for the translation: Indonesian takes about 2 tokens a word; a loop runs into this limit."""

AT_ONCE = 16
"""Sentences asked for together; a rating that waits for the model waits for so many at most."""


class ChatTranslator:
    """A `Translator` on a language model."""

    def __init__(self, chat: ChatBackend, memory: Memory[str]) -> None:
        """Share the model with others; keep sentences in memory."""
        self.name, self._chat, self._memory = chat.name, chat, memory

    async def load(self) -> None:
        """Load the model, if nobody has."""
        await self._chat.load()

    async def close(self) -> None:
        """Free the model, if nobody has."""
        await self._chat.close()

    async def translate(self, request: TranslationInput) -> Translation:
        traits = self._chat.traits
        cut = passages if traits.writes else utterances
        pieces = [(part, new) for text, new in request.pieces for part in cut(text, traits.translation_words)]
        parts = [part for part, new in pieces if new]
        opening = prompts.translation_opening(request.source, request.target)
        async with self._chat.conversation(opening) as chat:
            counted = Counted(chat)
            said = {part: self._memory.get(_key(part, request)) or "" for part in parts}
            missing = [part for part, text in said.items() if not text]
            for start in range(0, len(missing), AT_ONCE):
                said |= await self._ask(counted, missing[start : start + AT_ONCE], request)
        lost = [said[part] for part in parts].count("")
        if lost == len(parts):
            raise BackendError(f"none of {lost} passages came back translated", broken_output=True, request_bound=True)
        work = Work(self.name, self._chat.model, prompts.version(), counted.input_tokens, counted.output_tokens)
        found = (said[part] or GAP if new else part for part, new in pieces)
        return Translation(" ".join(found), traits.grade, _with_gaps(work, lost, len(parts)))

    async def _ask(self, chat: Counted, parts: list[str], request: TranslationInput) -> dict[str, str]:
        """The parts' translations, empty where what came back is none; they are kept for a while."""
        room = 24 + TOKENS_A_WORD * max(len(p.split()) for p in parts)
        asked: list[list[Message]] = [[user(p)] for p in parts]
        answers = await chat.complete_all(asked, Options(room))
        found = {p: checked(p, answer, request.target) for p, answer in zip(parts, answers, strict=True)}
        for part, text in found.items():
            if text:
                self._memory.keep(_key(part, request), text)
        return found


def _key(part: str, request: TranslationInput) -> str:
    return hashlib.sha256(f"{request.source} {request.target} {part}".encode()).hexdigest()


def checked(source: str, answer: Completion, target: str) -> str:
    """The answer's text, or nothing when it is cut off, a copy of the source, or in the wrong language."""
    text = " ".join(answer.text.split())
    if answer.cut or not text or copied(source, text) or other_language(text, target):
        return ""
    return text


def _with_gaps(work: Work, lost: int, total: int) -> Work:
    if not lost:
        return work
    reason = f"{lost} of {total} passages did not come back translated and are marked {GAP}"
    return Work(
        work.backend,
        work.model,
        work.prompt_sha256,
        work.input_tokens,
        work.output_tokens,
        (Failure(work.backend, reason),),
    )
