from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from servicekit.wire import Span
from services.transcriber.sentences import Decoded, decoded, merged, segments

EVERYWHERE = (Span(0.0, 60.0),)


def raw(*words: tuple[float, float, str], avg_logprob: float = -0.3, tokens: int = 1) -> Any:
    """A segment of the library; words are (start, end, text with the space before it)."""
    said = [SimpleNamespace(start=start, end=end, word=word, probability=0.9) for start, end, word in words]
    return SimpleNamespace(words=said, avg_logprob=avg_logprob, no_speech_prob=0.1, tokens=[1] * tokens)


def read(*words: tuple[float, float, str], speech: tuple[Span, ...] = EVERYWHERE, after_s: float = 0.0) -> Decoded:
    (found,) = decoded([raw(*words)], speech, [10.0], "en", after_s)
    return found


def test_times_are_brought_into_order() -> None:
    found = read((0.5, 1.2, " a"), (1.0, 0.9, " b"), (1.1, 2.0, " c"), after_s=0.8)
    assert [word.span for word in found.words] == [Span(0.8, 1.2), Span(1.2, 1.2), Span(1.2, 2.0)]


def test_windows_follow_each_other() -> None:
    first, second = decoded([raw((0.0, 3.0, " a")), raw((2.5, 4.0, " b"))], EVERYWHERE, [10.0, 10.0], "en")
    assert (first.words[0].span, second.words[0].span) == (Span(0.0, 3.0), Span(3.0, 4.0))


def test_a_word_begins_and_ends_with_the_speech_around_it() -> None:
    speech = (Span(2.0, 5.0), Span(8.0, 9.0))
    found = read((0.0, 2.5, " Well,"), (4.8, 6.0, " yes."), (7.0, 8.4, " No."), speech=speech)
    assert [word.span for word in found.words] == [Span(2.0, 2.5), Span(4.8, 5.0), Span(8.0, 8.4)]


def test_a_word_outside_all_speech_keeps_its_time() -> None:
    assert read((6.0, 7.0, " uh"), speech=(Span(2.0, 5.0),)).words[0].span == Span(6.0, 7.0)


def test_pieces_without_a_space_belong_to_the_word_before() -> None:
    found = read((0.0, 0.4, " well"), (0.4, 0.8, "-known"), (0.8, 1.2, " facts."))
    assert [word.text for word in found.words] == ["well-known", "facts."]
    assert found.words[0].span == Span(0.0, 0.8)
    assert found.text == "well-known facts."


def test_empty_words_are_left_out() -> None:
    assert [word.text for word in read((0.0, 1.0, " a"), (1.0, 1.1, "  ")).words] == ["a"]


def test_the_decoders_figures_are_kept_in_range() -> None:
    (found,) = decoded([raw(avg_logprob=0.001)], EVERYWHERE, [4.0], "en")
    assert (found.words, found.avg_logprob, found.no_speech_probability) == ((), 0.0, 0.1)


def test_the_segments_of_a_second_reading_count_by_their_tokens() -> None:
    found = merged(
        [raw((0.0, 1.0, " a"), avg_logprob=-0.2, tokens=3), raw((2.0, 3.0, " b"), avg_logprob=-0.6)],
        EVERYWHERE, 4.0, "id",
    )  # fmt: skip
    assert (found.text, found.language) == ("a b", "id")
    assert found.avg_logprob == pytest.approx(-0.3)
    assert found.right_words == pytest.approx(1.8)


def test_a_second_reading_without_words_is_silence() -> None:
    found = merged([], EVERYWHERE, 4.0, "en")
    assert (found.words, found.avg_logprob, found.no_speech_probability) == ((), 0.0, 1.0)


def test_sentences_and_long_pauses_end_segments() -> None:
    window = read(
        (0.0, 0.5, " One"), (0.5, 1.0, " two."), (1.0, 1.5, " Three"), (2.4, 3.0, " four"), (4.0, 4.5, " five")
    )
    found = list(segments(window))
    assert [(s.text, s.span) for s in found] == [
        ("One two.", Span(0.0, 1.0)),
        ("Three four", Span(1.0, 3.0)),
        ("five", Span(4.0, 4.5)),
    ]
    assert {(s.avg_logprob, s.no_speech_probability) for s in found} == {(-0.3, 0.1)}


def test_a_window_without_words_has_no_segments() -> None:
    assert list(segments(Decoded((), -0.3, 0.9, 1.0, "en"))) == []
