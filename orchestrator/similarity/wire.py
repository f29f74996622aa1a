"""From pairs to the messages of `OrchestratorService`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.wire import message


def similar_message(pair: Mapping[str, Any]) -> pb.SimilarAnswer:
    """A pair, seen from one of its sessions."""
    return message(pb.SimilarAnswer, pair, other=message(pb.OtherAnswer, pair["other"]))
