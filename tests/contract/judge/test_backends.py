"""The judge's remote backends, against real HTTP servers on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace

import grpc
import pytest

from servicekit.errors import ServiceError
from services.judge.backends import build
from services.judge.chat.model import Message, Options
from services.judge.model import BackendError, Evaluation, RatedAnswer, RatingInput, SummaryInput, TranslationInput
from services.judge.panel import Panel
from services.judge.remote.openai_compatible import OpenAICompatible
from services.judge.remote.server import LEARNED_S, RemoteChat
from services.judge.settings import Settings
from tests.contract.fakes.judge_servers import (
    ANALYSIS,
    SUMMARY,
    TRANSLATED,
    Call,
    Remote,
    Reply,
    chat,
    large_model,
    remote,
)

SECRET = "secret-key-of-the-test"
ANSWER = "I was responsible for the warehouse and a team of five people. When the scanners broke, I made paper lists."
REQUEST = RatingInput("What did you do in your last job?", ANSWER, "en", "en")
TEXT = TranslationInput("I was responsible for the warehouse and a team of five people.", "en", "id")
CHATS = pytest.mark.parametrize("backend", ["openai", "huggingface"])
Answer = Callable[[Call], Reply]


def settings(**fields: object) -> Settings:
    plain: dict[str, object] = {"translators": "", "timeout_s": 600, "retries": 1, "max_wait_s": 1.0}
    return Settings.model_validate(plain | fields)


def chat_settings(backend: str, url: str, **fields: object) -> Settings:
    key = "openai_key" if backend == "openai" else "huggingface_token"
    where = {f"{backend}_url": f"{url}/v1", key: SECRET, f"{backend}_model": "org/big-model"}
    return settings(**{"backends": f"{backend},rules", "translators": backend, **where, **fields})


@asynccontextmanager
async def judging(backend: str, answer: Answer, **fields: object) -> AsyncIterator[tuple[Panel, Remote]]:
    with ExitStack() as servers:
        server = servers.enter_context(remote(answer))
        judge = build(chat_settings(backend, server.url, **fields))
        await judge.load()
        yield judge, server
        await judge.close()


def labelling(call: Call) -> bool:
    return str(call.body["messages"][-1]["content"]).endswith("A or G?")


def reasons(found: Evaluation) -> list[tuple[str, str]]:
    return [(f.backend, f.reason) for f in found.work.failures]


@CHATS
async def test_a_large_model_rates_and_writes(backend: str) -> None:
    async with judging(backend, large_model) as (judge, server):
        found = await judge.evaluate(REQUEST)
        summary = await judge.summarize(
            SummaryInput((RatedAnswer("q", found.ratings, found.total, found.analysis),) * 2, "en")
        )
        translated = await judge.translate(TEXT)
    assert found.ratings[0].score == pytest.approx(1 + 99 * 0.75)
    assert found.ratings[2].score == pytest.approx(1 + 99 * 0.9)
    assert found.logprobs_probability == pytest.approx((0.8 + 0.8 + 0.9) / 3)
    assert found.ratings[0].quote == "I was responsible for the warehouse and a team of five people."
    assert (found.analysis, summary.text) == (ANALYSIS, SUMMARY)
    assert (translated.text, translated.grade) == (TRANSLATED, "full")
    assert (found.work.backend, found.work.model.name) == (backend, "org/big-model")
    assert found.work.model.version == "build-7"
    assert found.work.model.device == "remote"
    assert (found.work.input_tokens, found.work.output_tokens) == (800, 8)
    assert {c.path for c in server.calls} == {"/v1/chat/completions"}
    assert {c.headers["authorization"] for c in server.calls} == {f"Bearer {SECRET}"}
    assert all(c.body["model"] == "org/big-model" for c in server.calls)


@pytest.mark.parametrize(("kept", "times"), [(8, 1), (0, 2)])
async def test_what_was_found_before_costs_no_second_call(kept: int, times: int) -> None:
    async with judging("openai", large_model, kept_results=kept) as (judge, server):
        first = await judge.evaluate(REQUEST), await judge.translate(TEXT)
        once = len(server.calls)
        assert (await judge.evaluate(REQUEST), await judge.translate(TEXT)) == first
        assert len(server.calls) == times * once


@CHATS
async def test_fewer_log_probabilities_are_asked_for_when_refused(backend: str) -> None:
    def picky(call: Call) -> Reply:
        many = call.body.get("top_logprobs", 0) > 5
        return Reply({"error": "top_logprobs must be at most 5"}, 400) if many else large_model(call)

    async with judging(backend, picky) as (judge, server):
        found = await judge.evaluate(REQUEST)
        await judge.evaluate(replace(REQUEST, question="What else did you do there?"))
    assert found.logprobs_probability is not None
    assert sum(c.body.get("top_logprobs") == 20 for c in server.calls) == 1


class Clock:
    """Stands still until it is set."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def asked_for(server: Remote) -> list[int]:
    """How many alternatives each request wanted."""
    return [call.body.get("top_logprobs", 0) for call in server.calls]


