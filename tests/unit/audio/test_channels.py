from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from services.audio.model import Voices
from services.audio.voices.channels import CHANNEL_DB, MAYBE_SAME, SAME_PITCH, Likeness
from services.audio.voices.diarization import P_UNSURE, diarize
from services.audio.voices.windows import Window
from tests.unit.audio.voices import SETTINGS, answers

SPOKEN = ((0, 10.0), (1, 10.0), (0, 10.0))
TELEPHONE = CHANNEL_DB + 6.0


def found(cosine: float, spectra_db: float, semitones: float) -> Voices:
    """Of three stretches of speech, the middle one unlike the others and so many semitones higher."""
    voice, windows = answers(*SPOKEN)
    pitches = np.array([84.0 + semitones * (window.region == 1) for window in windows])

    def compare(one: Sequence[Window], other: Sequence[Window]) -> Likeness:
        assert {w.region for w in one} | {w.region for w in other} == {0, 1, 2}
        return Likeness(cosine, spectra_db)

    return diarize(replace(voice, pitches=pitches), windows, SETTINGS, compare)


def test_a_voice_behind_a_telephone_is_the_same_voice() -> None:
    one = found(0.93, TELEPHONE, 0.5)
    assert len(one.speakers) == 1
    assert one.confidence is not None
    assert one.confidence > P_UNSURE


@pytest.mark.parametrize(
    ("cosine", "spectra_db", "semitones"),
    [(0.93, TELEPHONE, SAME_PITCH + 0.1), (MAYBE_SAME - 0.1, TELEPHONE, 0.5), (MAYBE_SAME - 0.1, 1.0, 0.5)],
)
def test_two_voices_stay_two(cosine: float, spectra_db: float, semitones: float) -> None:
    two = found(cosine, spectra_db, semitones)
    assert len(two.speakers) == 2
    assert two.confidence is not None
    assert two.confidence > P_UNSURE


def test_two_alike_voices_before_one_microphone_stay_two_and_unsure() -> None:
    two = found(0.93, CHANNEL_DB - 1, 0.5)
    assert len(two.speakers) == 2
    assert two.confidence == P_UNSURE


def test_a_voice_in_another_room_is_unsure() -> None:
    two = found(MAYBE_SAME + 0.05, 2.0, 0.5)
    assert len(two.speakers) == 2
    assert two.confidence == P_UNSURE
