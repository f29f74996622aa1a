"""`OrchestratorService`: the calls of every feature as one service."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2_grpc import (
    OrchestratorServiceServicer,
    add_OrchestratorServiceServicer_to_server,
)

from orchestrator.database import open_engine
from orchestrator.keys.rpc import KeyCalls
from orchestrator.keys.service import Keys
from orchestrator.policies import policy
from orchestrator.policies.choices import Choices
from orchestrator.policies.rpc import ChoiceCalls
from orchestrator.reviews.rpc import ReviewCalls
from orchestrator.sessions.rpc import SessionCalls
from orchestrator.sessions.starting import Starting
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import ApiSettings
from orchestrator.translations.rpc import TranslationCalls
from orchestrator.translations.service import Translations
from orchestrator.workflows.control import WorkflowControl
from servicekit.media import MediaStore

SERVICE = pb.DESCRIPTOR.services_by_name["OrchestratorService"]
CALLS = [method.name for method in SERVICE.methods]


class Orchestrator:
    """Each call belongs to one feature, which has it under the call's own name."""

    service_name = SERVICE.full_name

    def __init__(self, settings: ApiSettings) -> None:
        """Connect to nothing yet; `load` does."""
        engine, media = open_engine(settings), MediaStore(settings)
        policies = policy.load(settings.policies_dir)
        if settings.policy not in policies:
            raise policy.PolicyError(f"ORCHESTRATOR_POLICY must be one of {', '.join(policies)}")
        self._store, self._workflows = SessionStore(engine), WorkflowControl(settings)
        self._choices = Choices(policies, settings.policy, settings.judge_target, settings)
        translations = Translations(self._store, media, policies, self._workflows)
        self._starting, self._loop = Starting(self._store, self._workflows), set[asyncio.Task[None]]()
        self.sessions = SessionCalls(
            settings, self._store, media, policies, self._choices, self._workflows, self._starting, translations
        )
        self.translations = TranslationCalls(self._store, translations)
        self.reviews = ReviewCalls(self._store, media)
        self.choices = ChoiceCalls(self._choices)
        self.keys = KeyCalls(Keys(engine))

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        features = (self.sessions, self.translations, self.reviews, self.choices, self.keys)
        calls = {name: getattr(feature, name) for name in CALLS for feature in features if hasattr(feature, name)}
        add_OrchestratorServiceServicer_to_server(cast(OrchestratorServiceServicer, SimpleNamespace(**calls)), server)

    async def load(self) -> None:
        """Connect to Temporal, waiting until it is there; from then on what is owed is started."""
        await self._workflows.load()
        self._loop.add(asyncio.create_task(self._starting.keep_starting()))

    async def close(self) -> None:
        """Close the database and the judge's channel."""
        for task in self._loop:
            task.cancel()
        await self._choices.close()
        await self._store.close()
