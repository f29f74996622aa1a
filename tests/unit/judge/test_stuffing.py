from __future__ import annotations

import pytest

from services.judge.evaluation import capped, cite, doubted
from services.judge.rating import Opinion
from services.judge.stuffing import MOST_LEVEL, keyword_list

SPEECH = {
    "en": "When the printer broke I called the two customers who were waiting and told them that it would take a day.",
    "id": "Waktu printer rusak saya menelepon dua pelanggan yang menunggu dan bilang bahwa itu akan selesai besok.",
}
LISTS = {
    "en": "teamwork, leadership, agile, scrum, kanban, cloud, security, quality, ownership, delivery, vision, growth",
    "id": "kerja sama, disiplin, komitmen, inovasi, kreativitas, integritas, dedikasi, motivasi, visi, misi, fokus",
}


@pytest.mark.parametrize("language", ["en", "id"])
def test_lists_are_told_from_speech(language: str) -> None:
    assert keyword_list(LISTS[language])
    assert not keyword_list(SPEECH[language])


def test_a_short_list_may_be_an_answer() -> None:
    assert not keyword_list("Python, Go, Rust, SQL")


def test_a_list_cannot_reach_more_than_vague_phrases() -> None:
    opinions = {"quality": Opinion(0.9, 0.8, 0.7), "relevance": Opinion(0.05, 0.8, 0.7)}
    found = capped(opinions, listed=True)
    assert [o.level for o in found.values()] == [MOST_LEVEL, 0.05]
    assert capped(opinions, listed=False) == opinions


def test_a_citation_that_does_not_stand_is_dropped_and_costs_confidence() -> None:
    assert cite("the two  customers", SPEECH["en"]) == "the two  customers"
    assert cite("three customers", SPEECH["en"]) is None
    opinions = {"quality": Opinion(0.5, 0.8, 0.7), "coherence": Opinion(0.5, 0.8, 0.7)}
    found = doubted(opinions, {"quality": None})
    assert found["quality"].confidence == pytest.approx(0.64)
    assert found["coherence"] == opinions["coherence"]
