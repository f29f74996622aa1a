"""Settings of the gateway."""

from __future__ import annotations

import ipaddress
import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, Self

from limits import parse
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from servicekit.settings import ProcessSettings, StoreSettings

LEAST_SIGNING_KEY = 32
MAIL_TEXTS = tuple(f"{kind}.{language}.txt" for kind in ("invitation", "reminder") for language in ("en", "id"))
_OWN_KEY = secrets.token_urlsafe(48)


class GatewaySettings(ProcessSettings, StoreSettings):
    """The REST gateway."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback needs `GATEWAY_SIGN_IN`."""

    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    orchestrator_target: str = "127.0.0.1:50055"
    """gRPC target of the orchestrator."""

    orchestrator_timeout_s: float = Field(default=30.0, gt=0)
    """Longest time for one call to the orchestrator, seconds; watching a session has no limit."""

    max_videos: int = Field(default=20, ge=1, le=100)
    """Most videos in one request."""

    max_video_bytes: int = Field(default=4 << 30, gt=0)
    """Largest video that can be uploaded, bytes."""

    max_question_chars: int = Field(default=2000, ge=1, le=2000)
    """Longest question, characters."""

    max_json_bytes: int = Field(default=1 << 20, gt=0)
    """Largest body of `POST /upload_json`, bytes."""

    cors_origins: tuple[str, ...] = ()
    """Origins of web pages that may call this gateway, as a JSON array. Empty: only its own pages."""

    public_url: str = ""
    """Address at which people reach this gateway, such as `https://interviews.example.org`. Empty: as requested."""

    upload_lifetime_hours: float = Field(default=24.0, gt=0)
    """How long a resumable upload is kept after its last byte arrived and before a session takes it, hours."""

    candidate_contact: str = Field(default="", max_length=300)
    """Contact for candidates' questions, objections and requests for another way to answer, such as `write to
    hr@example.org`; shown to them before they record. Empty: they are asked to reply to the message with their link."""

    presigned_downloads: bool = False
    """Whether stills and timelines are read from the S3 server itself, by a redirect to a URL that ends after 5
    minutes, instead of through the gateway. Browsers must reach `INTERVIEW_S3_ENDPOINT`, and the bucket's CORS rules
    must allow the gateway's address to read. No effect if the object store is a folder, and on what is encrypted."""

    drain_timeout_s: int = Field(default=30, ge=0)
    """How long running requests may go on after SIGTERM, seconds."""

    sign_in: bool = False
    """Whether callers must sign in, by an API key (`interview keys create`) or by OpenID Connect. Needed beyond
    loopback."""

    oidc_issuer: str = ""
    """Issuer of OpenID Connect tokens that are accepted, such as `https://login.example.org/realms/hr`. Empty: none."""

    oidc_audience: str = ""
    """Audience that bearer tokens must have. Empty: none are taken; with an issuer, this or `GATEWAY_OIDC_CLIENT_ID` is
    required."""

    oidc_client_id: str = ""
    """This system's name at the sign-in server, with which people sign in on the page. Empty: they cannot."""

    oidc_client_secret: SecretStr = SecretStr("")
    """Its secret there. Empty: a public client, protected by PKCE alone."""

    oidc_scopes: str = "openid email profile"
    """Scopes that the page's sign-in asks the server for, with spaces between; `openid` must be one of them."""

    oidc_organisation_claim: str = ""
    """Claim that names the organisation of who signs in. Empty: the one whose member they are."""

    oidc_role_claim: str = ""
    """Claim that names their role (`admin`, `recruiter`, `reviewer`, `auditor`): a text with spaces between, or an
    array; the strongest counts, others are ignored. With it people need not be added as members. Empty: the role that
    the organisation gave them."""

    oidc_trust_emails: bool = False
    """Whether an e-mail address counts although the sign-in server does not say that it has verified it
    (`email_verified`). Only for a server whose addresses nobody can choose for themselves."""

    oidc_scope_claim: str = "scope"
    """Claim that lists what the bearer may do: a text with spaces between, or an array, of `submit`, `read`, `review`,
    `audit` and `admin`; others are ignored."""

    signing_key: SecretStr = SecretStr("")
    """Secret, 32 characters or more, that signs browsers' sign-ins; the same for every gateway. Empty: this process
    makes its own, so sign-ins end with it."""

    session_access: Literal["all", "owner"] = "all"
    """Who sees a session: everyone with the scope, or only who submitted it and `admin`."""

    rate_limit: str = "6000/minute"
    """Requests that one key, person, candidate's link or, without any, address may send. Empty: no limit."""

    upload_rate_limit: str = "600/hour"
    """Uploads likewise; a candidate's link counts for itself."""

    sign_in_rate_limit: str = "300/minute"
    """Keys, tokens, sign-ins and links not yet known to be valid that one address may try. Counted before they are
    looked up. Empty: no limit."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies, as a JSON array such as `["10.0.0.0/8"]`, whose `X-Forwarded-For` and
    `X-Forwarded-Proto` are believed. Empty: nobody's; callers are identified by the address that connects."""

    smtp_host: str = ""
    """Mail server that invitations to jobs are sent through. Empty: no mails are sent, and the page shows links to
    copy."""

    smtp_port: int = Field(default=587, ge=1, le=65535)
    """Its port."""

    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is encrypted: by STARTTLS (port 587), by TLS from the start (465), or not at all, for a server
    on the same machine."""

    smtp_user: str = ""
    """User name for the mail server. Empty: no sign-in."""

    smtp_password: SecretStr = SecretStr("")
    """Password of that user."""

    smtp_sender: str = ""
    """Address that mails come from, such as `Recruiting <jobs@example.org>`; required with a mail server."""

    smtp_timeout_s: float = Field(default=20.0, gt=0)
    """Longest wait for an answer from the mail server, seconds."""

    mail_texts_dir: str = ""
    """Folder with your own mail texts: `invitation` and `reminder`, each as `.en.txt` and `.id.txt`, with the subject
    in the first line and `$name`, `$job`, `$link` and `$ends` in their places. Empty: the built-in texts."""

    greenhouse_key: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_GREENHOUSE_KEY")
    """Key of the Greenhouse integration, 16 to 170 characters, the same for gateways and workers: with it every job can
    be listed, candidates invited and results read. Empty: it is off."""

    @field_validator("greenhouse_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not 16 <= len(value.get_secret_value()) <= 170:
            raise ValueError("needs 16 to 170 characters")
        return value

    @field_validator("mail_texts_dir")
    @classmethod
    def _has_every_text(cls, value: str) -> str:
        missing = [name for name in MAIL_TEXTS if value and not (Path(value) / name).is_file()]
        if missing:
            raise ValueError(f"has no {', '.join(missing)}")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @field_validator("rate_limit", "upload_rate_limit", "sign_in_rate_limit")
    @classmethod
    def _is_a_rate(cls, value: str) -> str:
        if value:
            parse(value)
        return value

    @model_validator(mode="after")
    def _not_exposed_by_accident(self) -> Self:
        if not self.sign_in and not _is_loopback(self.host):
            raise ValueError(
                f"GATEWAY_HOST={self.host} can be reached from other machines, and without sign-in anyone could read "
                "and delete candidates' results. Set GATEWAY_SIGN_IN=true and make a key with `interview keys "
                "create`, or listen on 127.0.0.1."
            )
        if self.oidc_issuer and not (self.oidc_audience or self.oidc_client_id):
            raise ValueError(
                "GATEWAY_OIDC_ISSUER needs GATEWAY_OIDC_AUDIENCE or GATEWAY_OIDC_CLIENT_ID, or tokens of other systems "
                "would pass."
            )
        if self.oidc_client_id and not (self.oidc_issuer and "openid" in self.oidc_scopes.split()):
            raise ValueError("GATEWAY_OIDC_CLIENT_ID needs GATEWAY_OIDC_ISSUER, and `openid` in GATEWAY_OIDC_SCOPES.")
        if self.smtp_host and "@" not in parseaddr(self.smtp_sender)[1]:
            raise ValueError("GATEWAY_SMTP_HOST needs GATEWAY_SMTP_SENDER, the address that mails come from.")
        if 0 < len(self.signing_key.get_secret_value()) < LEAST_SIGNING_KEY:
            raise ValueError(f"GATEWAY_SIGNING_KEY must have {LEAST_SIGNING_KEY} characters or more.")
        return self

    @property
    def signing_secret(self) -> str:
        """The configured signing key, or this process's own."""
        return self.signing_key.get_secret_value() or _OWN_KEY


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
