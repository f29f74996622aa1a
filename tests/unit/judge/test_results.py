from __future__ import annotations

import asyncio
from dataclasses import replace

from servicekit.wire import Model
from services.judge.model import Failure, Translation, TranslationInput, Work
from services.judge.results import Results, key

DONE = Translation("halo", "full", Work("deepl", Model("m", "1")))
INPUT = TranslationInput("hello", "en", "id")


async def test_the_same_request_is_known() -> None:
    results = Results(2, 60.0)
    results.keep(key(INPUT), DONE)
    assert results.get(key(TranslationInput("hello", "en", "id")), Translation) == DONE
    assert results.get(key(replace(INPUT, text="hello!")), Translation) is None


async def test_what_a_stand_in_did_is_not_kept() -> None:
    results = Results(2, 60.0)
    results.keep("a", replace(DONE, work=replace(DONE.work, failures=(Failure("huggingface", "401"),))))
    results.keep("b", replace(DONE, work=replace(DONE.work, backend="rules")))
    assert results.get("a", Translation) is None
    assert results.get("b", Translation) is None


async def test_the_one_unused_for_longest_goes_first() -> None:
    results = Results(2, 60.0)
    for name in ("a", "b"):
        results.keep(name, DONE)
    assert results.get("a", Translation) == DONE
    results.keep("c", DONE)
    assert results.get("b", Translation) is None
    assert results.get("a", Translation) == DONE
    assert Results(0, 60.0).keep("a", DONE) == DONE


async def test_nothing_is_kept_longer_than_said() -> None:
    results = Results(2, 0.05)
    results.keep("a", DONE)
    assert results.get("a", Translation) == DONE
    await asyncio.sleep(0.2)
    assert results.get("a", Translation) is None