ONE_DIGIT = ([Message("user", "Write one digit.")], Options(1, top_logprobs=20))


async def test_a_request_that_is_refused_in_every_form_teaches_nothing() -> None:
    def short(call: Call) -> Reply:
        return Reply({"error": "too long"}, 400) if "long" in str(call.body["messages"]) else chat("4", {"4": 1.0})

    with remote(short) as server:
        model = RemoteChat(OpenAICompatible(chat_settings("openai", server.url)), settings())
        with pytest.raises(BackendError, match="refused the request") as caught:
            await model.ask([Message("user", "A long answer.")], ONE_DIGIT[1])
        assert (await model.ask(*ONE_DIGIT)).text == "4"
        await model.close()
    assert caught.value.request_bound
    assert asked_for(server) == [20, 5, 0, 20]


async def test_what_a_refusal_taught_is_forgotten_after_a_while() -> None:
    refusals, clock = iter([Reply("", 400)]), Clock()
    with remote(lambda call: next(refusals, None) or chat("4", {"4": 1.0})) as server:
        model = RemoteChat(OpenAICompatible(chat_settings("openai", server.url)), settings(), clock)
        for clock.now_s in (0.0, LEARNED_S - 1, LEARNED_S):
            await model.ask(*ONE_DIGIT)
        await model.close()
    assert asked_for(server) == [20, 5, 5, 20]


async def test_answers_that_a_server_refuses_do_not_close_it_to_others() -> None:
    def short(call: Call) -> Reply:
        return Reply("", 400) if "scanners" in str(call.body["messages"]) else large_model(call)

    async with judging("openai", short, breaker_failures=1) as (judge, _):
        refused = await judge.evaluate(REQUEST)
        found = await judge.evaluate(replace(REQUEST, answer="I was responsible for a warehouse and its people."))
    assert (refused.work.backend, found.work.backend) == ("rules", "openai")


@CHATS
async def test_without_log_probabilities_scores_are_whole_steps(backend: str) -> None:
    def plain(call: Call) -> Reply:
        if "logprobs" in call.body:
            return Reply({}, 422)
        return chat("A" if labelling(call) else "Rating: 4")

    async with judging(backend, plain) as (judge, _):
        found = await judge.evaluate(REQUEST)
    assert [r.score for r in found.ratings] == [75.25] * 3
    assert [r.confidence for r in found.ratings] == [None] * 3
    assert (found.logprobs_probability, found.samples) == (None, 3)
    assert found.confidence == pytest.approx(0.9)


async def test_samples_that_disagree_lower_the_confidence() -> None:
    digits = iter("2424242424242424")

    def plain(call: Call) -> Reply:
        if labelling(call):
            return chat("A")
        if "logprobs" in call.body:
            return chat("maybe")
        return chat(next(digits)) if call.body["temperature"] else chat(ANALYSIS)

    async with judging("openai", plain, samples=4) as (judge, server):
        found = await judge.evaluate(REQUEST)
    assert found.ratings[0].score == pytest.approx(50.5)
    assert found.confidence == pytest.approx(0.5)
    assert {c.body["seed"] for c in server.calls if c.body["temperature"]} == {0, 1, 2, 3}


