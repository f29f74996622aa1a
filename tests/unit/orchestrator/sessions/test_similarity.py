"""Nearly the same answer twice: planted copies are found, people who answer by themselves are not."""

from __future__ import annotations

import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.similarity.passages import Spoken, passages
from orchestrator.similarity.shingles import LIMIT, Sketch, tokens
from tests.support.copies import KINDS, OWN, changed, spoken

DATA = Path(__file__).parents[4] / "training/judge/data/answers.jsonl"


def answers() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Honest answers by language and question."""
    found = defaultdict(list)
    for line in DATA.read_text().splitlines():
        answer = json.loads(line)
        if answer["kind"] in OWN:
            found[answer["lang"], answer["question"]].append(answer)
    return found


def sketches() -> dict[tuple[str, str], list[Sketch]]:
    return {
        (language, question): [Sketch.of(tokens(a["answer"]), question) for a in given]
        for (language, question), given in answers().items()
    }


def test_of_honest_answers_to_one_question_no_two_are_alike() -> None:
    pairs = [pair for given in sketches().values() for pair in itertools.combinations(given, 2)]
    telling = [pair for pair in pairs if all(sketch.telling for sketch in pair)]
    assert len(telling) > 500
    assert max(one.shared(other) for one, other in telling) < LIMIT / 2


@pytest.mark.parametrize("language", ["en", "id"])
def test_nor_of_all_answers_in_a_language(language: str) -> None:
    """At most one of 10,000 pairs may be."""
    given = [sketch for (spoken_in, _), made in sketches().items() if spoken_in == language for sketch in made]
    telling = [sketch for sketch in given if sketch.telling]
    pairs = list(itertools.combinations(telling, 2))
    assert len(pairs) > 10_000
    assert sum(one.resembles(other) for one, other in pairs) <= len(pairs) / 10_000


def originals(language: str) -> Iterator[tuple[str, str]]:
    for (spoken_in, question), given in answers().items():
        for answer in given:
            if spoken_in == language and Sketch.of(tokens(answer["answer"]), question).telling:
                yield question, answer["answer"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "id"])
def test_ten_of_ten_copies_are_found(language: str, kind: str) -> None:
    chance = random.Random(f"{language} {kind}")
    long = [(question, text) for question, text in originals(language) if len(tokens(text)) >= 50]
    for question, text in chance.sample(long, 10):
        copy = changed(text, kind, language, chance)
        assert tokens(copy) != tokens(text)
        assert Sketch.of(tokens(text), question).resembles(Sketch.of(tokens(copy), question)), copy


def test_what_is_too_short_tells_nothing() -> None:
    text = "I would ask my manager what she thinks about it before I start."
    sketch = Sketch.of(tokens(text), "")
    assert (sketch.shared(sketch), sketch.resembles(sketch)) == (0.0, False)


def test_words_of_the_question_do_not_count() -> None:
    question = " ".join(f"word{n}" for n in range(40))
    assert Sketch.of(tokens(question), question).hashes == frozenset()
    assert Sketch.of(tokens(f"{question} so"), question).hashes != frozenset()


def test_a_sketch_is_stored_in_four_bytes_a_run() -> None:
    sketch = Sketch.of(tokens(" ".join(f"word{n}" for n in range(40))), "")
    assert len(sketch.stored()) == 4 * 38
    assert Sketch.read(sketch.stored()) == sketch


def test_the_stretch_that_is_alike_is_quoted_as_each_said_it() -> None:
    alike = "I listen until the guest has finished and then I offer a new room on the same day."
    one = Spoken.of(spoken(f"Well, that was in Bandung, a long time ago. {alike}"))
    other = Spoken.of(spoken(f"{alike.replace('offer a', 'offered a')} My cousin still laughs about that evening."))
    mine, theirs = passages(one, other)
    assert mine.quote == alike
    assert theirs.quote == alike.replace("offer a", "offered a")
    assert (theirs.start_s, mine.start_s) == (1.0, 4.6)


def test_without_words_there_is_no_sketch() -> None:
    assert Spoken.of(None).hashes() == []
