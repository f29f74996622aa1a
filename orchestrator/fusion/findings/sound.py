"""Findings in the sound: second voices, another voice, speech with still lips, sound quality."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.evidence import AnswerEvidence, Audio, Transcript
from orchestrator.fusion.findings.candidate import MAIN_VOICE
from orchestrator.fusion.findings.finding import Finding, shared_s, words_in
from orchestrator.fusion.findings.identity import VoiceDifference
from servicekit.wire import Span

SECOND_VOICE_TURNS = 2
SECOND_VOICE_S = 3.0
# Two words with a hand before the mouth are nothing; half of a sentence is worth a look.
STILL_LIPS_REVIEW_S, STILL_LIPS_SURE_S = 3.0, 6.0
# So far below the limit nobody's own voice was, whatever the microphone.
VOICE_SURE_MARGIN = 0.1
LATE_S = 0.25
UNLIKE_LIPS_S, UNLIKE_LIPS_SIMILARITY, USUAL_SIMILARITY = 45.0, 0.2, 0.5
CLIPPING_RATIO = 0.01
SNR_DB = 10.0


def second_voices(audio: Audio, transcript: Transcript | None, lips_voices: tuple[int, ...] = ()) -> Iterator[Finding]:
    """Turns of voices that are not the candidate's: those that the lips move with, else the one that speaks most."""
    others = [turn for turn in audio.turns if turn.speaker not in (lips_voices or MAIN_VOICE)]
    own = "the one that the lips move with" if lips_voices else "the main one"
    total_s = sum(turn.span.duration_s for turn in others)
    if len(others) < SECOND_VOICE_TURNS and total_s < SECOND_VOICE_S:
        return
    confidence = audio.speaker_confidence or 0.0
    for turn in others:
        yield Finding(
            "second_voice",
            turn.span.start_s,
            turn.span.end_s,
            strength=round(turn.span.duration_s, 2),
            confidence=confidence,
            severity="serious" if confidence >= 0.6 else "review",
            explanation=f"A voice other than {own} speaks ({total_s:.1f} s in {len(others)} turns in all).",
            innocent_explanation="Someone passing by, a television, an interviewer, or a change of distance.",
            quote=words_in(transcript, turn.span),
        )


def still_lips(spans: tuple[Span, ...], audio: Audio | None, transcript: Transcript | None) -> Iterator[Finding]:
    """Speech while the visible mouth is still; what counts is the speech, not the pauses in it."""
    spoken_s = [shared_s(span, audio.speech) if audio else span.duration_s for span in spans]
    for span, seconds in zip(spans, spoken_s, strict=True):
        yield Finding(
            "speech_with_still_lips",
            span.start_s,
            span.end_s,
            strength=round(seconds, 2),
            confidence=min(1.0, seconds / STILL_LIPS_SURE_S),
            severity="review" if sum(spoken_s) >= STILL_LIPS_REVIEW_S else "info",
            explanation=f"Speech is heard for {seconds:.1f} s while the visible mouth hardly moves.",
            innocent_explanation="A hand, a mask or a microphone over the mouth, a frozen picture, a low frame rate.",
            quote=words_in(transcript, span),
        )


def out_of_step(answer: AnswerEvidence) -> Iterator[Finding]:
    """Picture and sound that are apart by a constant time, and lips that do not form what is heard."""
    found, length_s = answer.synchrony, answer.duration_s or 0.0
    if found is None:
        return
    if found.lag_s is not None and abs(found.lag_s) >= LATE_S:
        order = "later" if found.lag_s > 0 else "earlier"
        yield Finding(
            "picture_out_of_step",
            0.0,
            length_s,
            strength=round(abs(found.lag_s), 2),
            confidence=round(min(1.0, found.similarity / USUAL_SIMILARITY), 2),
            severity="info",
            explanation=f"The picture is about {abs(found.lag_s):.1f} s {order} than the sound.",
            innocent_explanation="The camera, the browser or the program that recorded it.",
        )
    still_s = sum(span.duration_s for span in answer.still_lips)
    if found.seconds - still_s >= UNLIKE_LIPS_S and found.similarity < UNLIKE_LIPS_SIMILARITY:
        yield Finding(
            "voice_unlike_lips",
            0.0,
            length_s,
            strength=found.similarity,
            confidence=round(min(1.0, 1 - max(found.similarity, 0.0) / UNLIKE_LIPS_SIMILARITY), 2),
            severity="info",
            explanation=(
                f"Voice and lips do not rise and fall together: similarity {found.similarity:.2f} in "
                f"{found.seconds:.0f} s of speech with the mouth in view; 0.3 to 0.6 is usual."
            ),
            innocent_explanation=(
                "A mask, a beard or a microphone before the mouth, little light, few pictures a second, noise. "
                "Measured on made recordings only."
            ),
        )


def unlike_voice(difference: VoiceDifference, duration_s: float) -> Finding:
    """A voice unlike that of the other answers."""
    apart = "" if difference.semitones is None else f", pitch {difference.semitones:.1f} semitones away"
    return Finding(
        "voice_differs",
        0.0,
        duration_s,
        strength=round(difference.likeness, 2),
        confidence=round(min(1.0, difference.missing / VOICE_SURE_MARGIN), 2),
        severity="review",
        explanation=(
            f"The voice differs from that in the other answers (similarity {difference.likeness:.2f}{apart}; "
            "at least 0.9 and at most 1.5 semitones are usual)."
        ),
        innocent_explanation="Another microphone, room or telephone, or a cold.",
    )


def sound_quality(audio: Audio) -> Iterator[Finding]:
    """Sound too poor to be sure of words and voices."""
    problems = []
    if audio.clipping_ratio > CLIPPING_RATIO:
        problems.append(f"{100 * audio.clipping_ratio:.1f} % of the samples are overdriven")
    if audio.snr_db is not None and audio.snr_db < SNR_DB:
        problems.append(f"the voice is only {audio.snr_db:.0f} dB above the noise")
    if problems:
        yield Finding(
            "sound_quality",
            0.0,
            audio.total_s,
            strength=round(audio.snr_db or 0.0, 1),
            confidence=1.0,
            severity="info",
            explanation=f"Poor sound: {' and '.join(problems)}. Words and voices are less certain.",
            innocent_explanation="The microphone or the room.",
        )
