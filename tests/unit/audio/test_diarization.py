from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from services.audio.model import Voices
from services.audio.voices.diarization import P_NEAR, diarize
from tests.unit.audio.voices import SETTINGS, answers, features


def counted(*spoken: tuple[int, float]) -> int:
    return len(diarize(*answers(*spoken), SETTINGS).speakers)


def test_nobody_speaks() -> None:
    assert diarize(features(np.zeros((0, 256)), []), [], SETTINGS) == Voices()


@pytest.mark.parametrize("length_s", [0.5, 2.0, 20.0, 120.0])
def test_one_voice_is_never_split(length_s: float) -> None:
    found = diarize(*answers((0, length_s), (0, length_s)), SETTINGS)
    assert len(found.speakers) == 1
    assert found.silhouette is None
    assert found.speakers[0].speaking_s == pytest.approx(2 * length_s)
    assert found.speakers[0].share == 1.0


def test_one_short_word_is_one_unsure_voice() -> None:
    found = diarize(*answers((0, 0.4)), SETTINGS)
    assert len(found.speakers) == 1
    assert found.confidence == pytest.approx(0.935, abs=0.005)


@pytest.mark.parametrize("people", [2, 3, 4])
def test_different_voices_are_counted(people: int) -> None:
    assert counted(*((number, 8.0) for number in range(people)), (0, 8.0)) == people


def test_who_speaks_most_comes_first() -> None:
    found = diarize(*answers((3, 4.0), (1, 12.0), (3, 4.0)), SETTINGS)
    assert [round(s.speaking_s) for s in found.speakers] == [12, 8]
    assert [s.speaker for s in found.speakers] == [0, 1]
    assert [t.speaker for t in found.turns] == [1, 0, 1]
    assert sum(s.share for s in found.speakers) == pytest.approx(1.0)


def test_a_word_from_elsewhere_is_no_voice() -> None:
    assert counted((0, 20.0), (1, SETTINGS.shortest_voice_s - 0.3), (0, 10.0)) == 1
    assert counted((0, 20.0), (1, 5.0), (0, 10.0)) == 2


def test_turns_cover_the_speech_in_order() -> None:
    found = diarize(*answers((0, 6.0), (1, 7.0), (0, 5.0), gap_s=2.0), SETTINGS).turns
    assert [(round(t.span.start_s, 2), round(t.span.end_s, 2)) for t in found] == [(0, 6), (8, 15), (17, 22)]
    assert all(a.span.end_s <= b.span.start_s for a, b in itertools.pairwise(found))


def test_voices_are_unit_vectors() -> None:
    for speaker in diarize(*answers((0, 6.0), (1, 6.0)), SETTINGS).speakers:
        assert np.linalg.norm(speaker.embedding) == pytest.approx(1.0, abs=1e-5)


def test_clear_cases_are_sure() -> None:
    for spoken in ([(0, 20.0)], [(0, 20.0), (1, 20.0)]):
        assert diarize(*answers(*spoken), SETTINGS).confidence == pytest.approx(0.962, abs=0.001)


def test_voices_that_are_much_alike_are_one_voice_less_surely() -> None:
    found = diarize(*answers((0, 20.0), (1, 20.0), likeness=0.53), SETTINGS)
    assert len(found.speakers) == 1
    assert found.confidence is not None
    assert found.confidence < 0.94


def test_two_voices_that_may_be_one_in_another_room_are_unsure() -> None:
    found = diarize(*answers((0, 20.0), (1, 20.0), likeness=0.48), SETTINGS)
    assert len(found.speakers) == 2
    assert found.confidence == P_NEAR


def test_a_voice_is_described_as_it_is_heard() -> None:
    voice, parts = answers((0, 6.0), (1, 7.0))
    heard = np.roll(voice.embeddings, 100, axis=1)
    found = diarize(replace(voice, heard=heard), parts, SETTINGS)
    own = [i for i, part in enumerate(parts) if part.region == 1]
    assert np.dot(found.speakers[0].embedding, heard[own].mean(axis=0)) > 0.9


def test_silhouette_tells_how_far_apart_voices_are() -> None:
    clear = diarize(*answers((0, 10.0), (1, 10.0)), SETTINGS).silhouette
    rough = diarize(*answers((0, 10.0), (1, 10.0), scatter=0.03), SETTINGS).silhouette
    assert clear is not None
    assert rough is not None
    assert 0 < rough < clear <= 1


def test_the_same_sound_has_the_same_voices() -> None:
    spoken = answers((0, 10.0), (1, 6.0), (2, 8.0))
    assert diarize(*spoken, SETTINGS) == diarize(*spoken, SETTINGS)


def test_two_voices_at_once_are_suspected_where_they_are() -> None:
    voice, parts = answers((0, 10.0), (1, 10.0))
    where = [i for i, part in enumerate(parts) if 4.0 < part.span.start_s < 5.0]
    mixed = voice.embeddings.copy()
    mixed[where] = mixed[where] + mixed[-1]
    mixed[where, 200] += 1.5  # what neither voice has alone
    mixed[where] /= np.linalg.norm(mixed[where], axis=1, keepdims=True)
    found = diarize(features(mixed, voice.weights), parts, SETTINGS)
    assert len(found.speakers) == 2
    assert [(s.start_s, s.end_s) for s in found.overlaps] == [
        (parts[where[0]].span.start_s, parts[where[-1]].span.end_s)
    ]


def test_a_single_voice_overlaps_nobody() -> None:
    assert diarize(*answers((0, 10.0)), SETTINGS).overlaps == ()
    assert diarize(*answers((0, 10.0), (1, 10.0)), SETTINGS).overlaps == ()
