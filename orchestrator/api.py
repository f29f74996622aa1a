"""`OrchestratorService`: the calls of every feature as one service; beside it those of jobs, of the audit, of
organisations and of administration.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import grpc
from google.protobuf.message import Message
from interview.administration.v1 import administration_service_pb2 as administration_pb
from interview.administration.v1.administration_service_pb2_grpc import (
    AdministrationServiceServicer,
    add_AdministrationServiceServicer_to_server,
)
from interview.audit.v1 import audit_service_pb2 as audit_pb
from interview.audit.v1.audit_service_pb2_grpc import AuditServiceServicer, add_AuditServiceServicer_to_server
from interview.impact.v1 import impact_service_pb2 as impact_pb
from interview.impact.v1.impact_service_pb2_grpc import ImpactServiceServicer, add_ImpactServiceServicer_to_server
from interview.jobs.v1 import jobs_service_pb2 as jobs_pb
from interview.jobs.v1.jobs_service_pb2_grpc import JobsServiceServicer, add_JobsServiceServicer_to_server
from interview.letters.v1 import letters_service_pb2 as letters_pb
from interview.letters.v1.letters_service_pb2_grpc import LettersServiceServicer, add_LettersServiceServicer_to_server
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2_grpc import (
    OrchestratorServiceServicer,
    add_OrchestratorServiceServicer_to_server,
)
from interview.organisations.v1 import organisations_service_pb2 as organisations_pb
from interview.organisations.v1.organisations_service_pb2_grpc import (
    OrganisationsServiceServicer,
    add_OrganisationsServiceServicer_to_server,
)
from interview.vault.v1 import vault_service_pb2 as vault_pb
from interview.vault.v1.vault_service_pb2_grpc import VaultServiceServicer, add_VaultServiceServicer_to_server

from orchestrator.audit.rpc import AuditCalls
from orchestrator.candidates.rpc import CandidateCalls
from orchestrator.candidates.store import CandidateStore
from orchestrator.database import open_engine
from orchestrator.impact.rpc import ImpactCalls
from orchestrator.impact.store import ImpactStore
from orchestrator.invitations.job_share import JobShare
from orchestrator.invitations.rpc import InvitationCalls
from orchestrator.invitations.store import InvitationStore
from orchestrator.jobs.content import Contents
from orchestrator.jobs.counts import SessionCounting
from orchestrator.jobs.rpc import JobCalls
from orchestrator.jobs.store import JobStore
from orchestrator.jobs.team import TeamCalls, Teams
from orchestrator.keys.rpc import AdministrationCalls, KeyCalls
from orchestrator.keys.service import Keys
from orchestrator.letters.rpc import LetterCalls
from orchestrator.links.rpc import LinkCalls
from orchestrator.links.store import LinkStore
from orchestrator.notes.rpc import NoteCalls
from orchestrator.organisations.members import MemberStore
from orchestrator.organisations.rpc import OrganisationAdministration, OrganisationCalls
from orchestrator.organisations.store import OrganisationStore
from orchestrator.ownership import act_for, acting_for, apart, everybody
from orchestrator.policies import policy
from orchestrator.policies.choices import Choices
from orchestrator.policies.rpc import ChoiceCalls
from orchestrator.preferences.rpc import SettingsCalls
from orchestrator.preferences.store import Preferences
from orchestrator.reviews.rpc import ReviewCalls
from orchestrator.scorecards.rpc import ScorecardCalls
from orchestrator.sessions.launch import Starting
from orchestrator.sessions.rpc import SessionCalls
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import ApiSettings
from orchestrator.similarity.rpc import SimilarityCalls
from orchestrator.translations.rpc import TranslationCalls
from orchestrator.translations.service import Translations
from orchestrator.vault.rpc import VaultCalls
from orchestrator.vault.store import open_vault
from orchestrator.webhooks.rpc import DeliveryCalls
from orchestrator.webhooks.signing import WebhookSigning
from orchestrator.workflows.control import WorkflowControl
from servicekit.errors import field_invalid
from servicekit.media import MediaStore
from servicekit.organisation import named, viewer

SERVICE = pb.DESCRIPTOR.services_by_name["OrchestratorService"]
JOBS = jobs_pb.DESCRIPTOR.services_by_name["JobsService"]
LETTERS = letters_pb.DESCRIPTOR.services_by_name["LettersService"]
IMPACT = impact_pb.DESCRIPTOR.services_by_name["ImpactService"]
AUDIT = audit_pb.DESCRIPTOR.services_by_name["AuditService"]
VAULT = vault_pb.DESCRIPTOR.services_by_name["VaultService"]
ADMINISTRATION = administration_pb.DESCRIPTOR.services_by_name["AdministrationService"]
ORGANISATIONS = organisations_pb.DESCRIPTOR.services_by_name["OrganisationsService"]


class Orchestrator:
    """Each call belongs to one feature, which has it under the call's own name."""

    service_name = SERVICE.full_name
    also_serves = tuple(s.full_name for s in (JOBS, LETTERS, IMPACT, AUDIT, VAULT, ADMINISTRATION, ORGANISATIONS))
    guarded = tuple(
        f"/{service.full_name}/{method.name}"
        for service in (ADMINISTRATION, SERVICE)
        for method in ADMINISTRATION.methods
        if method.name in service.methods_by_name
    )

    def __init__(self, settings: ApiSettings) -> None:
        """Connect to nothing yet; `load` does."""
        engine = apart(open_engine(settings))
        self._vault = open_vault(engine, settings)
        media = MediaStore(settings, keys=self._vault)
        policies = policy.load(settings.policies_dir)
        if settings.policy not in policies:
            raise policy.PolicyError(f"ORCHESTRATOR_POLICY must be one of {', '.join(policies)}")
        self._store, self._workflows = SessionStore(engine, self._vault), WorkflowControl(settings)
        self._preferences = preferences = Preferences(engine, settings.policy, settings.retention_days)
        self._choices = Choices(policies, preferences, settings.judge_target, settings)
        translations = Translations(self._store, media, policies, self._workflows)
        self._starting, self._loop = Starting(self._store, self._workflows), set[asyncio.Task[None]]()
        jobs, invitations = JobStore(engine), InvitationStore(engine)
        share = JobShare(jobs, invitations, self._store)
        signing = WebhookSigning(bool(settings.webhook_secret.get_secret_value()), self._vault.secrets)
        self.sessions = SessionCalls(
            settings,
            self._store,
            media,
            policies,
            self._choices,
            self._workflows,
            self._starting,
            translations,
            share,
            preferences,
            signing,
        )
        teams = Teams(engine)
        contents = Contents(policies, preferences, self._choices, settings.max_answers)
        self.jobs = JobCalls(jobs, contents, invitations, SessionCounting(engine), signing, teams)
        self.teams = TeamCalls(jobs, teams)
        self.invitations = InvitationCalls(invitations, jobs)
        self.candidates = CandidateCalls(CandidateStore(engine), jobs)
        self.translations = TranslationCalls(self._store, translations)
        reasons_kept = timedelta(days=settings.reasons_days)
        self.reviews, self.notes = ReviewCalls(self._store, media, reasons_kept), NoteCalls(self._store)
        self.audit, self.vault = AuditCalls(settings, self._store), VaultCalls(self._vault)
        self.letters = LetterCalls(self._store, media)
        self.impact = ImpactCalls(ImpactStore(self._store), jobs)
        self.scorecards = ScorecardCalls(self._store, media, self._choices)
        self.similarity = SimilarityCalls(self._store)
        self.choices = ChoiceCalls(self._choices, preferences)
        keys = Keys(engine)
        self._organisations = OrganisationStore(engine)
        self.keys, self.administration = KeyCalls(keys), AdministrationCalls(keys)
        self.organisation_administration = OrganisationAdministration(self._organisations)
        self.settings = SettingsCalls(preferences, policies, self._vault, settings)
        self.organisations = OrganisationCalls(self._organisations, MemberStore(engine), keys)
        self.links, self.deliveries = LinkCalls(LinkStore(engine)), DeliveryCalls(self._store)

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        people = (self.reviews, self.notes, self.scorecards, self.similarity)
        features = (self.sessions, self.translations, *people, self.choices, self.keys, self.links, self.deliveries)
        calls = cast(OrchestratorServiceServicer, self._calls(SERVICE, *features))
        add_OrchestratorServiceServicer_to_server(calls, server)
        jobs = cast(JobsServiceServicer, self._calls(JOBS, self.jobs, self.teams, self.invitations, self.candidates))
        add_JobsServiceServicer_to_server(jobs, server)
        letters = cast(LettersServiceServicer, self._calls(LETTERS, self.letters))
        add_LettersServiceServicer_to_server(letters, server)
        audit = cast(AuditServiceServicer, self._calls(AUDIT, self.audit))
        add_AuditServiceServicer_to_server(audit, server)
        vault = cast(VaultServiceServicer, self._calls(VAULT, self.vault))
        add_VaultServiceServicer_to_server(vault, server)
        impact = cast(ImpactServiceServicer, self._calls(IMPACT, self.impact))
        add_ImpactServiceServicer_to_server(impact, server)
        apart_from_sessions = (self.administration, self.organisation_administration)
        administration = cast(AdministrationServiceServicer, self._calls(ADMINISTRATION, *apart_from_sessions))
        add_AdministrationServiceServicer_to_server(administration, server)
        organisations = cast(
            OrganisationsServiceServicer, self._calls(ORGANISATIONS, self.organisations, self.settings)
        )
        add_OrganisationsServiceServicer_to_server(organisations, server)

    async def load(self) -> None:
        """Connect to Temporal, waiting until it is there; from then on what is owed is started."""
        await self._workflows.load()
        with everybody():
            self._loop.add(asyncio.create_task(self._starting.keep_starting()))

    async def close(self) -> None:
        """Close the database and the judge's channel, once nothing of ours uses them any more."""
        for task in self._loop:
            task.cancel()
        await asyncio.gather(*self._loop, return_exceptions=True)
        await self._starting.close()
        await self._choices.close()
        await self._vault.close()
        await self._store.close()

    def _calls(self, service: Any, *features: object) -> SimpleNamespace:
        """The calls of a service, each of the feature that has it and for the organisation that it names, with
        requests that a database can take.
        """
        found = {}
        for method in service.methods:
            call = next(getattr(feature, method.name) for feature in features if hasattr(feature, method.name))
            found[method.name] = partial(self._streamed if method.server_streaming else self._answered, call)
        return SimpleNamespace(**found)

    async def _answered(self, call: Callable[..., Any], request: Message, context: Any) -> Any:
        check_characters(request)
        with acting_for(await self._organisations.check(named(context)), viewer(context)):
            return await call(request, context)

    async def _streamed(
        self, call: Callable[..., AsyncIterator[Any]], request: Message, context: Any
    ) -> AsyncIterator[Any]:
        check_characters(request)
        act_for(await self._organisations.check(named(context)), viewer(context))
        async for response in call(request, context):
            yield response


def check_characters(message: Message) -> None:
    """Raise FIELD_INVALID for a text with the character U+0000 anywhere in a request: PostgreSQL has none."""
    for field, value in message.ListFields():
        for item in value if field.is_repeated else (value,):
            if isinstance(item, Message):
                check_characters(item)
            elif isinstance(item, str) and "\0" in item:
                raise field_invalid(field.name, "must not hold the character U+0000")
