"""The measures that the speech bench reports, on cases worked out by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from bench.speech.compositions import CHANNELS, OVERLAPPING, Composer, spoken
from bench.speech.confidence import correlation
from bench.speech.diarization_error import error_seconds
from bench.speech.made_speech import SETS, sentences
from bench.speech.recordings import SpeakerTurn
from bench.speech.words import File, Words, errors, normal
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span


def turns(*spoken_: tuple[float, float, str]) -> list[SpeakerTurn]:
    return [SpeakerTurn(Span(start, end), speaker) for start, end, speaker in spoken_]


TRUTH = turns((0.0, 10.0, "a"), (10.0, 20.0, "b"))


def rate(found: list[SpeakerTurn], collar_s: float = 0.0) -> float:
    wrong_s, speech_s = error_seconds(TRUTH, found, collar_s)
    return wrong_s / speech_s


def test_names_of_speakers_do_not_matter() -> None:
    assert rate(turns((0.0, 10.0, "1"), (10.0, 20.0, "0"))) == 0


def test_one_voice_for_two_is_half_wrong() -> None:
    assert rate(turns((0.0, 20.0, "x"))) == pytest.approx(0.5)


def test_missed_speech_and_false_alarms_count() -> None:
    assert rate([]) == pytest.approx(1.0)
    assert rate(turns((0.0, 10.0, "x"), (10.0, 20.0, "y"), (20.0, 30.0, "y"))) == pytest.approx(0.5)


def test_what_is_near_a_border_is_not_counted() -> None:
    late = turns((0.0, 10.2, "x"), (10.2, 20.0, "y"))
    assert rate(late) == pytest.approx(0.01)
    assert rate(late, collar_s=0.25) == 0


def test_word_errors_ignore_case_and_punctuation() -> None:
    assert normal("It's a WELL-known fact!") == "it's a well known fact"
    assert errors("one two three", "One, two three.") == 0
    assert errors("one two three", "one too") == 2


def test_a_file_is_worse_from_a_word_in_a_hundred_more_than_the_bare_library_has() -> None:
    slightly, worse = File("a", 120, 12, 13, 10), File("b", 120, 13, 12, 10)
    assert (slightly.is_worse, slightly.is_worse_untold) == (False, True)
    assert (worse.is_worse, worse.is_worse_untold) == (True, False)
    assert Words("both", each=[slightly, worse]).worse == 1


def test_a_falling_confidence_correlates_at_minus_one() -> None:
    assert correlation([0.9, 0.8, 0.3], [0.1, 0.2, 0.9]) == pytest.approx(-1.0)


def voice(seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.normal(0, 0.1, 4 * SAMPLE_RATE_HZ).astype(np.float32) for _ in range(5)]


def test_a_hundred_files_are_composed_the_same_each_time() -> None:
    voices = {name: voice(seed) for seed, name in enumerate("abcd")}
    first, second = list(Composer(voices).all()), list(Composer(voices).all())
    hundred = [f for f in first if f.kind not in (OVERLAPPING, *CHANNELS)]
    assert len(hundred) == 100
    assert sum(f.voice_count == 1 for f in hundred) == 40
    assert sum(f.voice_count == 1 for f in first) == 100
    assert all(np.array_equal(a.sound, b.sound) for a, b in zip(first, second, strict=True))
    for file in first:
        assert all(0 <= t.span.start_s < t.span.end_s <= file.sound.size / SAMPLE_RATE_HZ for t in file.turns)


def test_two_and_three_voices_share_a_telephone_line() -> None:
    voices = {name: voice(seed) for seed, name in enumerate("abcd")}
    files = [f for f in Composer(voices).all() if f.kind.endswith("on one telephone")]
    assert [f.voice_count for f in files] == [2] * 10 + [3] * 10
    for file in files:
        spectrum = np.abs(np.fft.rfft(file.sound)) ** 2
        above = np.fft.rfftfreq(file.sound.size, 1 / SAMPLE_RATE_HZ) > 4500
        assert spectrum[above].sum() < 0.01 * spectrum.sum()


def test_overlapping_prompts_overlap() -> None:
    voices = {name: voice(seed) for seed, name in enumerate("ab")}
    file = next(f for f in Composer(voices).all() if f.kind == OVERLAPPING)
    ordered = itertools.pairwise(sorted(file.turns, key=lambda t: t.span.start_s))
    assert any(a.speaker != b.speaker and b.span.start_s < a.span.end_s - 0.5 for a, b in ordered)


def test_speech_is_where_it_is_loud() -> None:
    sound = np.concatenate([np.zeros(SAMPLE_RATE_HZ), np.full(2 * SAMPLE_RATE_HZ, 0.1), np.zeros(SAMPLE_RATE_HZ)])
    (found,) = spoken(sound.astype(np.float32))
    assert found.start_s == pytest.approx(1.0, abs=0.05)
    assert found.end_s == pytest.approx(3.0, abs=0.05)


def test_what_constants_are_set_on_shares_no_voice_and_no_text_with_what_checks_them() -> None:
    parts = {name: [part for each in files.values() for part in each] for name, files in SETS.items()}
    for one, other in itertools.combinations(parts.values(), 2):
        assert not {part.voice for part in one} & {part.voice for part in other}
        assert not {part.answer for part in one} & {part.answer for part in other}


def test_an_answer_is_spoken_sentence_by_sentence() -> None:
    assert sentences("Saya tanya dulu. Kenapa begitu? Lalu saya catat.") == [
        "Saya tanya dulu.",
        "Kenapa begitu.",
        "Lalu saya catat.",
    ]
