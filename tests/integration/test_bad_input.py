from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interview_client import InterviewClient, InterviewError, NewAnswer, UrlAnswer
from tests.integration.sessions import SAMPLE, assessed, wait
from tests.support import media

pytestmark = [pytest.mark.slow, pytest.mark.model]

GOOD = SAMPLE / "answer_en.mp4"


def truncated(path: Path) -> None:
    path.write_bytes(GOOD.read_bytes()[:60_000])


def random(path: Path) -> None:
    path.write_bytes(np.random.default_rng(3).bytes(50_000))


def text(path: Path) -> None:
    path.write_text("this is no video\n" * 200)


def empty(path: Path) -> None:
    path.write_bytes(b"")


UNREADABLE = {"truncated.mp4": truncated, "random.webm": random, "text.mp4": text, "empty.mov": empty}


@pytest.fixture(scope="module")
def result(client: InterviewClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bad")
    for name, make in UNREADABLE.items():
        make(folder / name)
    make_halves(folder)
    names = [*UNREADABLE, "no-sound.mp4", "no-picture.wav", "silent.mp4"]
    answers = [NewAnswer(folder / name, f"Question for {name}") for name in names]
    return assessed(client, [*answers, NewAnswer(folder / "good.mp4", "Tell me about a bug.")])


def make_halves(folder: Path) -> None:
    media.write_video(folder / "no-sound.mp4", 2.0)
    media.write_tone(folder / "no-picture.wav", 2.0)
    media.write_video(folder / "silent.mp4", 2.0, with_audio=True, loudness=0.0)
    media.write_video(folder / "good.mp4", 2.0, with_audio=True)


def block(result: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c["result"] for c in result["content"] if c["question"].endswith(name))
    return found


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_says_so_and_what_to_do(result: dict[str, Any], name: str) -> None:
    error = block(result, name)["error"]
    assert error["reason"] == "MEDIA_UNREADABLE"
    assert "again" in error["message"]


def test_without_sound_the_picture_counts(result: dict[str, Any]) -> None:
    found = block(result, "no-sound.mp4")
    assert found["error"] is None
    assert found["modalities"]["watch"]["state"] == "completed"
    assert found["modalities"]["transcribe"]["error_reason"] == "NO_AUDIO_STREAM"
    assert found["penilaian"]["total"] is None
    assert "sound" in found["penilaian"]["not_scored_reason"]


def test_without_picture_the_sound_counts(result: dict[str, Any]) -> None:
    found = block(result, "no-picture.wav")
    assert found["modalities"]["watch"]["error_reason"] == "NO_VIDEO_STREAM"
    assert found["modalities"]["listen"]["state"] == "completed"


def test_silence_is_not_judged(result: dict[str, Any]) -> None:
    found = block(result, "silent.mp4")
    assert found["penilaian"]["total"] is None
    assert found["penilaian"]["not_scored_reason"] == "No speech was found."
    assert found["cheating_detection"]["audio"]["num_speakers"] == 0


def test_the_others_complete(result: dict[str, Any]) -> None:
    assert result["success"]
    assert result["metadata"]["total_videos"] == 8
    assert result["metadata"]["failed_videos"] == len(UNREADABLE)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:9/video.mp4", "URL_FORBIDDEN"),
        ("http://169.254.169.254/latest/meta-data", "URL_FORBIDDEN"),
        ("http://no-such-host.invalid/video.mp4", "URL_UNREACHABLE"),
    ],
)
def test_a_bad_address_fails_with_its_reason(client: InterviewClient, url: str, reason: str) -> None:
    session_id = client.submit_urls("A", [UrlAnswer(url, "Why?")], "en")
    status = wait(client, session_id)
    assert status["status"] == "error"
    found = client.results(session_id)["content"][0]["result"]["error"]
    assert found["reason"] == reason


def test_no_questions_and_unknown_language(client: InterviewClient) -> None:
    with pytest.raises(InterviewError, match="language"):
        client.submit("A", [NewAnswer(GOOD, "Why?")], "fr")
