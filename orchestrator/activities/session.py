"""A session's rows from begin to end: fuse, publish, cancel, erase."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from temporalio import activity
from temporalio.client import Client, WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from orchestrator import artefacts, evidence, metrics
from orchestrator.activities.analysis import JSON
from orchestrator.activities.histories import delete_histories
from orchestrator.activities.recording import delete_recording, session_policy
from orchestrator.activities.stage import beating
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.chain.signing import Signer
from orchestrator.evidence.collection import answer_evidence, answer_state, answers_of, may_succeed, prints_of
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.grounds import shown
from orchestrator.fusion.published.headline import headline
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import to_json
from orchestrator.fusion.translation import offered
from orchestrator.impact.reporting import Reporting
from orchestrator.impact.store import ImpactStore
from orchestrator.invitations.store import forget
from orchestrator.playback.deletion import delete as delete_playback
from orchestrator.policies.policy import KEEP_FAILED_RECORDINGS_DAYS, Policy
from orchestrator.sessions.states import ENDED_ANSWER, ENDED_SESSION, AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.similarity.comparison import Comparison
from orchestrator.translations import store as translations
from orchestrator.workflows.inputs import (
    AnswerFiles,
    AnswerInput,
    Begun,
    ErasureInput,
    PublishInput,
    SessionInput,
    StageFailure,
    playback_workflow_id,
    translation_workflow_id,
)
from servicekit.errors import ServiceError, media_not_found
from servicekit.media import Media, MediaStore

STOP_TIMEOUT = timedelta(seconds=120)
"""Longer than a try that cannot be told to stop may take."""

SETTLING_S = 10.0
"""As long as activities of a workflow that was ended by force go on until they hear of it."""


class SessionActivities:
    """Everything that moves rows rather than bytes."""

    def __init__(
        self,
        store: SessionStore,
        media: MediaStore,
        temporal: Client,
        policies: Mapping[str, Policy],
        signer: Signer,
    ) -> None:
        """`temporal` is used to stop a session that is to be deleted, whose receipt `signer` signs; `policies` are
        known by their names.
        """
        self._store, self._media, self._temporal, self._policies = store, media, temporal, policies
        self._receipts, self._signer = Receipts(store), signer
        self._reporting = Reporting(ImpactStore(store))
        self._comparison = Comparison(store, media)

    @activity.defn(name="begin_session")
    async def begin_session(self, session_id: str) -> Begun:
        """The session runs, and so do its answers, but for those that have ended when it ran before."""
        row = await self._store.get(session_id)
        if row is None or row.state in ENDED_SESSION:
            return Begun(False)
        await self._store.set_session(session_id, SessionState.RUNNING, "Starting transcription...")
        for answer in row.answers:
            if answer.state == AnswerState.PENDING:
                await self._store.set_answer(session_id, answer.index, AnswerState.RUNNING)
        ended = tuple([await self._ended(session_id, answer) for answer in row.answers])
        return Begun(True, ended, any(answer.playback_state for answer in row.answers))

    async def _ended(self, session_id: str, answer: AnswerRow) -> Media | None:
        uri = self._media.uri(artefacts.answer_key(AnswerInput(session_id, answer.index), artefacts.EVIDENCE))
        return Media(uri) if answer.state in ENDED_ANSWER and await self._media.exists(uri) else None

    @activity.defn(name="fail_stage")
    async def fail_stage(self, failure: StageFailure) -> None:
        """Record why a stage has no result."""
        await self._store.set_stage(
            failure.answer.session_id,
            failure.answer.index,
            failure.stage,
            state=StageState.FAILED,
            ended_at=datetime.now(UTC),
            error_reason=failure.reason,
            error_message=failure.message,
        )
        metrics.STAGE_FAILURES.labels(failure.stage, failure.reason).inc()

    @activity.defn(name="fuse")
    async def fuse(self, files: AnswerFiles) -> Media:
        """Gather everything known of an answer into its evidence artefact, and end the answer."""
        answer = files.answer
        await self._store.set_stage(
            answer.session_id, answer.index, "fuse", state=StageState.RUNNING, started_at=datetime.now(UTC)
        )
        row = (await self._row(answer.session_id)).answers[answer.index]
        found = await answer_evidence(row, files, self._media)
        if found.stages["translate"].state == "pending" and not (found.transcript and found.transcript.text):
            await self._store.set_stage(answer.session_id, answer.index, "translate", state=StageState.SKIPPED)
            found = replace(found, stages=found.stages | {"translate": evidence.StageReport("skipped")})
        key = artefacts.answer_key(answer, artefacts.EVIDENCE)
        written = await self._media.write(key, evidence.to_json(found), JSON)
        early = to_json(shown(findings(found)))
        await self._media.write(artefacts.answer_key(answer, artefacts.FINDINGS), early, JSON)
        now = datetime.now(UTC)
        await self._store.set_stage(
            answer.session_id, answer.index, "fuse", state=StageState.COMPLETED, fraction=1.0, ended_at=now
        )
        kept = await self._recordings_kept(answer.session_id) if may_succeed(found) else timedelta(0)
        await self._store.set_recording_end(answer.session_id, answer.index, now + kept)
        state, reason, message = answer_state(found)
        await self._store.set_answer(answer.session_id, answer.index, state, reason, message)
        return written

    @activity.defn(name="publish")
    async def publish(self, request: PublishInput) -> None:
        """Write the result and end the session."""
        row = await self._row(request.session_id)
        result = session_result(await self._session(row, request), await self._summary(request), datetime.now(UTC))
        key, content = artefacts.result_key(request.session_id), to_json(result, indent=2)
        written = await self._media.write(key, content, JSON)
        failed = [a for a in row.answers if a.state == AnswerState.FAILED]
        state = SessionState.FAILED if len(failed) == len(row.answers) else SessionState.COMPLETED
        message = failed[0].error_message if state == SessionState.FAILED else "Completed."
        retention = timedelta(seconds=request.retention_s)
        figures = asdict(headline(content))
        if await self._store.publish(request.session_id, state, message, written, retention, figures):
            metrics.session_ended(state, row.created_at)
            await self._comparison.tried(request.session_id)
        else:
            await self._media.delete(written.uri)  # cancelled or deleted meanwhile: nothing may be left behind

    @activity.defn(name="cancel_session")
    async def cancel_session(self, session: SessionInput) -> None:
        """End a session on request: its recordings go, finished evidence stays."""
        for index in range(session.answer_count):
            await delete_recording(self._media, AnswerInput(session.session_id, index))
        await self._store.cancel_open(session.session_id, timedelta(seconds=session.retention_s))
        answers = [AnswerInput(session.session_id, index) for index in range(session.answer_count)]
        await delete_playback(self._store, self._media, answers)  # whoever makes one now finds the session cancelled
        metrics.session_ended(SessionState.CANCELLED)

    @activity.defn(name="fail_session")
    async def fail_session(self, session: SessionInput) -> None:
        """End a session that could not be brought to a result through a fault of ours; it can be run again."""
        await self._keep_recordings(session.session_id)
        retention = timedelta(seconds=session.retention_s)
        message = "Internal error. Run the session again, or submit it again."
        await self._store.set_session(session.session_id, SessionState.FAILED, message, retention)
        metrics.session_ended(SessionState.FAILED)

    @activity.defn(name="stop_session")
    async def stop_session(self, session_id: str) -> int:
        """Make sure that no workflow works on the session any more; returns how many objects it had."""
        # A translation that comes just before it is stopped is not followed by the next one.
        await translations.stop(self._store, session_id, StageState.SKIPPED, "CANCELLED", "Cancelled.")
        async with beating():
            objects = len(await self._expect_deletion(session_id))
            later = translation_workflow_id(session_id), playback_workflow_id(session_id)
            await asyncio.gather(*map(self._stop, (f"session-{session_id}", *later)))
            await self._drop_timer(session_id)
        return objects

    async def _expect_deletion(self, session_id: str) -> list[str]:
        """Remember for the receipt what there is of a session; returns the keys of the objects in its folder."""
        keys, result = await self._media.list(artefacts.session_prefix(session_id)), artefacts.result_key(session_id)
        published = [result] if await self._media.exists(self._media.uri(result)) else []
        await self._receipts.expect(session_id, [*keys, *published])
        return keys

    async def _stop(self, workflow_id: str) -> None:
        handle = self._temporal.get_workflow_handle(workflow_id)
        try:
            await handle.cancel()
            await handle.result(rpc_timeout=STOP_TIMEOUT)
        except WorkflowFailureError:
            return  # ended, however
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return
            await handle.terminate("deleted")
            await asyncio.sleep(SETTLING_S)

    async def _drop_timer(self, session_id: str) -> None:
        """The retention timer of a session that is deleted has nothing left to do, unless it is what deletes it."""
        timer = f"retention-{session_id}"
        if activity.info().workflow_id == timer:
            return
        try:
            await self._temporal.get_workflow_handle(timer).terminate("deleted")
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise

    @activity.defn(name="retention_left")
    async def retention_left(self, erasure: ErasureInput) -> float:
        """Seconds until a session may be erased whose time seemed to be over; 0: now.

        It may have gone on since, or be another one under the id of a deleted one.
        """
        row = await self._store.get(erasure.session_id)
        if row is None:
            return 0.0
        if row.retention_end_at is None:
            return 0.0 if row.state in ENDED_SESSION else erasure.delay_s
        return max(0.0, (row.retention_end_at - datetime.now(UTC)).total_seconds())

    @activity.defn(name="erase_session")
    async def erase_session(self, session_id: str) -> int:
        """Delete every object, history and row, and sign a receipt; returns the number of objects."""
        await self._expect_deletion(session_id)
        deleted = await self._media.delete_prefix(artefacts.session_prefix(session_id))
        result = self._media.uri(artefacts.result_key(session_id))
        if await self._media.exists(result):
            await self._media.delete(result)
            deleted += 1
        if (row := await self._store.get(session_id)) is not None:
            histories = await delete_histories(self._temporal, session_id, len(row.answers))
            await self._receipts.expect(session_id, (), histories)
        await self._reporting.keep(session_id)
        await self._receipts.delete(session_id, self._signer)
        await forget(self._store, session_id)
        # What was written while the rows still said that the session is kept; whoever writes later looks there first.
        return deleted + await self._media.delete_prefix(artefacts.session_prefix(session_id))

    async def _keep_recordings(self, session_id: str) -> None:
        row = await self._store.get(session_id)
        for answer in row.answers if row else ():
            end = datetime.now(UTC) + await self._recordings_kept(session_id)
            await self._store.set_recording_end(session_id, answer.index, end)

    async def _recordings_kept(self, session_id: str) -> timedelta:
        """How long recordings are kept whose stages failed."""
        try:
            policy = await session_policy(self._store, session_id, self._policies)
        except ServiceError as error:
            if error.reason != "POLICY_MISSING":
                raise
            return timedelta(days=KEEP_FAILED_RECORDINGS_DAYS)  # that it is missing may be what failed
        return timedelta(days=policy.keep_failed_recordings_days)

    async def _row(self, session_id: str) -> SessionRow:
        row = await self._store.get(session_id)
        if row is None:
            raise media_not_found(session_id)
        return row

    async def _session(self, row: SessionRow, request: PublishInput) -> evidence.SessionEvidence:
        policy = await session_policy(self._store, row.id, self._policies)
        answers = tuple(offered(answer, policy) for answer in await answers_of(request, self._media))
        count = len(answers) if policy.biometric_comparison else 0
        voices = await prints_of(evidence.VoicePrint, artefacts.VOICE, row.id, count, self._media)
        faces = await prints_of(evidence.FacePrint, artefacts.FACE, row.id, count, self._media)
        return evidence.SessionEvidence(
            row.id,
            row.candidate_name,
            row.language,
            answers,
            row.project_score,
            row.consent_reference,
            policy=policy,
            voices=voices,
            faces=faces,
        )

    async def _summary(self, request: PublishInput) -> evidence.Summary | None:
        if request.summary is None:
            return None
        return evidence.from_json(evidence.Summary, await self._media.read(request.summary.uri))
