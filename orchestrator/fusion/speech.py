"""Measures of speech: how long, how fast, how loud, and where it pauses."""

from __future__ import annotations

from typing import Any

from orchestrator.evidence import AnswerEvidence, Audio, Transcript
from orchestrator.fusion.fluency import fillers, syllables_said
from orchestrator.fusion.rounding import rounded

_OF_SOUND = (
    "total_duration_seconds",
    "speaking_time_seconds",
    "silence_time_seconds",
    "number_of_pauses",
    "speaking_ratio",
    "nonsilent_ratio",
    "response_latency_seconds",
)


def speech_analysis(answer: AnswerEvidence) -> dict[str, Any]:
    """The original's keys, and ours beside them; null where sound or transcript are missing.

    `speaking_ratio` is speech found by voice activity detection over the whole length, `nonsilent_ratio` what pydub
    finds above its silence threshold: where they differ by much, something else than speech was loud.
    `speech_rate_wpm` counts words of the spoken language a minute of speaking time, `speech_rate_over_total_wpm` of
    the whole length. `articulation_rate` is syllables a second of speaking time.
    """
    return _sound(answer.audio) | _words(answer.audio, answer.transcript)


def _sound(audio: Audio | None) -> dict[str, Any]:
    if audio is None:
        return dict.fromkeys(_OF_SOUND)
    return {
        "total_duration_seconds": rounded(audio.total_s, 2),
        "speaking_time_seconds": rounded(audio.speaking_s, 2),
        "silence_time_seconds": rounded(max(0.0, audio.total_s - audio.speaking_s), 2),
        "number_of_pauses": len(audio.pauses),
        "speaking_ratio": rounded(audio.speaking_s / audio.total_s if audio.total_s else 0.0, 2),
        "nonsilent_ratio": rounded(audio.nonsilent_s / audio.total_s if audio.total_s else 0.0, 2),
        "response_latency_seconds": rounded(audio.response_latency_s, 2),
    }


def _words(audio: Audio | None, transcript: Transcript | None) -> dict[str, Any]:
    words = transcript.word_count if transcript else 0
    spoken = syllables_said(transcript) if transcript else 0
    speaking_s, total_s = (audio.speaking_s, audio.total_s) if audio else (0.0, 0.0)
    filler_count = len(fillers(transcript)) if transcript else None
    return {
        "speech_rate_wpm": rounded(_rate(words, speaking_s / 60), 1),
        "speech_rate_over_total_wpm": rounded(_rate(words, total_s / 60), 1),
        "articulation_rate": rounded(_rate(spoken, speaking_s), 2),
        "filler_word_count": filler_count,
    }


def _rate(count: int, time: float) -> float | None:
    return count / time if count and time else None
