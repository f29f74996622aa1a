from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.transcriber.choice import Reader, ordered
from services.transcriber.languages import Opinion
from services.transcriber.model import Word
from services.transcriber.sentences import Decoded
from services.transcriber.windows import Recording, Window, span

SPEECH = Span(0.0, 24.0)
WINDOW: Window = [{"start": 0, "end": 24 * SAMPLE_RATE_HZ}]
NOISE = np.random.default_rng(1).normal(0, 0.1, 24 * SAMPLE_RATE_HZ).astype(np.float32)
NOISE[int(11.75 * SAMPLE_RATE_HZ) : int(12.25 * SAMPLE_RATE_HZ)] = 0  # where a window is cut in two
RECORDING = Recording(NOISE, (SPEECH,), [WINDOW])
UNHEARD: Opinion = {"en": 0.0, "id": 0.0}


def said(text: str, start_s: float, end_s: float, probability: float = 0.9, **figures: float) -> Decoded:
    edges = itertools.pairwise(np.linspace(start_s, end_s, len(text.split()) + 1).tolist())
    words = tuple(Word(Span(a, b), w, probability) for (a, b), w in zip(edges, text.split(), strict=True))
    logprob, no_speech = figures.get("avg_logprob", -0.2), figures.get("no_speech", 0.1)
    return Decoded(words, logprob, no_speech, end_s - start_s, "id" if text.startswith("Saya") else "en")


@dataclass
class Scripted:
    """Readings by language and the second they begin at; what is not scripted has no words."""

    at_once: dict[tuple[str, int], Decoded]
    again: dict[str, Decoded] = field(default_factory=dict)
    heard: Sequence[Opinion] = field(default_factory=lambda: [UNHEARD] * 6)
    asked: list[str] = field(default_factory=list)
    before: str = ""

    def opinions(self, recording: Recording, group: Sequence[Window], allowed: Sequence[str]) -> list[list[Opinion]]:
        return [list(self.heard) for _ in group]

    def opinion(self, recording: Recording, window: Window, allowed: Sequence[str]) -> Opinion:
        return self.heard[int(span(window[0]).start_s / 4)]

    def first(
        self, recording: Recording, group: Sequence[Window], language: str, before: str, after_s: float
    ) -> list[Decoded]:
        self.before = before
        starts = [round(span(window[0]).start_s) for window in group]
        self.asked += [f"{language} {start}" for start in starts]
        return [self.at_once.get((language, start), Decoded((), -0.2, 0.1, 1.0, language)) for start in starts]

    def second(
        self,
        recording: Recording,
        window: Window,
        language: str,
        temperatures: Sequence[float],
        after_s: float,
    ) -> Decoded:
        self.asked.append(f"{language} again")
        return self.again.get(language, Decoded((), 0.0, 1.0, 1.0, language))


def texts(readings: Scripted, expected: str = "en", languages: tuple[str, ...] = ("en", "id")) -> list[str]:
    reader = Reader(RECORDING, readings, languages, (0.0,), 1.5)
    return [f"{read.language}: {read.text}" for read in reader.read([WINDOW], expected)]


TEN = "one two three four five six seven eight nine ten"
SURE = said(TEN, 0.0, 24.0)


def test_a_sure_window_is_read_once() -> None:
    readings = Scripted({("en", 0): SURE})
    assert texts(readings) == [f"en: {TEN}"]
    assert readings.asked == ["en 0"]


@pytest.mark.parametrize(("logprob", "no_speech"), [(-1.3, 0.1), (-1.3, 0.9), (-0.7, 0.1)])
def test_a_window_that_would_be_dropped_is_read_again_first(logprob: float, no_speech: float) -> None:
    """Improbable text, a believed silence, and a few unsure words in much speech."""
    lost = said(TEN, 0.0, 24.0, 0.4, avg_logprob=logprob, no_speech=no_speech)
    better = said("a better one that is heard", 0.0, 24.0)
    assert texts(Scripted({("en", 0): lost}, {"en": better})) == ["en: a better one that is heard"]


def test_a_window_that_only_is_unsure_is_not() -> None:
    readings = Scripted({("en", 0): said(TEN, 0.0, 24.0, 0.5, avg_logprob=-0.55)})
    assert texts(readings) == [f"en: {TEN}"]
    assert readings.asked == ["en 0"]


def test_a_second_reading_that_would_be_dropped_does_not_count() -> None:
    single = said("one two three", 0.0, 24.0, 0.4, avg_logprob=-1.2)
    loop = said("thank you very much " * 9, 0.0, 24.0)
    assert texts(Scripted({("en", 0): single}, {"en": loop})) == ["en: one two three"]


def test_speech_without_words_is_read_on_its_own() -> None:
    readings = Scripted({("en", 0): said(TEN, 0.0, 12.0), ("en", 12): said("and then more of it", 12.0, 24.0)})
    assert texts(readings) == [f"en: {TEN}", "en: and then more of it"]


