"""The verdict on one answer in the original's keys, by our rules: runs and voices, never scattered frames."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from orchestrator.evidence import AnswerEvidence, Audio, Vision
from orchestrator.fusion.blocks.figures import Verdict
from orchestrator.fusion.blocks.integrity import CheatingDetection, FrameConfidence, Visual, Voices
from orchestrator.fusion.findings.finding import Finding
from orchestrator.fusion.rounding import percent, rounded

SAFE: Final = "Safe"
MEDIUM: Final = "Medium Risk"
HIGH: Final = "High Risk"
NO_DATA: Final = "No Data"
# The original's limits in percent of frames.
SCORE_HIGH_RISK = 20.0
SCORE_MEDIUM_RISK = 5.0
MULTIPLE_FACES_RISK = 1.0
NO_SILHOUETTE = -1  # the original's value for one voice
SUSPECT_TYPES = (
    "second_voice",
    "voice_differs",
    "person_changed",
    "face_differs",
    "speech_with_still_lips",
    "second_face",
    "face_absent",
    "camera_black",
    "camera_frozen",
    "camera_photograph",
    "camera_looped",
    "picture_missing",
    "sound_missing",
    "recording_gap",
)
"""What can make a verdict. Gaze is not among them, alone or beside others: webcams measure it badly, and looking away
while thinking is normal. It stands in the findings, for a person to look at.
"""


def cheating_detection(answer: AnswerEvidence, found: Sequence[Finding]) -> CheatingDetection:
    """The block `cheating_detection` of one answer."""
    visual, audio = _visual(answer.vision), _audio(answer.audio)
    confidences = [c for c in (visual.confidence.average, audio.confidence) if c is not None]
    return CheatingDetection(
        visual=visual,
        audio=audio,
        final_verdict=verdict(answer, found),
        final_avg_confidence=rounded(fmean(confidences), 2) if confidences else None,
        all_indicators=tuple(indicators(found, answer.audio)),
        original_rule_verdict=_original_verdict(answer),
    )


def verdict(answer: AnswerEvidence, found: Sequence[Finding]) -> Verdict:
    """`High Risk` for a second voice or face that is serious, `Medium Risk` for anything to review, else `Safe`.

    Gaze makes none, whatever its severity. Without picture and sound: `No Data`.
    """
    if answer.vision is None and answer.audio is None:
        return NO_DATA
    suspect = [f for f in found if f.type in SUSPECT_TYPES]
    if any(f.severity == "serious" for f in suspect):
        return HIGH
    return MEDIUM if any(f.severity == "review" for f in suspect) else SAFE


def indicators(found: Sequence[Finding], audio: Audio | None) -> list[str]:
    """One line for each kind of finding that counts in the verdict."""
    lines = []
    for kind in SUSPECT_TYPES:
        of_kind = [f for f in found if f.type == kind and f.severity != "info"]
        if not of_kind:
            continue
        if kind == "second_voice" and audio is not None:
            lines.append(_speakers_line(audio))
        else:
            total_s = sum(f.end_s - f.start_s for f in of_kind)
            lines.append(f"{_TITLES[kind]} ({len(of_kind)}x, {total_s:.1f} s)")
    return lines


_TITLES = {
    "voice_differs": "Voice unlike the other answers",
    "person_changed": "Another person in the picture",
    "face_differs": "Face unlike the other answers",
    "speech_with_still_lips": "Speech while the lips are still",
    "second_face": "Multiple faces detected",
    "face_absent": "Face not visible",
    "camera_black": "Camera black",
    "camera_frozen": "Camera frozen",
    "camera_photograph": "Photograph instead of a face",
    "camera_looped": "Picture repeated",
    "picture_missing": "No picture",
    "sound_missing": "No sound",
    "recording_gap": "Recording interrupted",
}


def _visual(vision: Vision | None) -> Visual:
    if vision is None:
        return Visual(None, None, (), FrameConfidence(None, None, None))
    screening = vision.screening
    return Visual(
        cheating_score=rounded(screening.suspicious_percent, 2),
        suspicious_frames=screening.suspicious_frames,
        cheating_reasons=tuple(_reasons(vision)),
        confidence=FrameConfidence(
            average=rounded(screening.average_confidence, 2),
            min=rounded(screening.min_confidence, 2),
            max=rounded(screening.max_confidence, 2),
        ),
    )


def _reasons(vision: Vision) -> list[str]:
    """The original's reasons by its own rules, word for word."""
    reasons, score = [], vision.screening.suspicious_percent
    faces = 100 * vision.multiple_faces_ratio
    if faces > MULTIPLE_FACES_RISK:
        reasons.append(f"Multiple faces detected ({faces:.1f}% of frames)")
    if score > SCORE_HIGH_RISK:
        reasons.append(f"High suspicious activity ({score:.1f}%)")
    elif score > SCORE_MEDIUM_RISK:
        reasons.append(f"Medium suspicious activity ({score:.1f}%)")
    return reasons


def _audio(audio: Audio | None) -> Voices:
    if audio is None:
        return Voices(None, None, None)
    return Voices(
        num_speakers=audio.speaker_count if audio.speaker_count or not audio.speech else None,
        confidence=percent(audio.speaker_confidence),
        silhouette_score=NO_SILHOUETTE if audio.silhouette is None else rounded(audio.silhouette, 3),
    )


def _speakers_line(audio: Audio) -> str:
    confidence = 100 * (audio.speaker_confidence or 0.0)
    return f"Multiple speakers detected ({audio.speaker_count} different voices, confidence: {confidence:.1f}%)"


def _original_verdict(answer: AnswerEvidence) -> Verdict:
    """What the original's rules would have said; shown for comparison only."""
    if answer.vision is None and answer.audio is None:
        return NO_DATA
    if answer.audio is not None and answer.audio.speaker_count > 1:
        return HIGH
    if answer.vision is None:
        return SAFE
    score = answer.vision.screening.suspicious_percent
    if 100 * answer.vision.multiple_faces_ratio > MULTIPLE_FACES_RISK or score > SCORE_HIGH_RISK:
        return HIGH
    return MEDIUM if score > SCORE_MEDIUM_RISK else SAFE
