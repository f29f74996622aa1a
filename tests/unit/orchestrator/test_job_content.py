"""The form in which a job's content is kept."""

from __future__ import annotations

from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.jobs.content import content_of, fingerprint, stored

PLAIN = pb.JobContent(language_code="en", questions=[pb.Question(text="Why?", thinking_s=30, limit_s=180, retakes=1)])


def test_content_from_before_pauses_and_signals_has_the_same_hash() -> None:
    question = {"text": "Why?", "reference": "", "thinking_s": 30, "limit_s": 180, "retakes": 1, "rubric": ""}
    before = {"language_code": "en", "questions": [question], "rubric": "", "policy": "", "consent_text": ""}
    assert fingerprint(stored(PLAIN)) == fingerprint(before)
    assert content_of(before) == PLAIN


def test_what_is_said_later_is_kept_and_hashed() -> None:
    more = pb.JobContent()
    more.CopyFrom(PLAIN)
    more.audio_only, more.questions[0].pauses = True, 2
    more.signals.append("paste")
    assert content_of(stored(more)) == more
    assert fingerprint(stored(more)) != fingerprint(stored(PLAIN))
