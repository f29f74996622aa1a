"""Measures of speech: how long, how fast, how loud, and where it pauses."""

from __future__ import annotations

from orchestrator.evidence import AnswerEvidence, Audio
from orchestrator.fusion.blocks.nonverbal import SpeechAnalysis
from orchestrator.fusion.fluency import fillers, syllables_said
from orchestrator.fusion.rounding import rounded


def speech_analysis(answer: AnswerEvidence) -> SpeechAnalysis:
    """The original's keys, and ours beside them; null where sound or transcript are missing.

    `speaking_ratio` is speech found by voice activity detection over the whole length, `nonsilent_ratio` what pydub
    finds above its silence threshold: where they differ by much, something else than speech was loud.
    `speech_rate_wpm` counts words of the spoken language a minute of speaking time, `speech_rate_over_total_wpm` of
    the whole length. `articulation_rate` is syllables a second of speaking time.
    """
    audio, transcript = answer.audio, answer.transcript
    words = transcript.word_count if transcript else 0
    spoken = syllables_said(transcript) if transcript else 0
    speaking_s, total_s = (audio.speaking_s, audio.total_s) if audio else (0.0, 0.0)
    return SpeechAnalysis(
        total_duration_seconds=rounded(audio.total_s, 2) if audio else None,
        speaking_time_seconds=rounded(audio.speaking_s, 2) if audio else None,
        silence_time_seconds=rounded(max(0.0, total_s - speaking_s), 2) if audio else None,
        number_of_pauses=len(audio.pauses) if audio else None,
        speaking_ratio=_share(audio.speaking_s, audio) if audio else None,
        nonsilent_ratio=_share(audio.nonsilent_s, audio) if audio else None,
        response_latency_seconds=rounded(audio.response_latency_s, 2) if audio else None,
        speech_rate_wpm=rounded(_rate(words, speaking_s / 60), 1),
        speech_rate_over_total_wpm=rounded(_rate(words, total_s / 60), 1),
        articulation_rate=rounded(_rate(spoken, speaking_s), 2),
        filler_word_count=len(fillers(transcript)) if transcript else None,
    )


def _share(seconds: float, audio: Audio) -> float | None:
    return rounded(seconds / audio.total_s if audio.total_s else 0.0, 2)


def _rate(count: int, time: float) -> float | None:
    return count / time if count and time else None
