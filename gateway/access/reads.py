"""Who reads what of a session: recorded before it is shown, for every route in one place."""

from __future__ import annotations

import time
from collections import OrderedDict

from fastapi import Request

from gateway.access.principal import Principal
from gateway.audit.orchestrator import AuditChain
from gateway.orchestrator import Sessions

_ONE = "/v1/sessions/{session_id}"
READS: dict[str, str] = {
    "/results/{session_id}": "result",
    "/results/{session_id}.json": "result",
    _ONE: "session",
    f"{_ONE}/answers": "answers",
    f"{_ONE}/answers/{{index}}": "answers",
    f"{_ONE}/answers/{{index}}/evidence": "evidence",
    f"{_ONE}/answers/{{index}}/recording": "recording",
    f"{_ONE}/answers/{{index}}/transcript.{{format}}": "transcript",
    f"{_ONE}/artefacts/{{name:path}}": "artefact",
    f"{_ONE}/audit": "audit",
    f"{_ONE}/comments": "comments",
    f"{_ONE}/findings": "findings",
    f"{_ONE}/letter": "letter",
    f"{_ONE}/letter.pdf": "letter",
    f"{_ONE}/personal-data.zip": "personal-data",
    f"{_ONE}/reasons": "reasons",
    f"{_ONE}/report.pdf": "report",
    f"{_ONE}/scorecards": "scorecards",
    f"{_ONE}/similar-answers": "similar-answers",
    "/v1/jobs/{job_id}/candidates": "candidates",
    "/v1/jobs/{job_id}/impact": "impact",
    "/v1/jobs/{job_id}/impact.csv": "impact",
    "/v1/jobs/{job_id}/impact.pdf": "impact",
    "/v1/sessions": "sessions",
    "/v1/sessions.csv": "sessions.csv",
    "/v1/audit-chain": "audit-chain",
}
"""Every route that shows what was made of a candidate, and what the chain calls that."""

TOLD = frozenset({"/status/{session_id}", f"{_ONE}/events", f"{_ONE}/receipt"})
"""Those of a session that show how far the work is, or that it is gone, and nothing of its content."""

TOGETHER_S, MOST_KEPT = 60.0, 10_000
"""The same person reading the same again within a minute is one entry: pages ask every few seconds."""

MOST_ID = 32
"""Characters of a session's id."""

OPENED_S = {"recording": 1800.0}
"""Of what is read in many parts. This is asked of the chain itself, since each part may come to another gateway."""


class Reads:
    """Records reads in the audit chain."""

    def __init__(self, sessions: Sessions) -> None:
        """Nothing was read yet."""
        self._chain = AuditChain(sessions)
        self._recent: OrderedDict[tuple[str, str, str], float] = OrderedDict()

    async def record(self, path: str, request: Request, principal: Principal) -> None:
        """Record what a GET request is about to show. Raises UPSTREAM_DOWN: what cannot be recorded is not shown."""
        what = READS.get(path)
        if what is None or request.method not in ("GET", "HEAD"):
            return
        known = principal.place, what, request.url.path
        now = time.monotonic()
        together_s = OPENED_S.get(what, TOGETHER_S)
        if now - self._recent.get(known, now - together_s) < together_s:
            return
        index = request.path_params.get("index", "")
        answer = int(index) if str(index).isdecimal() and len(str(index)) < 4 else None
        session_id = str(request.path_params.get("session_id", ""))
        once_within_s = OPENED_S.get(what, 0.0)
        if len(session_id) > MOST_ID:
            return  # no session's
        if await self._chain.record_read(session_id, principal.id, what, answer, once_within_s):
            self._recent[known] = now
            self._recent.move_to_end(known)
            if len(self._recent) > MOST_KEPT:
                self._recent.popitem(last=False)
