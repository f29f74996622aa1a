"""The real transcriber on the sample interview, whose words are known, and on sound that holds no words."""

from __future__ import annotations

import json
import re
import wave
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from services.transcriber.model import TranscriptionInput, TranscriptionResult
from services.transcriber.quality import verdict, word_count
from services.transcriber.settings import Settings
from services.transcriber.whisper import Whisper
from tests.support.media import tone, write_sound

pytestmark = pytest.mark.model

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
TRUTH: list[dict[str, Any]] = json.loads((SAMPLE / "interview.json").read_text())["answers"]
ENGLISH, INDONESIAN = TRUTH
SETTINGS = Settings(port=0)
HIGHEST_WER = {"en": 0.15, "id": 0.30}


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    found = Whisper(SETTINGS)
    found.load()
    return found


@pytest.fixture(scope="module")
def sentence() -> NDArray[np.int16]:
    """The first 4.5 s of the English answer: one sentence."""
    return (decode_sound(SAMPLE / ENGLISH["file"])[: round(4.5 * SAMPLE_RATE_HZ)] * 32767).astype(np.int16)


def heard(whisper: Whisper, path: Path, language: str = "en") -> TranscriptionResult:
    *_, result = whisper.transcribe(TranscriptionInput(path, language))
    assert isinstance(result, TranscriptionResult)
    return result


def text(result: TranscriptionResult) -> str:
    return " ".join(segment.text for segment in result.segments)


def error_rate(truth: str, result: TranscriptionResult) -> float:
    return float(jiwer.wer(plain(truth), plain(text(result))))


def plain(words: str) -> str:
    """Lower case, without punctuation."""
    return " ".join(re.findall(r"[\w']+", words.lower()))


@pytest.mark.parametrize("truth", TRUTH, ids=["english", "indonesian"])
class TestSample:
    def test_words_are_those_of_the_script(self, whisper: Whisper, truth: dict[str, Any]) -> None:
        result = heard(whisper, SAMPLE / truth["file"], truth["language"])
        assert error_rate(truth["script"], result) <= HIGHEST_WER[truth["language"]]
        assert word_count(result.segments) == pytest.approx(truth["word_count"], abs=8)
        assert result.dropped == ()
        assert verdict(result, SETTINGS).quality == "good"

    def test_language_is_detected(self, whisper: Whisper, truth: dict[str, Any]) -> None:
        result = heard(whisper, SAMPLE / truth["file"], "")
        assert result.language == truth["language"]
        assert 0.8 < result.language_probability <= 1

    def test_words_span_the_answer(self, whisper: Whisper, truth: dict[str, Any]) -> None:
        result = heard(whisper, SAMPLE / truth["file"], truth["language"])
        words = [word.span for segment in result.segments for word in segment.words]
        assert result.duration_s == pytest.approx(truth["duration_s"], abs=0.1)
        assert words[0].start_s < 1.5
        assert words[-1].end_s == pytest.approx(truth["duration_s"], abs=1.5)


def test_english_words_leave_the_pauses_free(whisper: Whisper) -> None:
    """Only the English ones: `whisper-base` stretches an Indonesian word over a pause."""
    result = heard(whisper, SAMPLE / ENGLISH["file"])
    words = [word.span for segment in result.segments for word in segment.words]
    for pause in ENGLISH["pauses"]:
        inner_s = (pause["start_s"] + pause["end_s"]) / 2
        assert not any(word.start_s < inner_s < word.end_s for word in words)


NOISE = np.random.default_rng(0)
WORDLESS = {
    "nothing": np.zeros(48_000, np.int16),
    "noise": NOISE.normal(0, 3000, 48_000).astype(np.int16),
    "tone": tone(3.0),
    "beeps": (tone(3.0, 1000.0) * (np.arange(48_000) % 16_000 < 3200)).astype(np.int16),
    "0.3 s of noise": NOISE.normal(0, 3000, 4_800).astype(np.int16),
}


@pytest.mark.parametrize("language", ["en", "id", ""])
@pytest.mark.parametrize("kind", WORDLESS)
def test_nothing_is_invented(whisper: Whisper, tmp_path: Path, kind: str, language: str) -> None:
    result = heard(whisper, write_sound(tmp_path / "a.wav", WORDLESS[kind]), language)
    assert result.segments == ()
    assert verdict(result, SETTINGS).quality == "insufficient"
    assert result.language_probability == (1.0 if language else 0.0)


