"""Prometheus metrics of the worker: stages, sessions, webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from prometheus_client import Counter, Gauge, Histogram

from orchestrator.sessions.states import ENDED_SESSION, STAGES, SessionState

STAGE_SECONDS = Histogram(
    "interview_stage_seconds",
    "Duration of one try of a stage, a service's work and its transport included.",
    ["stage", "outcome"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560),
)
STAGE_WAIT_SECONDS = Histogram(
    "interview_stage_wait_seconds",
    "From a stage's turn to the try that ended it: the queue, full services, tries that failed.",
    ["stage"],
    buckets=(0.1, 1, 5, 15, 60, 180, 600, 1200, 1800, 3600, 7200, 14_400),
)
STAGE_FAILURES = Counter(
    "interview_stage_failures_total", "Stages that ended without a result, by reason.", ["stage", "reason"]
)
SESSIONS = Counter("interview_sessions_total", "Sessions that have ended, by how.", ["state"])
SESSION_SECONDS = Histogram(
    "interview_session_seconds",
    "From a session's submission to its published result.",
    buckets=(30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200),
)
WEBHOOKS = Counter("interview_webhooks_total", "Tries to tell a caller's system that a session has ended.", ["outcome"])
DEMAND = Gauge(
    "interview_service_demand", "Calls that wait for a service or run there, over all sessions.", ["service"]
)
STORAGE_WAITS = Counter(
    "interview_storage_waits_total", "Tries that found database or object store away, by activity.", ["activity"]
)
RATER_HOLDS = Counter(
    "interview_rater_holds_total", "Ratings that were not taken, as another than the job's rater gave them."
)
STARTS_OWED = Gauge(
    "interview_starts_owed",
    "Sessions recorded more than a minute ago whose workflow is still to be started; at most 1000.",
)
OVERDUE_DELETIONS = Gauge(
    "interview_overdue_deletions", "Sessions that still exist though their retention time has ended; at most 1000."
)


FAULTS = (
    *("INTERNAL", "TIMED_OUT", "UPSTREAM_DOWN", "DEADLINE_EXCEEDED", "JUDGE_OUTPUT_INVALID", "MEDIA_CORRUPT"),
    *("MEDIA_NOT_FOUND", "MODEL_NOT_READY", "CAPACITY", "POLICY_MISSING", "RATER_DIFFERS"),
)
"""Reasons for which a stage fails that are ours to mend; others are the recording's or the link's."""


def begin_at_nought(activities: Iterable[str] = ()) -> None:
    """Tell what alerts look at before it happens: a counter that begins with its first failure never rises."""
    for stage in STAGES:
        STAGE_SECONDS.labels(stage, "failed")
        for reason in FAULTS:
            STAGE_FAILURES.labels(stage, reason)
    for state in ENDED_SESSION:
        SESSIONS.labels(state.lower())
    for activity in activities:
        STORAGE_WAITS.labels(activity)
    WEBHOOKS.labels("delivered")


def session_ended(state: SessionState, submitted_at: datetime | None = None) -> None:
    """Count a session that has ended; with the time of its submission if it has a result."""
    SESSIONS.labels(state.lower()).inc()
    if submitted_at is not None:
        SESSION_SECONDS.observe((datetime.now(UTC) - submitted_at).total_seconds())