@CHATS
@pytest.mark.parametrize(
    ("reply", "reason", "tries"),
    [
        (Reply("oops", 500), "busy or failing (HTTP 500)", 2),
        (Reply("", 401), "refused the key", 1),
        (Reply("", 402), "no credit (HTTP 402)", 1),
        (Reply("", 404), "it answered HTTP 404", 1),
        (Reply("", 429, {"Retry-After": "3600"}), "busy or failing (HTTP 429)", 1),
        (Reply("{broken"), "its reply is not", 1),
        (Reply({"choices": []}), "its reply is not a chat completion", 1),
        (chat("purple", {"purple": 0.9, "blue": 0.1}), "neither A nor G", 2),
        (chat("A", {"a": 0.9, "g": 0.1}), "not on the scale", 3),
    ],
)
async def test_a_failing_backend_is_named_and_the_next_one_asked(
    backend: str, reply: Reply, reason: str, tries: int
) -> None:
    async with judging(backend, lambda call: reply) as (judge, server):
        found = await judge.evaluate(REQUEST)
        assert len(server.calls) == tries
    assert found.work.backend == "rules"
    [(name, said)] = reasons(found)
    assert name == backend
    assert reason in said
    assert SECRET not in said
    assert "warehouse" not in said


@CHATS
async def test_a_backend_that_does_not_answer_is_not_waited_for_for_ever(backend: str) -> None:
    async with judging(backend, lambda call: Reply(silent=True), timeout_s=0.2) as (judge, _):
        found = await judge.evaluate(REQUEST)
    assert found.work.backend == "rules"
    assert "did not answer in time" in reasons(found)[0][1]


@CHATS
async def test_a_busy_backend_is_asked_again_after_the_pause_it_names(backend: str) -> None:
    busy = iter([Reply("", 429, {"Retry-After": "0.6"})])

    async with judging(backend, lambda call: next(busy, None) or large_model(call)) as (judge, server):
        found = await judge.evaluate(REQUEST)
    assert found.work.backend == backend
    assert not found.work.failures
    assert server.calls[0].body == server.calls[1].body


@CHATS
async def test_a_server_that_is_not_there(backend: str) -> None:
    judge = build(chat_settings(backend, "http://127.0.0.1:9", retries=0))
    found = await judge.evaluate(REQUEST)
    await judge.close()
    assert found.work.backend == "rules"
    assert "cannot be" in reasons(found)[0][1]


async def test_a_backend_that_fails_repeatedly_is_left_alone() -> None:
    async with judging("openai", lambda call: Reply("", 401), breaker_failures=2) as (judge, server):
        for _ in range(2):
            await judge.evaluate(REQUEST)
        found = await judge.evaluate(REQUEST)
        assert len(server.calls) == 2
    assert "left alone" in reasons(found)[0][1]


@pytest.mark.parametrize(
    ("reply", "code", "reason"),
    [
        (Reply("", 401), grpc.StatusCode.UNAVAILABLE, "UPSTREAM_DOWN"),
        (chat("purple", {"purple": 1.0}), grpc.StatusCode.INTERNAL, "JUDGE_OUTPUT_INVALID"),
    ],
)
async def test_when_nobody_is_left_the_call_fails(reply: Reply, code: grpc.StatusCode, reason: str) -> None:
    async with judging("openai", lambda call: reply, backends="openai") as (judge, _):
        with pytest.raises(ServiceError) as caught:
            await judge.evaluate(REQUEST)
    assert (caught.value.code, caught.value.reason) == (code, reason)
    assert caught.value.retryable


@pytest.mark.parametrize(
    "text", [TEXT.text, TEXT.text.upper().replace(".", ""), "", "We have the best of all the teams."]
)
async def test_a_text_that_is_no_translation_is_not_passed_off_as_one(text: str) -> None:
    async with judging("openai", lambda call: chat(text)) as (judge, _):
        found = await judge.translate(TEXT)
    assert (found.text, found.grade) == ("", "none")
    assert found.work.failures[0].reason == "none of 1 passages came back translated"


async def test_analysis_in_the_wrong_language_is_replaced() -> None:
    async with judging("openai", large_model) as (judge, _):
        found = await judge.evaluate(RatingInput(REQUEST.question, ANSWER, "en", "id"))
    assert found.analysis.startswith("Jawaban yang kuat")
