from __future__ import annotations

import pytest

from services.judge.chat.evaluator import cite, doubted, flags
from services.judge.chat.hostile import Scrubbed
from services.judge.chat.rating import Opinion
from services.judge.chat.stuffing import keyword_list
from services.judge.model import Rating

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


COLLOQUIAL = (
    "Gue sih biasanya ngecek stok dulu, abis itu nelpon gudang, trus nyatet semua barang kurang, gitu doang kak."
)


def test_a_list_is_a_remark_and_only_where_nothing_holds_it_together() -> None:
    loose = [Rating("quality", 20, quote=""), Rating("coherence", 15)]
    assert [f.type for f in flags(Scrubbed(LISTS["en"]), loose)] == ["keyword_list"]
    assert not flags(Scrubbed(LISTS["en"]), [Rating("coherence", 80)])


def test_colloquial_speech_with_few_function_words_is_no_list() -> None:
    assert keyword_list(COLLOQUIAL), "the word list alone would take it for one"
    assert not flags(Scrubbed(COLLOQUIAL), [Rating("quality", 60), Rating("coherence", 70)])


def test_a_citation_that_does_not_stand_is_dropped_and_costs_confidence() -> None:
    assert cite("the two  customers", SPEECH["en"]) == "the two  customers"
    assert cite("three customers", SPEECH["en"]) is None
    opinions = {"quality": Opinion(0.5, 0.8, 0.7), "coherence": Opinion(0.5, 0.8, 0.7)}
    found = doubted(opinions, {"quality": None})
    assert found["quality"].confidence == pytest.approx(0.64)
    assert found["coherence"] == opinions["coherence"]
