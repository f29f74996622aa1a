from __future__ import annotations

from dataclasses import replace

from servicekit.wire import Model
from services.judge.memory import Memory
from services.judge.model import Evaluation, Failure, Translation, TranslationInput, Work
from services.judge.results import Results, key

DONE = Translation("halo", "full", Work("deepl", Model("m", "1")))
INPUT = TranslationInput("hello", "en", "id")


def results() -> Results:
    return Results(Memory(2, 60.0))


async def test_the_same_request_is_known() -> None:
    known = results()
    known.keep(key(INPUT), DONE)
    assert known.get(key(TranslationInput("hello", "en", "id")), Translation) == DONE
    assert known.get(key(replace(INPUT, text="hello!")), Translation) is None
    assert known.get(key(INPUT), Evaluation) is None


async def test_what_a_stand_in_did_is_not_kept() -> None:
    known = results()
    failed = replace(DONE, work=replace(DONE.work, failures=(Failure("huggingface", "401"),)))
    counted = replace(DONE, work=replace(DONE.work, backend="rules"))
    assert (known.keep("a", failed), known.keep("b", counted)) == (failed, counted)
    assert known.get("a", Translation) is None
    assert known.get("b", Translation) is None
