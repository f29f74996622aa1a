"""The judge's work on one answer and on a session."""

from __future__ import annotations

from interview.judge.v1 import judge_service_pb2 as judge_pb
from temporalio import activity

from orchestrator import artefacts, evidence
from orchestrator.activities.accounts import Accounts
from orchestrator.activities.analysis import JSON
from orchestrator.activities.recording import answer_row, made
from orchestrator.activities.stage import heartbeating, stage
from orchestrator.clients import Services
from orchestrator.evidence import wire
from orchestrator.jobs import raters
from orchestrator.metrics import RATER_HOLDS
from orchestrator.sessions.store import SessionStore
from orchestrator.vault.organisation_secrets import OrganisationSecrets
from orchestrator.workflows.inputs import AnswerInput, JudgeInput, PublishInput
from servicekit.errors import media_not_found
from servicekit.media import Media, MediaStore
from servicekit.telemetry.logs import get_logger
from servicekit.words import LEAST_SCORED_WORDS, words

log = get_logger()
JUDGE_TIMEOUT_S = 1800.0


class JudgingActivities:
    """`evaluate` and `summarize`. An answer without usable words is not judged."""

    def __init__(
        self, store: SessionStore, media: MediaStore, services: Services, secrets: OrganisationSecrets | None = None
    ) -> None:
        """Call `services.judge` with the organisation's accounts in `secrets`, write to `media`, report to `store`."""
        self._store, self._media, self._judge = store, media, services.judge
        self._accounts = Accounts(store, secrets)

    @activity.defn(name="evaluate")
    async def evaluate(self, request: JudgeInput) -> Media | None:
        """Rate the answer; None when the transcript is insufficient."""
        if found_before := await made(self._store, self._media, request.answer, "evaluate", artefacts.EVALUATION):
            return found_before
        async with stage(self._store, request.answer, "evaluate") as run:
            transcript = await self._transcript(request)
            if transcript.quality == "insufficient" or len(words(transcript.text)) < LEAST_SCORED_WORDS:
                run.skip()
                return None
            row = await answer_row(self._store, request.answer)
            call = judge_pb.EvaluateRequest(
                question=row.question,
                answer=transcript.text,
                language_code=transcript.language,
                analysis_language_code=row.language,
                reference=row.reference,
                rubric=row.rubric or await self._rubric(request.answer),
                transcript_confidence=_confidence(transcript),
                accounts=await self._accounts.of(request.answer.session_id),
            )
            found = wire.evaluation(await self._judge.Evaluate(call, timeout=JUDGE_TIMEOUT_S))
            await self._hold_to_the_jobs_rater(request.answer, found)
            return await self._write(request.answer, artefacts.EVALUATION, found)

    @activity.defn(name="summarize")
    async def summarize(self, request: PublishInput) -> Media | None:
        """Sum up the session from the answers that have a score; None when none has."""
        async with heartbeating():
            answers = [
                evidence.from_json(evidence.AnswerEvidence, await self._media.read(a.uri)) for a in request.answers
            ]
            rated = [wire.rated_answer(a.question, e) for a in answers if (e := a.evaluation) and e.scored]
            session = await self._store.get(request.session_id)
            if session is None:
                raise media_not_found(request.session_id)
            if not rated:
                return None
            accounts = await self._accounts.of(request.session_id)
            call = judge_pb.SummarizeRequest(answers=rated, language_code=session.language, accounts=accounts)
            found = wire.summary(await self._judge.Summarize(call, timeout=JUDGE_TIMEOUT_S))
            key = f"{artefacts.session_prefix(request.session_id)}/{artefacts.SUMMARY}"
            return await self._media.write(key, evidence.to_json(found), JSON)

    async def _rubric(self, answer: AnswerInput) -> str:
        session = await self._store.get(answer.session_id)
        return session.rubric if session else ""

    async def _hold_to_the_jobs_rater(self, answer: AnswerInput, found: evidence.Evaluation) -> None:
        """Raises RATER_DIFFERS. Counted words are no score, so they can be by anybody."""
        session = await self._store.get(answer.session_id)
        if session is None or not session.job_id or found.counts_words:
            return
        rater = raters.rater(found.attribution.backend, found.attribution.model)
        wanted = await raters.pinned(self._store, session.job_id, session.job_version, rater)
        if wanted != rater:
            RATER_HOLDS.inc()
            log.warning("rating held", wanted=wanted, found=rater)
            raise raters.differs(wanted, rater)

    async def _transcript(self, request: JudgeInput) -> evidence.Transcript:
        return evidence.from_json(evidence.Transcript, await self._media.read(request.transcript.uri))

    async def _write(self, answer: AnswerInput, name: str, value: object) -> Media:
        return await self._media.write(artefacts.answer_key(answer, name), evidence.to_json(value), JSON)


def _confidence(transcript: evidence.Transcript) -> float | None:
    """Share of right words to expect where it was calibrated, else the mean word probability; None when unknown."""
    measured = transcript.calibrated_confidence
    return transcript.confidence if measured is None else measured
