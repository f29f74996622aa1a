"""The REST interface as data: each request with the reader of its answer."""

from interview_client.calls.call import Call
from interview_client.calls.results import (
    answer_call,
    answers_call,
    artefact_call,
    findings_call,
    report_call,
    results_call,
    transcript_call,
    translation_call,
)
from interview_client.calls.reviews import audit_call, contest_call, evidence_call, review_call
from interview_client.calls.sessions import (
    cancel_call,
    delete_call,
    events_path,
    me_call,
    parse_status,
    policies_call,
    retry_call,
    rubrics_call,
    session_call,
    sessions_call,
    sessions_csv_call,
    status_call,
)
from interview_client.calls.submission import (
    key_header,
    make_link_call,
    parse_session_id,
    submit_urls_call,
    upload_fields,
)

__all__ = [
    "Call",
    "answer_call",
    "answers_call",
    "artefact_call",
    "audit_call",
    "cancel_call",
    "contest_call",
    "delete_call",
    "events_path",
    "evidence_call",
    "findings_call",
    "key_header",
    "make_link_call",
    "me_call",
    "parse_session_id",
    "parse_status",
    "policies_call",
    "report_call",
    "results_call",
    "retry_call",
    "review_call",
    "rubrics_call",
    "session_call",
    "sessions_call",
    "sessions_csv_call",
    "status_call",
    "submit_urls_call",
    "transcript_call",
    "translation_call",
    "upload_fields",
]
