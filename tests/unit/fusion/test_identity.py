from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from orchestrator.evidence import FacePrint, VoicePrint
from orchestrator.fusion.findings.identity import Sample, unlike_faces, unlike_voices
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import json_value
from tests.support import evidence as made

A, B = (1.0, 0.0, 0.0), (0.5, 0.75**0.5, 0.0)


def compared(*samples: tuple[tuple[float, ...], float]) -> dict[int, float]:
    return {i: d.likeness for i, d in unlike_voices({i: Sample(*s) for i, s in enumerate(samples)}).items()}


def test_one_voice_in_all_answers() -> None:
    assert compared((A, 20.0), (A, 30.0), (A, 10.0)) == {}


def test_the_answer_with_another_voice() -> None:
    assert compared((A, 20.0), (B, 30.0), (A, 20.0)) == {1: pytest.approx(0.5)}


def test_the_voice_with_most_speech_is_the_candidates_and_then_the_first() -> None:
    assert set(compared((A, 10.0), (B, 30.0))) == {0}
    assert set(compared((A, 20.0), (B, 20.0))) == {1}


def test_likeness_goes_through_others() -> None:
    between = np.add(A, B) / np.linalg.norm(np.add(A, B))
    assert compared((A, 20.0), (tuple(between), 20.0), (B, 20.0)) == {}


def test_a_few_words_are_not_compared() -> None:
    assert compared((A, 20.0), (B, 7.9)) == {}
    assert compared() == {}


@pytest.mark.parametrize(
    ("likeness", "pitch_hz", "differs"),
    [(0.8, 118.0, False), (0.8, 120.0, True), (0.8, 83.0, True), (0.86, 200.0, False), (0.7, 100.0, True)],
)
def test_voices_far_apart_in_pitch_must_be_more_alike(likeness: float, pitch_hz: float, differs: bool) -> None:
    """Of 100 Hz; three semitones are a factor of 1.189."""
    other = (likeness, (1 - likeness**2) ** 0.5, 0.0)
    found = unlike_voices({0: Sample(A, 20.0, 100.0), 1: Sample(other, 19.0, pitch_hz)})
    assert (1 in found) is differs


def test_without_a_pitch_the_cosine_counts_alone() -> None:
    other = (0.8, 0.6, 0.0)
    assert unlike_voices({0: Sample(A, 20.0, 100.0), 1: Sample(other, 19.0, None)}) == {}


def test_faces_are_compared_by_distance() -> None:
    here, near, far = (0.0,) * 128, (0.03,) * 128, (0.07,) * 128  # 0.34 and 0.79 apart
    assert unlike_faces({0: Sample(here, 3), 1: Sample(near, 3)}) == {}
    assert unlike_faces({0: Sample(here, 3), 1: Sample(far, 2), 2: Sample(here, 1)}) == {
        1: pytest.approx(0.79, abs=0.01)
    }


def result(policy: str, languages: str = "en en en", lips_voices: tuple[int, ...] = ()) -> dict[str, Any]:
    """Of three answers, the last with another voice and face; `lips_voices` are those of the last."""
    answers = [made.answer(index=i, position_id=i + 1, language=code) for i, code in enumerate(languages.split())]
    answers[2] = replace(answers[2], lips_voices=lips_voices)
    voices = {i: VoicePrint(B if i == 2 else A, 20.0, (made.MODEL,)) for i in range(3)}
    faces = {i: FacePrint(((0.07 if i == 2 else 0.0),) * 128, 3, (made.MODEL,)) for i in range(3)}
    session = made.session(*answers, voices=voices, faces=faces, policy=made.POLICIES[policy])
    found: dict[str, Any] = json_value(session_result(session, None, datetime(2026, 1, 1, tzinfo=UTC)))
    return found


def test_the_finding_says_how_alike_they_are() -> None:
    blocks = [item["result"] for item in result("original")["content"]]
    found = [[f for f in b["evidence"]["findings"] if f["type"] == "voice_differs"] for b in blocks]
    assert [len(f) for f in found] == [0, 0, 1]
    assert (found[2][0]["strength"], found[2][0]["severity"]) == (0.5, "review")
    assert [b["cheating_detection"]["final_verdict"] for b in blocks] == ["Safe", "Safe", "Medium Risk"]
    assert "Voice unlike the other answers" in blocks[2]["cheating_detection"]["all_indicators"][0]
    (face,) = [f for f in blocks[2]["evidence"]["findings"] if f["type"] == "face_differs"]
    assert (face["strength"], face["severity"]) == (0.79, "review")


def test_an_answer_in_which_somebody_else_speaks_most_is_not_compared_by_voice() -> None:
    assert "voice_differs" not in str(result("original", lips_voices=(1,)))
    assert "voice_differs" in str(result("original", lips_voices=(0, 1)))


def test_languages_are_not_compared() -> None:
    assert "voice_differs" not in str(result("original", "en en id"))


def test_no_comparison_without_permission() -> None:
    assert "voice_differs" not in str(result("eu"))
    assert "face_differs" not in str(result("eu"))
