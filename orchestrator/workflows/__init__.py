"""Durable workflows, and what travels through them. Activities are called by name."""

from collections.abc import Sequence

from orchestrator.workflows import queues
from orchestrator.workflows.answer import AnswerWorkflow
from orchestrator.workflows.closure import ErasureWorkflow, NotificationWorkflow
from orchestrator.workflows.playback import PlaybackWorkflow
from orchestrator.workflows.session import SessionWorkflow
from orchestrator.workflows.stages import STAGE_TRY
from orchestrator.workflows.translation import TranslationWorkflow

WORKFLOWS = [
    SessionWorkflow,
    AnswerWorkflow,
    TranslationWorkflow,
    PlaybackWorkflow,
    NotificationWorkflow,
    ErasureWorkflow,
]

WORKFLOWS_OF: dict[str, Sequence[type]] = {queues.WORKFLOWS: WORKFLOWS, queues.RETENTION: [ErasureWorkflow]}
"""By queue; services' queues have none."""

__all__ = [
    "STAGE_TRY",
    "WORKFLOWS",
    "WORKFLOWS_OF",
    "AnswerWorkflow",
    "ErasureWorkflow",
    "NotificationWorkflow",
    "PlaybackWorkflow",
    "SessionWorkflow",
    "TranslationWorkflow",
]
