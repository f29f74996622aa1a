"""`/v1/organisation/settings` and what belongs to it: for the admins of an organisation."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from interview.organisations.v1 import organisations_service_pb2 as pb

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.organisations.orchestrator import Organisations
from gateway.preferences.schemas import EndOfKey, NewEncryptionKey, NewSecret, NewSettings, SecretKind, Settings
from gateway.schemas import ErrorBody
from gateway.wire import body as filled

OWN = "/v1/organisation"
router = APIRouter(prefix=OWN, tags=["Organisation (v1)"], responses={400: {"model": ErrorBody}})
_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": ErrorBody}}
_CHANGED: dict[int | str, dict[str, Any]] = {409: {"model": ErrorBody}}


@router.get("/settings", summary="An organisation's settings")
async def settings(parts: PartsDep) -> Settings:
    """What it has settled, what counts now, and which secrets it has, without what they are."""
    return filled(Settings, await Organisations(parts.sessions).settings())


@router.put("/settings", summary="Settle policy and retention")
async def change_settings(body: NewSettings, parts: PartsDep, principal: PrincipalDep) -> Settings:
    """For jobs and sessions from now on. The audit chain keeps what was settled and by whom."""
    request = pb.ChangeSettingsRequest(policy=body.policy, retention_days=body.retention_days, actor_id=principal.id)
    return filled(Settings, await Organisations(parts.sessions).change_settings(request))


@router.put("/secrets/{kind}", summary="Set a secret", responses=_CHANGED)
async def set_secret(kind: SecretKind, body: NewSecret, parts: PartsDep, principal: PrincipalDep) -> Settings:
    """It is kept encrypted and shown to nobody again. A webhook secret that is replaced signs on for a day beside the
    new one; the keys of DeepL and Hugging Face are used for this organisation's sessions alone.
    """
    request = pb.SetSecretRequest(kind=_kind(kind), secret=body.secret, actor_id=principal.id)
    return filled(Settings, await Organisations(parts.sessions).set_secret(request))


@router.delete("/secrets/{kind}", summary="Delete a secret", responses=_MISSING)
async def remove_secret(kind: SecretKind, parts: PartsDep, principal: PrincipalDep) -> Settings:
    """The installation's own is used again, if there is one."""
    request = pb.RemoveSecretRequest(kind=_kind(kind), actor_id=principal.id)
    return filled(Settings, await Organisations(parts.sessions).remove_secret(request))


@router.post("/encryption-key", summary="Make an encryption key", status_code=201, responses=_CHANGED)
async def make_encryption_key(body: NewEncryptionKey, parts: PartsDep, principal: PrincipalDep) -> Settings:
    """It covers new sessions at once, and within hours those that are there."""
    request = pb.MakeEncryptionKeyRequest(name=body.name, actor_id=principal.id)
    return filled(Settings, await Organisations(parts.sessions).make_encryption_key(request))


@router.post("/encryption-key:delete", summary="Delete the encryption key", responses=_MISSING)
async def delete_encryption_key(body: EndOfKey, parts: PartsDep, principal: PrincipalDep) -> Settings:
    """Whatever it covers can never be read again, wherever there are copies; only deleted."""
    request = pb.DeleteEncryptionKeyRequest(confirm=body.confirm, actor_id=principal.id)
    return filled(Settings, await Organisations(parts.sessions).delete_encryption_key(request))


def _kind(kind: SecretKind) -> pb.SecretKind.ValueType:
    return pb.SecretKind.Value(f"SECRET_KIND_{kind.upper()}")
