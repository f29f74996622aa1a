"""The workflow worker: `python -m orchestrator.worker`."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from orchestrator.activities.analysis import AnalysisActivities
from orchestrator.activities.faults import Faults
from orchestrator.activities.judgement import JudgingActivities
from orchestrator.activities.notification import NotificationActivities
from orchestrator.activities.playback import PlaybackActivities
from orchestrator.activities.recording import RecordingActivities
from orchestrator.activities.session import SessionActivities
from orchestrator.activities.translation import TranslationActivities
from orchestrator.audit.chain.signing import open_signer
from orchestrator.audit.chain.store import ChainStore
from orchestrator.clients import Services, open_services
from orchestrator.database import open_engine
from orchestrator.demand.observing import observe
from orchestrator.download.downloader import Downloader
from orchestrator.metrics import begin_at_nought
from orchestrator.policies import policy
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import WorkerSettings
from orchestrator.sweep import Sweep
from orchestrator.temporal import connect, watch
from orchestrator.vault.organisation_secrets import OrganisationSecrets
from orchestrator.vault.store import open_vault
from orchestrator.webhooks.delivery import Webhooks
from orchestrator.webhooks.sending import Sending
from orchestrator.webhooks.store import DeliveryStore
from orchestrator.workflows import WORKFLOWS_OF, queues
from orchestrator.workflows.queues import queue_name, taken_in
from servicekit.media import MediaStore
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import configure_logs, get_logger
from servicekit.telemetry.tracing import configure_tracing

Activity = Callable[..., Any]

log = get_logger()
DRAIN = timedelta(seconds=5)
HEARD_OF_CANCELLATION = timedelta(seconds=4)
"""At most so long after it was cancelled a stage hears of it: what is deleted waits for that."""
MOST_AT_HAND = 1000
"""So many workflows a process keeps in memory between two steps of theirs, about 70 KB each; others are read again."""
NONE_AT_HAND = 0
"""A deletion that waits a month is read again when its time has come, rather than kept in memory until then."""


def build_workers(
    settings: WorkerSettings,
    temporal: Client,
    store: SessionStore,
    media: MediaStore,
    services: Services,
    secrets: OrganisationSecrets | None = None,
) -> list[Worker]:
    """One for each queue that the settings name.

    That of the workflows has every workflow and activity: versions before the other queues left all of them there.
    """
    activities = build_activities(settings, temporal, store, media, services, secrets)
    begin_at_nought(activity.__name__ for activity in activities)
    return [
        Worker(
            temporal,
            task_queue=queue_name(settings.task_queue, queue),
            workflows=WORKFLOWS_OF.get(queue, []),
            activities=[activity for activity in activities if taken_in(queue, activity.__name__)],
            max_cached_workflows=NONE_AT_HAND if queue == queues.RETENTION else MOST_AT_HAND,
            interceptors=[Faults()],
            max_heartbeat_throttle_interval=HEARD_OF_CANCELLATION,
            max_concurrent_activities=settings.max_concurrent_activities,
            graceful_shutdown_timeout=DRAIN,
            workflow_runner=SandboxedWorkflowRunner(
                restrictions=SandboxRestrictions.default.with_passthrough_modules("orchestrator", "servicekit")
            ),
        )
        for queue in settings.queue_names
    ]


def build_activities(
    settings: WorkerSettings,
    temporal: Client,
    store: SessionStore,
    media: MediaStore,
    services: Services,
    secrets: OrganisationSecrets | None = None,
) -> list[Activity]:
    """Every activity; organisations' own webhook secrets and accounts are in `secrets`."""
    downloader = Downloader(settings)
    recording = RecordingActivities(
        store,
        media,
        downloader,
        settings.max_video_duration_s,
        settings.max_recordings,
        settings.decoding,
        settings.max_concurrent_downloads,
    )
    policies = policy.load(settings.policies_dir)
    analysis = AnalysisActivities(store, media, services, policies)
    judging = JudgingActivities(store, media, services, secrets)
    translation = TranslationActivities(store, media, services, secrets)
    session = SessionActivities(store, media, temporal, policies, open_signer(settings))
    playback = PlaybackActivities(store, media, policies, settings.decoding)
    notification = NotificationActivities(store, Webhooks(settings, secrets), DeliveryStore(store))
    return [
        *(recording.fetch, recording.prepare, recording.clean_up),
        *(analysis.transcribe, analysis.watch, analysis.listen),
        *(judging.evaluate, judging.summarize),
        *(translation.next_translation, translation.translate_answer, translation.complete_result),
        *(translation.end_translations, translation.translate),
        *(playback.next_playback, playback.make_playback, playback.give_up_playback),
        *(session.begin_session, session.fail_stage, session.fuse, session.publish),
        *(session.cancel_session, session.fail_session, session.stop_session, session.erase_session),
        session.retention_left,
        notification.notify,
    ]


@asynccontextmanager
async def working(workers: Sequence[Worker]) -> AsyncIterator[None]:
    """All of them work; at the end they drain at the same time."""
    for worker in workers:
        await worker.__aenter__()
    try:
        yield
    finally:
        await asyncio.gather(*(worker.__aexit__(None, None, None) for worker in workers))


async def work(settings: WorkerSettings) -> None:
    """Work until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    begin_at_nought()
    signer = open_signer(settings)  # without it nothing could be deleted: said at once rather than then
    engine = open_engine(settings)
    store, vault = SessionStore(engine), open_vault(engine, settings)
    media = MediaStore(settings, keys=vault)
    services = open_services(settings)
    connecting = asyncio.create_task(connect(settings))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({connecting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        async with working(build_workers(settings, connecting.result(), store, media, services, vault.secrets)):
            metrics.READY.set(1)
            log.info("ready")
            temporal = connecting.result()
            loops = [watch(temporal)]
            if queues.WORKFLOWS in settings.queue_names:
                anchor = partial(ChainStore(store).anchor_daily, signer)
                sweep = Sweep(store, media, temporal, settings.task_queue, anchor, vault)
                sending = Sending(DeliveryStore(store), Webhooks(settings, vault.secrets))
                loops += [observe(store), sweep.keep_sweeping(), sending.keep_sending()]
            beside = [asyncio.create_task(work) for work in loops]
            await waiting
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            metrics.READY.set(0)
            log.info("draining")
    connecting.cancel()
    await services.close()
    await vault.close()
    await store.close()


def main() -> None:
    """Run the worker and end cleanly."""
    settings = WorkerSettings()
    configure_logs(settings.log_level, "worker")
    configure_tracing(settings.otlp_endpoint, "worker")
    metrics.serve_metrics(settings.host, settings.metrics_port)
    asyncio.run(work(settings))
    # A process that ends while the SDK's threads still wind down can abort in the interpreter's exit.
    gc.collect()
    time.sleep(0.5)


if __name__ == "__main__":
    main()
