"""Durable workflows, and what travels through them. Activities are called by name."""

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

__all__ = [
    "STAGE_TRY",
    "WORKFLOWS",
    "AnswerWorkflow",
    "ErasureWorkflow",
    "NotificationWorkflow",
    "PlaybackWorkflow",
    "SessionWorkflow",
    "TranslationWorkflow",
]
