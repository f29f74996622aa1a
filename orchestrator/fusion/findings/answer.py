"""Findings: moments that a person should look at, each with its time, strength and an innocent explanation.

A finding is never a verdict. Thresholds were chosen on development recordings and lean towards silence: scattered
blinks and short glances are normal.
"""

from __future__ import annotations

from orchestrator.evidence import AnswerEvidence
from orchestrator.fusion.findings.candidate import MAIN_VOICE, turns_of
from orchestrator.fusion.findings.finding import ALIKE, Differences, Finding
from orchestrator.fusion.findings.page import page_marks
from orchestrator.fusion.findings.picture import (
    absences,
    camera,
    changes_of_person,
    looks_away,
    readings,
    second_faces,
    unlike_face,
)
from orchestrator.fusion.findings.recording import missing_parts
from orchestrator.fusion.findings.sound import out_of_step, second_voices, sound_quality, still_lips, unlike_voice
from orchestrator.fusion.findings.words import flagged_words, insufficient_transcript


def findings(answer: AnswerEvidence, differs: Differences = ALIKE) -> tuple[Finding, ...]:
    """Everything worth a look in one answer, in order of time."""
    found: list[Finding] = []
    own = turns_of(answer.audio.turns, answer.lips_voices or MAIN_VOICE) if answer.audio else ()
    found += missing_parts(answer)
    found += page_marks(answer)
    if answer.audio is not None:
        found += second_voices(answer.audio, answer.transcript, answer.lips_voices)
        found += sound_quality(answer.audio)
    if answer.vision is not None:
        found += second_faces(answer.vision)
        found += absences(answer.vision)
        found += looks_away(answer.vision, own)
        found += readings(answer.vision)
        found += camera(answer.vision, own)
        found += changes_of_person(answer.vision)
    if answer.evaluation is not None:
        found += flagged_words(answer)
    if answer.still_lips:
        found += still_lips(answer.still_lips, answer.audio, answer.transcript)
    found += out_of_step(answer)
    if differs.voice is not None:
        found.append(unlike_voice(differs.voice, answer.duration_s or 0.0))
    if differs.face_distance is not None:
        found.append(unlike_face(differs.face_distance, answer.duration_s or 0.0))
    if answer.transcript is not None:
        found += insufficient_transcript(answer.transcript, answer.duration_s or 0.0)
    return tuple(sorted(found, key=lambda f: (f.start_s, f.type)))
