"""Who rates the candidates of a job: whoever rated the first of them, so that their scores can be compared."""

from __future__ import annotations

from datetime import UTC, datetime

import grpc
from sqlalchemy.exc import IntegrityError

from orchestrator.jobs.tables import JobRaterRow
from orchestrator.sessions.store import SessionStore
from servicekit.errors import ServiceError
from servicekit.wire import Model

RETRY_AFTER_S = 30.0


def rater(backend: str, model: Model) -> str:
    """Backend, model and what its weights are, where they are known: `llamacpp/qwen2.5…@1f2e…`.

    What runs it and where does not count, so that an update of a server holds nobody up.
    """
    weights = model.sha256[:12]
    return f"{backend}/{model.name}" + (f"@{weights}" if weights else "")


async def pinned(store: SessionStore, job_id: str, version: int, found: str) -> str:
    """The rater of this version of a job; `found` becomes it where there is none yet."""
    try:
        async with store.transaction() as db:
            if (row := await db.get(JobRaterRow, (job_id, version))) is not None:
                return row.rater
            db.add(JobRaterRow(job_id=job_id, version=version, rater=found, pinned_at=datetime.now(UTC)))
    except IntegrityError:  # another answer of the job was rated at the same moment
        async with store.transaction() as db:
            return (await db.get_one(JobRaterRow, (job_id, version))).rater
    return found


def differs(wanted: str, found: str) -> ServiceError:
    """Another rater than the job's has answered: its own is waited for."""
    message = f"Answers of this job are rated by {wanted}, which did not answer; {found} did."
    return ServiceError(grpc.StatusCode.UNAVAILABLE, "RATER_DIFFERS", message, retry_after_s=RETRY_AFTER_S)
