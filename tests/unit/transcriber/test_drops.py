from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.wire import Span
from services.transcriber.drops import Drops, compression_ratio, echoes, is_failed, is_loop, uncovered
from services.transcriber.model import Word
from services.transcriber.sentences import Decoded, segments

ORDINARY = "I wrote a test that repeats the race, then made the call safe to repeat with a unique key."


def said(text: str, avg_logprob: float = -0.2, no_speech: float = 0.01, speech_s: float = 8.0) -> Decoded:
    return Decoded(tuple(Word(Span(0.0, 4.0), w, 0.9) for w in text.split()), avg_logprob, no_speech, speech_s, "en")


def reasons(*windows: Decoded) -> list[str]:
    drops = Drops()
    return [drops.reason(segment, window) for window in windows for segment in segments(window)]


def test_ordinary_speech_stays() -> None:
    assert reasons(said(ORDINARY)) == [""]


@pytest.mark.parametrize(
    ("avg_logprob", "no_speech", "reason"),
    [(-1.2, 0.7, "no_speech"), (-0.9, 0.7, ""), (-1.2, 0.5, "unintelligible"), (-1.0, 0.61, ""), (-1.0, 0.6, "")],
)
def test_improbable_text_does_not_stay(avg_logprob: float, no_speech: float, reason: str) -> None:
    assert reasons(said(ORDINARY, avg_logprob, no_speech)) == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "no " * 8,
        "Terima kasih. " * 6,
        "thank you for watching and please subscribe now " * 4,
        "So, we did it. " + "I don't know. " * 7,
        "one two three four five six seven eight nine ten eleven twelve " * 6,
    ],
)
def test_loops_take_their_whole_window_away(text: str) -> None:
    assert is_loop(text)
    assert set(reasons(said(text))) == {"repetition"}
    assert is_failed(said(text))


def test_the_same_sentence_again_and_again_is_a_loop_across_windows() -> None:
    thanks = said("Thank you for watching this.")
    assert reasons(thanks, thanks, thanks, thanks, said(ORDINARY), thanks) == ["", "", "", "repetition", "", ""]


@pytest.mark.parametrize(
    ("speech_s", "avg_logprob", "reason"), [(25.0, -0.8, "unintelligible"), (25.0, -0.5, ""), (5.0, -0.8, "")]
)
def test_a_few_unsure_words_in_much_speech_are_guesses(speech_s: float, avg_logprob: float, reason: str) -> None:
    assert reasons(said("Thank you very much.", avg_logprob, speech_s=speech_s)) == [reason]


@pytest.mark.parametrize(
    ("text", "avg_logprob", "reason"),
    [
        ("And that is how it works. And that is how it works.", -0.8, "unintelligible"),
        ("And that is how it works. And that is how it works.", -0.3, ""),
        ("and I like to say that this is the way. I like to say that this is the way.", -0.8, "unintelligible"),
        (ORDINARY, -0.8, ""),
    ],
)
def test_an_unsure_sentence_said_twice_is_a_guess(text: str, avg_logprob: float, reason: str) -> None:
    assert set(reasons(said(text, avg_logprob))) == {reason}


def test_a_single_improbable_word_stays() -> None:
    assert reasons(said("Yes.", avg_logprob=-1.4)) == [""]


@pytest.mark.parametrize(("avg_logprob", "failed"), [(-0.3, False), (-1.1, True)])
def test_improbable_text_is_worth_another_temperature(avg_logprob: float, failed: bool) -> None:
    assert is_failed(said(ORDINARY, avg_logprob)) == failed


@pytest.mark.parametrize(
    "text",
    [
        ORDINARY,
        "no no no",
        "very very very good",
        "I think that the team, and I think that the plan, and I think that the rest went well in the end.",
        "Setiap malam kami memindahkan sebagian data, lalu membandingkan jumlahnya dengan sistem lama.",
        "",
    ],
)
def test_no_loops(text: str) -> None:
    assert not is_loop(text)


def test_compression_ratio_is_bytes_over_compressed_bytes() -> None:
    assert compression_ratio("word " * 200) > 2.4 > compression_ratio(ORDINARY)


def test_uncovered_speech() -> None:
    speech = [Span(0.0, 10.0), Span(20.0, 25.0)]
    assert uncovered(speech, []) == speech
    assert uncovered(speech, [Span(0.0, 10.0), Span(20.0, 25.0)]) == []
    assert uncovered(speech, [Span(6.0, 8.0), Span(2.0, 4.0)]) == [
        Span(0.0, 2.0),
        Span(4.0, 6.0),
        Span(8.0, 10.0),
        Span(20.0, 25.0),
    ]
    assert uncovered(speech, [Span(9.0, 21.0)]) == [Span(0.0, 9.0), Span(21.0, 25.0)]


_spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda p: Span(float(p[0]), float(p[0] + p[1]))), max_size=6
)


@given(_spans)
def test_what_is_left_is_exactly_what_nothing_covers(covered: list[Span]) -> None:
    speech = [Span(2.0, 12.0), Span(15.0, 30.0)]
    left = uncovered(speech, covered)
    for tenth in range(5, 400, 10):
        at_s = tenth / 10
        wanted = _in(speech, at_s) and not _in(covered, at_s)
        assert _in(left, at_s) == wanted


def _in(spans: list[Span], at_s: float) -> bool:
    return any(span.start_s < at_s < span.end_s for span in spans)


QUESTION = "Why did you move to another database, and what did the operations team say?"
ECHO = "what did the operations team say?"


def asked(text: str, avg_logprob: float = -0.2, speech_s: float = 3.0) -> Decoded:
    return replace(said(text, avg_logprob, speech_s=speech_s), told=QUESTION)


def test_runs_of_the_question_are_counted() -> None:
    assert echoes(f"Well, {ECHO} I think {ECHO}", QUESTION) == [6, 6]
    assert echoes("the operations team said", QUESTION) == []
    assert echoes(ECHO, "") == []


def test_who_repeats_the_question_once_is_heard() -> None:
    assert reasons(asked(ECHO), asked(ORDINARY, speech_s=8.0)) == ["", ""]
    assert reasons(asked(f"You ask why did you move to another database. {ORDINARY}", speech_s=12.0))[-1] == ""


def test_the_question_in_much_more_speech_than_it_takes_is_an_echo() -> None:
    assert reasons(asked(ECHO, speech_s=11.0)) == ["unintelligible"]
    assert reasons(said(ECHO, speech_s=5.0)) == [""]  # nobody was told it


def test_the_question_again_and_what_is_left_of_it_are_echoes() -> None:
    again = [asked(ECHO), asked(ECHO), asked("say?"), asked(ORDINARY, speech_s=8.0), asked("say?")]
    assert reasons(*again) == ["", "repetition", "repetition", "", ""]


@pytest.mark.parametrize(("avg_logprob", "reason"), [(-0.6, {"unintelligible"}), (-0.2, {"", "repetition"})])
def test_an_unsure_window_that_says_the_question_twice_is_an_echo(avg_logprob: float, reason: set[str]) -> None:
    text = f"What did the operations team say? What did the operations team say? {ORDINARY}"
    assert set(reasons(asked(text, avg_logprob, 12.0))) == reason
