"""The workflow worker: `python -m orchestrator.worker`."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from datetime import timedelta
from functools import partial

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
from orchestrator.demand import observe
from orchestrator.download.downloader import Downloader
from orchestrator.metrics import begin_at_nought
from orchestrator.policies import policy
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import WorkerSettings
from orchestrator.sweep import Sweep
from orchestrator.temporal import connect, watch
from orchestrator.webhooks.delivery import Webhooks
from orchestrator.webhooks.sending import Sending
from orchestrator.webhooks.store import DeliveryStore
from orchestrator.workflows import WORKFLOWS
from servicekit.media import MediaStore
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import configure_logs, get_logger
from servicekit.telemetry.tracing import configure_tracing

log = get_logger()
DRAIN = timedelta(seconds=5)
HEARD_OF_CANCELLATION = timedelta(seconds=4)
"""At most so long after it was cancelled a stage hears of it: what is deleted waits for that."""


def build_worker(
    settings: WorkerSettings, temporal: Client, store: SessionStore, media: MediaStore, services: Services
) -> Worker:
    """A worker with every workflow and activity."""
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
    judging = JudgingActivities(store, media, services)
    translation = TranslationActivities(store, media, services)
    session = SessionActivities(store, media, temporal, policies, open_signer(settings))
    playback = PlaybackActivities(store, media, policies, settings.decoding)
    notification = NotificationActivities(store, Webhooks(settings), DeliveryStore(store))
    return Worker(
        temporal,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=[
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
        ],
        interceptors=[Faults()],
        max_heartbeat_throttle_interval=HEARD_OF_CANCELLATION,
        max_concurrent_activities=settings.max_concurrent_activities,
        graceful_shutdown_timeout=DRAIN,
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules("orchestrator", "servicekit")
        ),
    )


async def work(settings: WorkerSettings) -> None:
    """Work until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    begin_at_nought()
    signer = open_signer(settings)  # without it nothing could be deleted: said at once rather than then
    store, media = SessionStore(open_engine(settings)), MediaStore(settings)
    services = open_services(settings)
    connecting = asyncio.create_task(connect(settings))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({connecting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        async with build_worker(settings, connecting.result(), store, media, services):
            metrics.READY.set(1)
            log.info("ready")
            temporal = connecting.result()
            sweep = Sweep(store, media, temporal, settings.task_queue, partial(ChainStore(store).anchor_daily, signer))
            sending = Sending(DeliveryStore(store), Webhooks(settings))
            loops = (observe(store), watch(temporal), sweep.keep_sweeping(), sending.keep_sending())
            beside = [asyncio.create_task(work) for work in loops]
            await waiting
            for task in beside:
                task.cancel()
            metrics.READY.set(0)
            log.info("draining")
    connecting.cancel()
    await services.close()
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
