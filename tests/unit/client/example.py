"""A result in the shape of the contract, with every key that the summary reads."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def modality(seconds: float | None, state: str = "completed", reason: str = "", message: str = "") -> Json:
    return {"state": state, "seconds": seconds, "error_reason": reason, "error_message": message}


def finding(kind: str, start_s: float, end_s: float, severity: str) -> Json:
    explained = f"The {kind.replace('_', ' ')} lasted a while."
    span = {"start_s": start_s, "end_s": end_s, "strength": 0.8, "confidence": 0.9}
    return {"type": kind, "severity": severity, "explanation": explained, "innocent_explanation": "A thought.", **span}


def assessed() -> Json:
    return {
        "penilaian": {
            "confidence_score": 71.25,
            "kualitas_jawaban": 72,
            "koherensi": 68,
            "relevansi": 78,
            "total": 73,
            "analisis_llm": "Concrete, but without a result.",
            "total_low": 65,
            "total_high": 81,
            "follow_up_question": "How long did it take?",
            "missing": ["what you learned", "a figure"],
            "not_scored_reason": "",
            "rate_by_hand": False,
        },
        "non_verbal_analysis": {
            "speech_analysis": {
                "total_duration_seconds": 42.8,
                "speaking_time_seconds": 24.88,
                "number_of_pauses": 17,
                "speech_rate_wpm": 141.6,
            },
            "facial_expression_analysis": {"face_detected_percentage": 99.44},
            "eye_movement_analysis": {"blink_rate_per_minute": 12.6, "eye_contact_percentage": 96.19},
        },
        "non_verbal_confidence_score": 82.7,
        "transkripsi_en": "One of the biggest challenges was the schedule.",
        "transkripsi_id": "Salah satu tantangan terbesar adalah jadwal. " + "Kata " * 60,
        "cheating_detection": {"audio": {"num_speakers": 1, "confidence": 90}, "final_verdict": "Medium Risk"},
        "metadata": {"word_count": 101, "source_language": "Indonesian"},
        "evidence": {
            "findings": [finding("looking_away", 72.4, 75.0, "review"), finding("second_voice", 3, 4, "info")],
            "ratings": [
                {
                    "criterion": "quality",
                    "score": 72.0,
                    "low": 64.0,
                    "high": 80.0,
                    "confidence": 0.8,
                    "quote": "I moved the schedule",
                    "start_s": 72.4,
                    "end_s": 75.0,
                    "influence": 9.0,
                }
            ],
        },
        "provenance": {"judge": {"backend": "llama.cpp", "model": {"name": "qwen2.5-coder-1.5b"}}},
        "modalities": {
            "transcribe": modality(3.14),
            "watch": modality(1.0, "failed", "NO_VIDEO_STREAM", "The file has no picture."),
        },
    }


def failed_answer() -> Json:
    return {"penilaian": None, "error": {"reason": "MEDIA_UNREADABLE", "message": "Video 2 cannot be decoded."}}


def result() -> Json:
    return {
        "success": True,
        "name": "Siti Rahma",
        "llm_results": {"kesimpulan_llm": "A good first talk.", "avg_total_llm": 73, "final_score_llm": 73.0},
        "decision_proposal": {
            "proposal": "Pertimbangan",
            "outcome": "consider",
            "total": 73.0,
            "total_low": 65.0,
            "total_high": 81.0,
            "reasons": ["The total of 73 may be anything from 65 to 81; pass begins at 80."],
        },
        "aggregate_cheating_detection": {"final_aggregate_verdict": "Medium Risk"},
        "aggregate_non_verbal_analysis": {"overall_performance_status": "EXCELLENT", "overall_confidence_score": 82.7},
        "content": [
            {"id": 1, "question": "Apa tantangannya?", "result": assessed()},
            {"id": 2, "question": "Why us?", "result": failed_answer()},
        ],
        "metadata": {
            "total_videos": 2,
            "successful_videos": 1,
            "timing": [
                {"id": 1, "seconds": {"transcribe": 3.14, "watch": 1.0}, "seconds_per_minute": {"transcribe": 4.4}},
                {"id": 2, "seconds": {}, "seconds_per_minute": {}},
            ],
        },
    }
