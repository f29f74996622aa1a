"""Which scope each operation needs. One table, so that nothing is forgotten: an operation without a line is refused."""

from __future__ import annotations

OPEN: frozenset[str] = frozenset()
SUBMIT, READ, REVIEW, AUDIT, ADMIN = (frozenset({name}) for name in ("submit", "read", "review", "audit", "admin"))
SUBMIT_OR_READ = SUBMIT | READ
LOOK = READ | REVIEW

ROLES: dict[str, frozenset[str]] = {
    "admin": ADMIN,
    "recruiter": SUBMIT | READ | REVIEW,
    "reviewer": READ | REVIEW,
    "auditor": AUDIT,
}
"""What the members of an organisation may do, by their role."""

RESUMABLE = ("/v1/uploads", "/v1/upload-link/uploads")
"""Where uploads can be resumed: by who has signed in, and by candidates under their link."""

GROUPS = "/v1/upload-link/groups"
"""What candidates say of their groups."""


def _resumable(path: str, needed: frozenset[str]) -> dict[tuple[str, str], frozenset[str]]:
    one = ("GET", "PATCH", "DELETE")  # GET stands for HEAD
    return {("OPTIONS", path): OPEN, ("POST", path): needed} | {(m, f"{path}/{{upload_id}}"): needed for m in one}


def _recruiting(path: str) -> dict[tuple[str, str], frozenset[str]]:
    job, invitation = f"{path}/{{job_id}}", f"{path}/{{job_id}}/invitations/{{invitation_id}}"
    many = tuple(f"{job}/invitations{act}" for act in ("", ":check", ":send"))
    changes = (path, f"{job}:copy", f"{job}:archive", f"{job}:restore", *many)
    acts = tuple(f"{invitation}:{act}" for act in ("link", "prolong", "revoke"))
    looks = (path, job, f"{job}/invitations")
    return (
        {("GET", look): SUBMIT | LOOK for look in looks}
        | {("POST", change): SUBMIT for change in (*changes, *acts)}
        | {("PUT", job): SUBMIT}
    )