def test_what_sounds_like_a_voice_but_has_no_words_is_reported(whisper: Whisper, tmp_path: Path) -> None:
    swell = (1 + np.sin(2 * np.pi * 4 * np.arange(80_000) / SAMPLE_RATE_HZ)) / 2
    hum = ((tone(5.0, 220.0) + 0.4 * tone(5.0, 700.0)) * swell).astype(np.int16)
    result = heard(whisper, write_sound(tmp_path / "a.wav", hum))
    assert result.segments == ()
    assert result.speech_s > 1
    assert result.dropped
    assert "Check the spoken language" in verdict(result, SETTINGS).reason


SWAPPED = pytest.mark.parametrize(
    ("truth", "language"), [(ENGLISH, "id"), (INDONESIAN, "en")], ids=["english", "indonesian"]
)


@SWAPPED
def test_an_answer_in_another_language_than_expected_is_read_in_its_own(
    whisper: Whisper, truth: dict[str, Any], language: str
) -> None:
    result = heard(whisper, SAMPLE / truth["file"], language)
    assert (result.language, result.language_probability) == (truth["language"], 1.0)
    assert {segment.language for segment in result.segments} == {truth["language"]}
    assert error_rate(truth["script"], result) <= HIGHEST_WER[truth["language"]]


@SWAPPED
def test_a_language_that_is_not_allowed_is_not_passed_off_as_a_transcript(truth: dict[str, Any], language: str) -> None:
    strict = Settings(port=0, languages=(language,))
    whisper = Whisper(strict)
    whisper.load()
    assert verdict(heard(whisper, SAMPLE / truth["file"], language), strict).quality == "insufficient"


@pytest.mark.parametrize("expected", ["en", "id", ""])
def test_both_languages_of_an_answer_are_read(whisper: Whisper, tmp_path: Path, expected: str) -> None:
    """Two sentences of each, one after the other."""
    english, indonesian = (decode_sound(SAMPLE / truth["file"]) for truth in TRUTH)
    both = np.concatenate([english[: round(11.8 * SAMPLE_RATE_HZ)], indonesian[: round(14.5 * SAMPLE_RATE_HZ)]])
    result = heard(whisper, write_sound(tmp_path / "a.wav", (both * 32767).astype(np.int16)), expected)
    said = {code: [s for s in result.segments if s.language == code] for code in ("en", "id")}
    assert "payment service" in " ".join(s.text for s in said["en"]).lower()
    assert "tantangan" in " ".join(s.text for s in said["id"]).lower()
    assert max(s.span.end_s for s in said["en"]) < 13.5
    assert min(s.span.start_s for s in said["id"]) > 10.5
    assert sum(share.share for share in result.languages) == pytest.approx(1.0)
    assert all(share.share > 0.25 for share in result.languages)


def test_too_few_words(whisper: Whisper, tmp_path: Path, sentence: NDArray[np.int16]) -> None:
    result = heard(whisper, write_sound(tmp_path / "a.wav", sentence[: round(1.1 * SAMPLE_RATE_HZ)]))
    assert 0 < word_count(result.segments) < 5
    assert verdict(result, SETTINGS).quality == "insufficient"


def test_telephone_sound(whisper: Whisper, tmp_path: Path, sentence: NDArray[np.int16]) -> None:
    kernel = np.ones(2) / 2
    halved = np.convolve(sentence.astype(np.float32), kernel, "same")[::2].astype(np.int16)
    result = heard(whisper, write_sound(tmp_path / "a.wav", halved, rate_hz=8_000))
    assert "payment service" in text(result).lower()
    assert result.duration_s == pytest.approx(4.5, abs=0.05)


@pytest.mark.parametrize("silent_side", [0, 1])
def test_stereo_with_a_voice_on_one_side(
    whisper: Whisper, tmp_path: Path, sentence: NDArray[np.int16], silent_side: int
) -> None:
    sides = np.stack([sentence, sentence], axis=1)
    sides[:, silent_side] = 0
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sides.tobytes())
    assert "payment service" in text(heard(whisper, tmp_path / "a.wav")).lower()
