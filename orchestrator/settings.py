"""Settings of the two orchestrator processes: the API and the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestrator.policies import policy
from servicekit.settings import CONFIG, DecodingSettings, ProcessSettings, ServerSettings, StoreSettings


class DatabaseSettings(BaseSettings):
    """Where session rows are."""

    model_config = CONFIG

    database_url: SecretStr = Field(
        default=SecretStr("sqlite+aiosqlite:///.state/sessions.db"), validation_alias="INTERVIEW_DATABASE_URL"
    )
    """SQLAlchemy URL: `sqlite+aiosqlite:///file` or `postgresql+asyncpg://user:password@host/name`."""

    database_pool_size: int = Field(default=10, ge=1, validation_alias="INTERVIEW_DATABASE_POOL_SIZE")
    """Most connections that one process opens to the database. All processes together must stay under PostgreSQL's
    `max_connections`."""

    database_timeout_s: float = Field(default=30.0, gt=0, validation_alias="INTERVIEW_DATABASE_TIMEOUT_S")
    """How long one statement may take in PostgreSQL, and how long a call waits for a free connection, seconds."""


class TemporalSettings(BaseSettings):
    """Where the workflow engine is."""

    model_config = CONFIG

    temporal_address: str = Field(default="127.0.0.1:7233", validation_alias="INTERVIEW_TEMPORAL_ADDRESS")
    """Temporal frontend, `host:port`."""

    temporal_namespace: str = Field(default="default", validation_alias="INTERVIEW_TEMPORAL_NAMESPACE")
    """Temporal namespace."""

    temporal_tls: bool = Field(default=False, validation_alias="INTERVIEW_TEMPORAL_TLS")
    """Whether to use TLS with Temporal. Setting any of the next five turns it on as well."""

    temporal_tls_ca_file: str = Field(default="", validation_alias="INTERVIEW_TEMPORAL_TLS_CA_FILE")
    """PEM file with the CA of Temporal's certificate; empty: those that the system trusts. These files are read at the
    start."""

    temporal_tls_cert_file: str = Field(default="", validation_alias="INTERVIEW_TEMPORAL_TLS_CERT_FILE")
    """PEM file with the certificate to show to Temporal; with its key, or neither."""

    temporal_tls_key_file: str = Field(default="", validation_alias="INTERVIEW_TEMPORAL_TLS_KEY_FILE")
    """PEM file with the key of that certificate."""

    temporal_tls_server_name: str = Field(default="", validation_alias="INTERVIEW_TEMPORAL_TLS_SERVER_NAME")
    """Name in Temporal's certificate where it is not the host of the address."""

    temporal_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_TEMPORAL_API_KEY")
    """API key of Temporal Cloud, or of another server that accepts API keys; empty: none."""

    task_queue: str = Field(default="interview-assessment", validation_alias="INTERVIEW_TASK_QUEUE")
    """Temporal task queue that connects API and workers."""

    @model_validator(mode="after")
    def _certificate_with_its_key(self) -> Self:
        if bool(self.temporal_tls_cert_file) != bool(self.temporal_tls_key_file):
            raise ValueError(
                "INTERVIEW_TEMPORAL_TLS_CERT_FILE and INTERVIEW_TEMPORAL_TLS_KEY_FILE go together: set both or neither."
            )
        return self


class PolicySettings(BaseSettings):
    """Where policies are."""

    model_config = CONFIG

    policies_dir: Path = Field(default=policy.POLICIES, validation_alias="INTERVIEW_POLICIES")
    """Folder of the policies that sessions can name, a YAML file each."""


class WebhookSettings(BaseSettings):
    """What webhooks are signed with."""

    model_config = CONFIG

    webhook_secret: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_WEBHOOK_SECRET")
    """Secret that webhooks are signed with, the same for API and workers. Empty: `webhook_url` is refused."""


class AuditSettings(BaseSettings):
    """What the audit chain and receipts of deletions are signed with."""

    model_config = CONFIG

    audit_key: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_AUDIT_KEY")
    """Private Ed25519 key that signs the audit chain and receipts of deletions: 32 random bytes in base64, the same for
    API and workers. Empty: one is made and kept in `INTERVIEW_AUDIT_KEY_FILE`."""

    audit_key_file: Path = Field(default=Path(".state/audit.key"), validation_alias="INTERVIEW_AUDIT_KEY_FILE")
    """Where such a key is kept, readable by its owner only."""


class ApiSettings(
    ServerSettings,
    StoreSettings,
    DatabaseSettings,
    TemporalSettings,
    PolicySettings,
    WebhookSettings,
    AuditSettings,
):
    """The gRPC API."""

    model_config = SettingsConfigDict(env_prefix="ORCHESTRATOR_")

    port: int = Field(default=50055, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    max_concurrent: int = Field(default=0, ge=0)
    """Calls that run at the same time. 0: no limit, since watching a session is a long call that costs little."""

    policy: str = policy.DEFAULT
    """Policy of sessions that name none."""

    judge_target: str = "127.0.0.1:50054"
    """gRPC target of the judge, which knows the rubrics."""

    max_answers: int = Field(default=20, ge=1, le=100)
    """Most answers that one session may have."""

    retention_days: float = Field(default=30.0, gt=0)
    """How long a session's result and evidence are kept after it ended, days. Everything is deleted then, but for the
    reasons of decisions."""

    reasons_days: float = Field(default=183.0, ge=0, le=36_500)
    """How long the reason of a decision is kept after it, days, also where its session is deleted earlier: as long as
    somebody may go to court over it. 0: only as long as the session."""


class WorkerSettings(
    ProcessSettings,
    StoreSettings,
    DecodingSettings,
    DatabaseSettings,
    TemporalSettings,
    PolicySettings,
    WebhookSettings,
    AuditSettings,
):
    """The workflow worker."""

    model_config = SettingsConfigDict(env_prefix="WORKER_")

    transcriber_target: str = "127.0.0.1:50051"
    """gRPC target of the transcriber."""

    vision_target: str = "127.0.0.1:50052"
    """gRPC target of the vision service."""

    audio_target: str = "127.0.0.1:50053"
    """gRPC target of the audio service."""

    judge_target: str = "127.0.0.1:50054"
    """gRPC target of the judge."""

    host: str = "127.0.0.1"
    """Address of the Prometheus endpoint; the worker listens on nothing else. `0.0.0.0` in a container."""

    max_concurrent_activities: int = Field(default=16, ge=1)
    """Stages that one worker process drives at the same time. They mostly wait for services."""

    max_concurrent_downloads: int = Field(default=4, ge=1)
    """Recordings that one worker process downloads at the same time; the others wait without counting among the stages
    above."""

    download_timeout_s: float = Field(default=600.0, gt=0)
    """Longest time to download one recording, seconds."""

    max_download_bytes: int = Field(default=4 << 30, gt=0)
    """Largest recording that is downloaded, bytes."""

    max_recordings: int = Field(default=4, ge=1)
    """Recordings that one worker has on its disk at the same time, while their sound is extracted; others wait. The
    scratch folder needs room for that many times `WORKER_MAX_DOWNLOAD_BYTES`."""

    allow_private_urls: bool = False
    """Whether recordings may be downloaded from internal addresses. Only for closed networks and tests."""

    max_video_duration_s: float = Field(default=7200.0, gt=0)
    """Longest recording that is accepted, seconds."""

    drive_url: str = "https://drive.usercontent.google.com/download"
    """Where Google Drive files are downloaded from."""