NEEDED: dict[tuple[str, str], frozenset[str]] = {
    # Pages and what machines ask carry no data.
    ("GET", "/"): OPEN,
    ("GET", "/Upload.html"): OPEN,
    ("GET", "/halaman_dasboard.html"): OPEN,
    ("GET", "/sessions.html"): OPEN,
    ("GET", "/sign-in.html"): OPEN,
    ("GET", "/docs"): OPEN,
    ("GET", "/healthz"): OPEN,
    ("GET", "/readyz"): OPEN,
    ("POST", "/v1/sign-in"): OPEN,
    ("POST", "/v1/sign-out"): OPEN,
    ("GET", "/v1/sign-in/ways"): OPEN,
    ("GET", "/v1/sign-in/oidc"): OPEN,
    ("GET", "/v1/sign-in/oidc/callback"): OPEN,
    ("GET", "/organisation.html"): OPEN,
    ("GET", "/v1/me"): OPEN,
    ("POST", "/v1/me/organisation"): SUBMIT | LOOK | AUDIT,
    ("GET", "/links.html"): OPEN,
    ("GET", "/jobs.html"): OPEN,
    ("GET", "/job.html"): OPEN,
    ("GET", "/compare.html"): OPEN,
    ("GET", "/deliveries.html"): OPEN,
    ("GET", "/impact.html"): OPEN,
    ("GET", "/candidate.html"): OPEN,
    # A candidate's link is its own permission.
    ("GET", "/v1/upload-link"): OPEN,
    ("POST", "/v1/upload-link"): OPEN,
    ("POST", "/v1/upload-link/consent"): OPEN,
    ("GET", "/v1/upload-link/feedback"): OPEN,
    ("POST", "/v1/upload-link/objection"): OPEN,
    **{(method, GROUPS): OPEN for method in ("GET", "PUT", "DELETE")},
    ("GET", RESUMABLE[1]): OPEN,
    **_resumable(RESUMABLE[1], OPEN),
    ("PUT", f"{RESUMABLE[1]}/{{upload_id}}/marks"): OPEN,
    **_resumable(RESUMABLE[0], SUBMIT),
    # Greenhouse has a key of its own.
    ("GET", "/v1/greenhouse/list_tests"): OPEN,
    ("POST", "/v1/greenhouse/send_test"): OPEN,
    ("GET", "/v1/greenhouse/test_status"): OPEN,
    ("POST", "/v1/greenhouse/response_error"): OPEN,
    ("POST", "/v1/upload-links"): SUBMIT,
    ("GET", "/v1/upload-links"): SUBMIT,
    ("POST", "/v1/upload-links/{link_id}:revoke"): SUBMIT,
    **_recruiting("/v1/jobs"),
    ("GET", "/v1/jobs/{job_id}/team"): SUBMIT | LOOK,
    ("PUT", "/v1/jobs/{job_id}/team"): ADMIN,
    ("GET", "/v1/job-templates"): SUBMIT,
    ("GET", "/v1/jobs/{job_id}/candidates"): LOOK,
    ("GET", "/v1/jobs/{job_id}/group-questions"): SUBMIT | LOOK,
    ("PUT", "/v1/jobs/{job_id}/group-questions"): SUBMIT,
    ("GET", "/v1/jobs/{job_id}/impact"): ADMIN,
    ("GET", "/v1/jobs/{job_id}/impact.csv"): ADMIN,
    ("GET", "/v1/jobs/{job_id}/impact.pdf"): ADMIN,
    ("GET", "/v1/deliveries"): SUBMIT,
    ("POST", "/v1/deliveries/{delivery_id}:resend"): SUBMIT,
    ("POST", "/v1/sessions"): SUBMIT,
    ("POST", "/upload"): SUBMIT,
    ("POST", "/upload_json"): SUBMIT,
    ("GET", "/v1/policies"): SUBMIT_OR_READ,
    ("GET", "/v1/rubrics"): SUBMIT_OR_READ | REVIEW,
    ("GET", "/status/{session_id}"): SUBMIT_OR_READ,
    ("GET", "/v1/sessions/{session_id}/events"): SUBMIT_OR_READ,
    ("GET", "/v1/sessions/{session_id}"): SUBMIT_OR_READ | REVIEW,
    ("POST", "/v1/sessions/{session_id}:cancel"): SUBMIT,
    ("POST", "/v1/sessions/{session_id}/answers/{index}/retry"): SUBMIT | REVIEW,
    ("DELETE", "/v1/sessions/{session_id}"): ADMIN,
    ("GET", "/v1/sessions/{session_id}/receipt"): SUBMIT | LOOK | AUDIT,
    ("GET", "/v1/sessions/{session_id}/reasons"): AUDIT,
    ("GET", "/v1/sessions/{session_id}/personal-data.zip"): ADMIN,
    ("GET", "/v1/audit-chain"): AUDIT,
    ("POST", "/v1/audit-chain:anchor"): AUDIT,
    ("GET", "/v1/sessions"): LOOK,
    ("GET", "/v1/sessions.csv"): LOOK,
    ("GET", "/results/{session_id}"): LOOK,
    ("GET", "/results/{session_id}.json"): LOOK,
    ("GET", "/v1/sessions/{session_id}/answers"): LOOK,
    ("GET", "/v1/sessions/{session_id}/answers/{index}"): LOOK,
    ("GET", "/v1/sessions/{session_id}/findings"): LOOK,
    ("GET", "/v1/sessions/{session_id}/report.pdf"): LOOK,
    ("GET", "/v1/sessions/{session_id}/artefacts/{name:path}"): LOOK,
    ("GET", "/v1/sessions/{session_id}/answers/{index}/transcript.{format}"): LOOK,
    ("POST", "/v1/sessions/{session_id}/answers/{index}/translation"): LOOK,
    ("GET", "/v1/sessions/{session_id}/answers/{index}/evidence"): REVIEW,
    ("GET", "/v1/sessions/{session_id}/answers/{index}/recording"): REVIEW,
    ("POST", "/v1/sessions/{session_id}/reviews"): REVIEW,
    ("POST", "/v1/sessions/{session_id}/contests"): REVIEW,
    ("GET", "/v1/sessions/{session_id}/audit"): REVIEW | AUDIT,
    ("GET", "/v1/sessions/{session_id}/scorecards"): LOOK,
    ("POST", "/v1/sessions/{session_id}/scorecards"): REVIEW,
    ("GET", "/v1/sessions/{session_id}/similar-answers"): LOOK,
    ("GET", "/v1/sessions/{session_id}/letter"): LOOK,
    ("GET", "/v1/sessions/{session_id}/letter.pdf"): LOOK,
    ("PUT", "/v1/sessions/{session_id}/letter"): REVIEW,
    ("POST", "/v1/sessions/{session_id}/letter:draft"): REVIEW,
    ("POST", "/v1/sessions/{session_id}/letter:send"): REVIEW,
    ("PUT", "/v1/sessions/{session_id}/shortlist"): REVIEW,
    ("GET", "/v1/sessions/{session_id}/comments"): LOOK,
    ("POST", "/v1/sessions/{session_id}/comments"): REVIEW,
    ("DELETE", "/v1/sessions/{session_id}/comments/{comment_id}"): REVIEW,
    ("GET", "/v1/organisation"): ADMIN,
    ("GET", "/v1/organisation/settings"): ADMIN,
    ("PUT", "/v1/organisation/settings"): ADMIN,
    ("PUT", "/v1/organisation/secrets/{kind}"): ADMIN,
    ("DELETE", "/v1/organisation/secrets/{kind}"): ADMIN,
    ("POST", "/v1/organisation/encryption-key"): ADMIN,
    ("POST", "/v1/organisation/encryption-key:delete"): ADMIN,
    ("GET", "/v1/members"): ADMIN,
    ("POST", "/v1/members"): ADMIN,
    ("PUT", "/v1/members/{member_id}"): ADMIN,
    ("DELETE", "/v1/members/{member_id}"): ADMIN,
    ("GET", "/v1/keys"): ADMIN,
    ("POST", "/v1/keys"): ADMIN,
    ("POST", "/v1/keys/{key_id}:revoke"): ADMIN,
}
"""Any one of the scopes is enough; `admin` is always enough."""

