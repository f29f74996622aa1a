"""Answers in two languages, and passages that get lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.judge.model import RatingInput, TranslationInput
from tests.contract.fakes.judge_servers import (
    TRANSLATED,
    Call,
    Reply,
    chat,
)
from tests.contract.judge.test_backends import judging

SECRET = "secret-key-of-the-test"
ANSWER = "I was responsible for the warehouse and a team of five people. When the scanners broke, I made paper lists."
REQUEST = RatingInput("What did you do in your last job?", ANSWER, "en", "en")
TEXT = TranslationInput("I was responsible for the warehouse and a team of five people.", "en", "id")
CHATS = pytest.mark.parametrize("backend", ["openai", "huggingface"])
Answer = Callable[[Call], Reply]


async def test_a_passage_that_is_lost_leaves_a_mark() -> None:
    def forgetful(call: Call) -> Reply:
        return (
            chat("word " * 50, finish="length")
            if "scanners" in call.body["messages"][-1]["content"]
            else chat(TRANSLATED)
        )

    long = " ".join([*["I counted the shelves once more and wrote it down."] * 33, "Then the scanners broke."])
    async with judging("openai", forgetful) as (judge, _):
        found = await judge.translate(TranslationInput(long, "en", "id"))
    assert found.text == f"{TRANSLATED} […]"
    assert "1 of 2 passages" in found.work.failures[0].reason


MIXED = (("Saya juga jujur.", "id"), (TEXT.text, "en"), ("Terima kasih.", "id"))
BOTH = TranslationInput(" ".join(text for text, _ in MIXED), "en", "id", MIXED)


async def test_what_is_in_the_wanted_language_stays_as_it_is() -> None:
    async with judging("openai", lambda call: chat(TRANSLATED)) as (judge, server):
        found = await judge.translate(BOTH)
    assert found.text == f"Saya juga jujur. {TRANSLATED} Terima kasih."
    assert not found.work.failures
    assert [call.body["messages"][-1]["content"] for call in server.calls] == [TEXT.text]


async def test_when_nothing_comes_back_translated_what_stays_is_no_translation() -> None:
    async with judging("openai", lambda call: chat(TEXT.text)) as (judge, _):
        found = await judge.translate(BOTH)
    assert (found.text, found.grade) == ("", "none")
