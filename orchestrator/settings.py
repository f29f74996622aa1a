"""Settings of the two orchestrator processes: the API and the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestrator.policies import policy
from orchestrator.workflows.queues import QUEUES
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

    greenhouse_key: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_GREENHOUSE_KEY")
    """Key of the Greenhouse integration, the same for gateways and workers. Empty: it is off."""


class AuditSettings(BaseSettings):
    """What the audit chain and receipts of deletions are signed with."""

    model_config = CONFIG

    audit_key: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_AUDIT_KEY")
    """Private Ed25519 key that signs the audit chain and receipts of deletions: 32 random bytes in base64, the same for
    API and workers. Empty: one is made and kept in `INTERVIEW_AUDIT_KEY_FILE`."""

    audit_key_file: Path = Field(default=Path(".state/audit.key"), validation_alias="INTERVIEW_AUDIT_KEY_FILE")
    """Where such a key is kept, readable by its owner only."""


class VaultSettings(BaseSettings):
    """What encrypts objects, and the keys of that. The same for API and workers."""

    model_config = CONFIG

    encryption: bool = Field(default=True, validation_alias="INTERVIEW_ENCRYPTION")
    """Whether recordings, transcripts, results and everything else in the object store, and what people write about
    candidates, are encrypted, each session with a key of its own. Counts for new sessions; others stay as they are."""

    key_service: Literal["file", "aws-kms", "vault"] = Field(default="file", validation_alias="INTERVIEW_KEY_SERVICE")
    """What encrypts those keys: a key in a file or secret, AWS KMS, or the transit engine of HashiCorp Vault."""

    key_encryption_keys: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_KEY_ENCRYPTION_KEYS")
    """Keys of 32 random bytes in base64 with commas between. The first is used for new keys, the others for those that
    they were used for before. Empty: one is made and kept in `INTERVIEW_KEY_ENCRYPTION_FILE`."""

    key_encryption_file: Path = Field(
        default=Path(".state/key-encryption.keys"), validation_alias="INTERVIEW_KEY_ENCRYPTION_FILE"
    )
    """Where such keys are kept, one a line, for their owner only. Keep a copy apart from the backups of database
    and objects: without it nothing that is encrypted can be read."""

    kms_key: str = Field(default="", validation_alias="INTERVIEW_KMS_KEY")
    """Key of AWS KMS: its ARN, id or alias."""

    kms_region: str = Field(default="", validation_alias="INTERVIEW_KMS_REGION")
    """Region of that key; empty: that of the environment."""

    kms_endpoint: str = Field(default="", validation_alias="INTERVIEW_KMS_ENDPOINT")
    """Endpoint of a server that speaks the API of AWS KMS; empty for Amazon's."""

    vault_url: str = Field(default="", pattern=r"^(https?://\S+)?$", validation_alias="INTERVIEW_VAULT_URL")
    """Address of HashiCorp Vault, such as `https://vault:8200`."""

    vault_token: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_VAULT_TOKEN")
    """Token that may `update` the key's `encrypt` and `decrypt` paths."""

    vault_token_file: Path | None = Field(default=None, validation_alias="INTERVIEW_VAULT_TOKEN_FILE")
    """File with such a token, read for each call; a Vault agent renews it there."""

    vault_ca_file: str = Field(default="", validation_alias="INTERVIEW_VAULT_CA_FILE")
    """PEM file with the CA of Vault's certificate; empty: those that the system trusts."""

    vault_mount: str = Field(default="transit", pattern=r"^[\w./-]+$", validation_alias="INTERVIEW_VAULT_MOUNT")
    """Where the transit engine is mounted."""

    vault_key: str = Field(default="interview", pattern=r"^[\w.-]+$", validation_alias="INTERVIEW_VAULT_KEY")
    """Name of the transit key."""

    @model_validator(mode="after")
    def _service_is_named(self) -> Self:
        needed = {"aws-kms": ("INTERVIEW_KMS_KEY", self.kms_key), "vault": ("INTERVIEW_VAULT_URL", self.vault_url)}
        name, value = needed.get(self.key_service, ("", "x"))
        if not value:
            raise ValueError(f"INTERVIEW_KEY_SERVICE={self.key_service} needs {name} as well.")
        return self


class ApiSettings(
    ServerSettings,
    StoreSettings,
    DatabaseSettings,
    TemporalSettings,
    PolicySettings,
    WebhookSettings,
    AuditSettings,
    VaultSettings,
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
    VaultSettings,
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

    queues: str = ",".join(QUEUES)
    """Task queues that this process takes work from, separated by commas: `workflows` (workflows, rows, recordings, and
    what runs beside them), `retention` (deletions whose time has come) and those of calls to each service. All workers
    together must have all of them."""

    max_concurrent_activities: int = Field(default=16, ge=1)
    """Stages that one worker process drives at the same time from each of its queues. They mostly wait for services."""

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

    @property
    def queue_names(self) -> tuple[str, ...]:
        """The queues, in order."""
        return tuple(dict.fromkeys(name.strip() for name in self.queues.split(",") if name.strip()))

    @model_validator(mode="after")
    def _queues_that_exist(self) -> Self:
        if not self.queue_names or not {*self.queue_names} <= {*QUEUES}:
            raise ValueError(f"WORKER_QUEUES names at least one of {', '.join(QUEUES)}, and nothing else.")
        return self