def test_a_hole_in_the_middle_is_filled_in_order() -> None:
    first = Decoded(said("one two", 0.0, 6.0).words + said("five six", 18.0, 24.0).words, -0.2, 0.1, 24.0, "en")
    readings = Scripted({("en", 0): first, ("en", 6): said("three four", 6.0, 18.0)})
    assert texts(readings) == ["en: one two", "en: three four", "en: five six"]


def test_a_hole_in_the_other_language_is_read_in_it() -> None:
    heard = [{"en": 0.9, "id": 0.01}] * 5 + [{"en": 0.2, "id": 0.7}]
    readings = Scripted({("en", 0): said(TEN, 0.0, 22.0), ("id", 22): said("Saya kira", 22.0, 24.0)}, heard=heard)
    assert texts(readings) == [f"en: {TEN}", "id: Saya kira"]


def test_both_languages_of_a_window_are_read() -> None:
    heard = [{"en": 0.9, "id": 0.01}] * 3 + [{"en": 0.01, "id": 0.9}] * 3
    indonesian = said("Saya pikir itu bagus", 12.0, 24.0)
    whole = said("Saya tidak tahu", 0.0, 24.0, 0.3)
    parts = {("en", 0): said(TEN, 0.0, 12.0), ("id", 12): indonesian}
    readings = Scripted({("id", 0): whole, **parts}, heard=heard)
    assert texts(readings, "id") == [f"en: {TEN}", "id: Saya pikir itu bagus"]


def test_a_language_that_only_seemed_likelier_does_not_count() -> None:
    """Accents are taken for another language; the words then say which it was."""
    heard = [{"en": 0.01, "id": 0.35}] * 6
    readings = Scripted({("en", 0): SURE, ("id", 0): said("Saya apa ini itu", 0.0, 24.0, 0.3)}, heard=heard)
    assert texts(readings) == [f"en: {TEN}"]


def test_a_loop_in_another_language_does_not_replace_what_was_said() -> None:
    """A loop has many words, all of them sure, and would be left out afterwards: what was said would be lost."""
    heard = [{"en": 0.2, "id": 0.01}] * 6
    loop = said("the head of the city " * 9, 0.0, 24.0, 0.8)
    readings = Scripted({("id", 0): said("Saya pikir itu bagus sekali", 0.0, 24.0, 0.6), ("en", 0): loop}, heard=heard)
    assert texts(readings, "id") == ["id: Saya pikir itu bagus sekali"]


def test_a_translation_does_not_pass_for_what_was_said() -> None:
    """Told the wrong language, Whisper translates: more words, and sure ones."""
    heard = [{"en": 0.01, "id": 0.9}] * 6
    readings = Scripted({("en", 0): SURE, ("id", 0): said("Saya pikir itu bagus sekali", 0.0, 24.0, 0.7)}, heard=heard)
    assert texts(readings) == ["id: Saya pikir itu bagus sekali"]


def test_one_allowed_language_is_never_left() -> None:
    readings = Scripted({("en", 0): said(TEN, 0.0, 12.0)}, heard=[{"id": 1.0}] * 6)
    assert texts(readings, languages=("en",)) == [f"en: {TEN}"]
    assert all(asked.startswith("en") for asked in readings.asked)


def test_a_window_is_read_knowing_what_was_said_before_it() -> None:
    """In its own language, and not what was left out."""
    readings = Scripted({("en", 0): SURE})
    reader = Reader(RECORDING, readings, ("en", "id"), (0.0,), 1.5)
    list(reader.read([WINDOW], "en"))
    assert readings.before == ""
    readings.at_once = {("en", 0): said("no " * 20, 0.0, 24.0)}
    list(reader.read([WINDOW], "en"))
    assert readings.before == TEN
    list(reader.read([WINDOW], "en"))
    assert readings.before == TEN
    list(reader.read([WINDOW], "id"))
    assert readings.before == ""


def test_what_will_be_left_out_is_not_completed() -> None:
    lost = said("thank you very much", 0.0, 4.0, 0.3, avg_logprob=-0.9)
    lost = Decoded(lost.words, -0.9, 0.1, 24.0, "en")
    readings = Scripted({("en", 0): lost, ("en", 4): said("thank you for watching this", 4.0, 24.0)})
    assert texts(readings) == ["en: thank you very much"]


def test_words_of_two_readings_stay_in_order_of_time() -> None:
    """Times of a stretch are rounded and may begin a little before the word that it follows has ended."""
    readings = Scripted({("en", 0): said(TEN, 0.0, 12.004), ("en", 12): said("and then more of it", 12.0, 24.0)})
    reader = Reader(RECORDING, readings, ("en",), (0.0,), 1.5)
    words = [word for read in reader.read([WINDOW], "en") for word in read.words]
    assert [word.text for word in words] == [*TEN.split(), *["and", "then", "more", "of", "it"]]
    assert all(a.span.end_s <= b.span.start_s for a, b in itertools.pairwise(words))


def test_a_reading_alone_stays_as_it_is() -> None:
    assert ordered([SURE]) == [SURE]
