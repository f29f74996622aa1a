"""Deleting the histories of a session's workflows: they hold its id, and references to what is gone."""

from __future__ import annotations

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from orchestrator.workflows.inputs import playback_workflow_id, translation_workflow_id

_NONE = (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNIMPLEMENTED)
"""There is no such workflow, or an engine that keeps histories until its own retention ends."""


async def delete_histories(temporal: Client, session_id: str, answer_count: int) -> list[str]:
    """Delete what the engine still knows of a stopped session; returns the ids of the workflows.

    The workflow that deletes needs its own history; the engine drops that when its retention ends.
    """
    found, own = [], activity.info().workflow_id if activity.in_activity() else ""
    answers = (f"answer-{session_id}-{index}" for index in range(answer_count))
    others = (f"{name}-{session_id}" for name in ("session", "notify", "retention"))
    later = translation_workflow_id(session_id), playback_workflow_id(session_id)
    for workflow_id in (*answers, *others, *later):
        if workflow_id != own and await _deleted(temporal, workflow_id):
            found.append(workflow_id)
    return found


async def _deleted(temporal: Client, workflow_id: str) -> bool:
    execution = WorkflowExecution(workflow_id=workflow_id)
    request = DeleteWorkflowExecutionRequest(namespace=temporal.namespace, workflow_execution=execution)
    try:
        await temporal.workflow_service.delete_workflow_execution(request)
    except RPCError as error:
        if error.status not in _NONE:
            raise
        return False
    return True
