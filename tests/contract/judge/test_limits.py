"""The longest and the strangest that the contract lets in, read by the real model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub

from servicekit.weights.resolver import resolve
from services.judge.backends import build
from services.judge.chat import prompts
from services.judge.learned.evaluator import PASSAGE_WORDS
from services.judge.llama.backend import READING_ROOM
from services.judge.llama.model import LlamaModel
from services.judge.servicer import Servicer
from services.judge.wire import MAX_QUESTION, MAX_REFERENCE
from tests.contract.judge.test_judge import GOOD, QUIET, evaluation
from tests.support.serving import served

if TYPE_CHECKING:
    from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceAsyncStub

pytestmark = pytest.mark.model
REFERENCE = "Pelanggan didengarkan dahulu, masalahnya diulangi, lalu penggantian ditawarkan pada hari yang sama. "


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def judge() -> AsyncIterator[JudgeServiceAsyncStub]:
    async with served(Servicer(build(QUIET)), QUIET) as channel:
        yield JudgeServiceStub(channel)


def test_the_longest_question_and_reference_fit_beside_a_passage() -> None:
    """By the model's own tokens: reading them all takes half a minute."""
    model = LlamaModel(resolve(QUIET.llamacpp_model, QUIET.model_dir).main_file, 0)
    opening = model.conversation([(m.role, m.content) for m in prompts.rating_opening()], answering=False)
    passage = " ".join((GOOD["id"].split() * 20)[:PASSAGE_WORDS])
    turn = prompts.rating_data((REFERENCE * 100)[:MAX_QUESTION], (REFERENCE * 150)[:MAX_REFERENCE], passage)
    tokens = len(model.tokens(turn))
    model.close()
    assert len(opening) + tokens < READING_ROOM


@pytest.mark.asyncio(loop_scope="module")
async def test_rows_of_signs_get_no_score_but_a_reason(judge: JudgeServiceAsyncStub) -> None:
    """They have ten times as many tokens as words of the same length, and nobody said them."""
    signs = "Well, I would say this is " + "👩🏽‍🚀🎉" * 1000
    found = await judge.Evaluate(evaluation(signs))
    assert found.HasField("unscored")
    assert found.unscored.explanation
    assert not found.ratings
    again = await judge.Evaluate(evaluation(GOOD["en"]))
    assert not again.HasField("unscored")  # one strange answer is nobody else's trouble


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("rubric", ["default", "software", "customer_service"])
async def test_a_good_answer_is_scored_by_every_rubric(judge: JudgeServiceAsyncStub, rubric: str) -> None:
    found = await judge.Evaluate(evaluation(GOOD["en"], rubric=rubric))
    assert not found.HasField("unscored")
    assert found.total > 50
