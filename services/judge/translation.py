"""Translation by a language model, passage by passage."""

from __future__ import annotations

from services.judge import prompts
from services.judge.chat import ChatBackend, Completion, Conversation, Counted, Options, user
from services.judge.chunks import passages
from services.judge.languages import copied, other_language
from services.judge.model import BackendError, Failure, Translation, TranslationInput, Work

GAP = "[…]"
"""Stands for a passage that could not be translated."""

TOKENS_A_WORD = 4
"""Room for the translation: Indonesian takes about 2 tokens a word; a loop runs into this limit."""


class ChatTranslator:
    """A `Translator` on a language model."""

    def __init__(self, chat: ChatBackend) -> None:
        """Share the model with others."""
        self.name, self._chat = chat.name, chat

    async def load(self) -> None:
        """Load the model, if nobody has."""
        await self._chat.load()

    async def close(self) -> None:
        """Free the model, if nobody has."""
        await self._chat.close()

    async def translate(self, request: TranslationInput) -> Translation:
        """See `Translator.translate`."""
        traits = self._chat.traits
        parts = passages(request.text, traits.translation_words)
        async with self._chat.conversation(prompts.translation_opening(request.source, request.target)) as chat:
            counted = Counted(chat)
            found = [await _passage(counted, part, request.target) for part in parts]
        lost = found.count("")
        if lost == len(parts):
            raise BackendError(f"none of {lost} passages came back translated", broken_output=True, request_bound=True)
        work = Work(self.name, self._chat.model, prompts.version(), counted.input_tokens, counted.output_tokens)
        return Translation(" ".join(f or GAP for f in found), traits.grade, _with_gaps(work, lost, len(parts)))


async def _passage(chat: Conversation, text: str, target: str) -> str:
    """The translation; empty when what came back is not one."""
    room = 24 + TOKENS_A_WORD * len(text.split())
    return checked(text, await chat.complete([user(text)], Options(room)), target)


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
