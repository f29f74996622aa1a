"""An answer that a model cannot read: a person rates it, and others are none the worse."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.contract.fakes.judge_servers import Call, Reply, chat, large_model
from tests.contract.judge.test_backends import REQUEST, judging


@pytest.mark.parametrize(
    "trouble",
    [chat("purple", {"purple": 1.0}), chat("purple"), chat("A", {"a": 0.9, "g": 0.1}), Reply("", 400), Reply("", 422)],
    ids=["no label", "no letter", "not on the scale", "refused", "not understood"],
)
async def test_the_trouble_of_one_answer_closes_the_judge_to_no_other(trouble: Reply) -> None:
    """Nor does it give a score: who has not been read by a model is rated by a person."""
    troubled = replace(REQUEST, answer="Strange words that nobody can label or rate at all.")

    def reply(call: Call) -> Reply:
        return trouble if "Strange words" in json.dumps(call.body) else large_model(call)

    async with judging("openai", reply, breaker_failures=2) as (judge, _):
        for _ in range(3):
            found = await judge.evaluate(troubled)
            assert found.unscored is not None
            assert found.ratings == ()
        honest = await judge.evaluate(REQUEST)
    assert honest.work.backend == "openai"
    assert honest.unscored is None