REVEALING = frozenset(
    {
        ("GET", "/results/{session_id}"),
        ("GET", "/results/{session_id}.json"),
        ("GET", "/v1/sessions/{session_id}/answers"),
        ("GET", "/v1/sessions/{session_id}/answers/{index}"),
        ("GET", "/v1/sessions/{session_id}/answers/{index}/evidence"),
        ("GET", "/v1/sessions/{session_id}/answers/{index}/recording"),
        ("GET", "/v1/sessions/{session_id}/artefacts/{name:path}"),
        ("GET", "/v1/sessions/{session_id}/audit"),
        ("GET", "/v1/sessions/{session_id}/comments"),
        ("GET", "/v1/sessions/{session_id}/findings"),
        ("GET", "/v1/sessions/{session_id}/letter"),
        ("GET", "/v1/sessions/{session_id}/letter.pdf"),
        ("PUT", "/v1/sessions/{session_id}/letter"),
        ("POST", "/v1/sessions/{session_id}/letter:draft"),
        ("POST", "/v1/sessions/{session_id}/letter:send"),
        ("GET", "/v1/sessions/{session_id}/report.pdf"),
        ("GET", "/v1/sessions/{session_id}/similar-answers"),
    }
)
"""What shows how others, or the machine, see a session: under blind review only to reviewers who have rated it."""

BY_PARTNER = frozenset(
    {("GET", f"/v1/greenhouse/{call}") for call in ("list_tests", "test_status")}
    | {("POST", f"/v1/greenhouse/{call}") for call in ("send_test", "response_error")}
)
"""Open to nobody but Greenhouse, by the key that is set for it."""

AFTERWARDS = frozenset({("GET", "/v1/upload-link/feedback"), ("POST", "/v1/upload-link/objection")})
"""Open under a candidate's link after its end too, as long as what was handed in under it is kept."""

BY_LINK = AFTERWARDS | frozenset(
    {("GET", "/v1/upload-link"), ("POST", "/v1/upload-link"), ("POST", "/v1/upload-link/consent")}
    | {(method, GROUPS) for method in ("GET", "PUT", "DELETE")}
    | {("GET", RESUMABLE[1]), ("PUT", f"{RESUMABLE[1]}/{{upload_id}}/marks")}
    | {operation for operation in _resumable(RESUMABLE[1], OPEN) if operation[0] != "OPTIONS"}
)
"""Open to nobody but a candidate with a link."""
