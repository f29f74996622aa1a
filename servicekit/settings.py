"""Settings that every process has. A service subclasses `ServerSettings` with its own prefix and fields."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from servicekit.weights.resolver import default_model_dir

CONFIG = SettingsConfigDict(
    env_file=".env", extra="ignore", use_attribute_docstrings=True, frozen=True, populate_by_name=True
)
"""How every settings class reads: environment first, then `.env`; fields can be given by name in code."""


class ProcessSettings(BaseSettings):
    """What every process reads from its environment."""

    model_config = CONFIG

    log_level: str = Field(default="INFO", validation_alias="INTERVIEW_LOG_LEVEL")
    """Lowest level that is logged: DEBUG, INFO, WARNING or ERROR."""

    otlp_endpoint: str = Field(default="", validation_alias="INTERVIEW_OTLP_ENDPOINT")
    """Where traces go (OTLP over gRPC), such as `http://collector:4317`. Empty: tracing is off."""

    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Port of the Prometheus endpoint on the same host as the service. 0: off."""


class StoreSettings(BaseSettings):
    """The object store, the same for every process."""

    model_config = CONFIG

    object_store: str = Field(default=".state/objects", validation_alias="INTERVIEW_OBJECT_STORE")
    """Root of the object store: a folder, `file:///folder` or `s3://bucket/prefix`. Nothing outside it is read."""

    s3_endpoint: str = Field(default="", validation_alias="INTERVIEW_S3_ENDPOINT")
    """Endpoint of an S3-compatible server; empty for Amazon's."""

    s3_region: str = Field(default="us-east-1", validation_alias="INTERVIEW_S3_REGION")
    """Region of the bucket."""

    s3_access_key_id: str = Field(default="", validation_alias="INTERVIEW_S3_ACCESS_KEY_ID")
    """Access key; empty: the environment's own identity."""

    s3_secret_access_key: SecretStr = Field(default=SecretStr(""), validation_alias="INTERVIEW_S3_SECRET_ACCESS_KEY")
    """Secret of the access key."""


class ServerSettings(ProcessSettings):
    """What every gRPC server reads from its environment."""

    host: str = "127.0.0.1"
    """Address to listen on. `0.0.0.0` in a container."""

    port: int = Field(default=0, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    max_concurrent: int = Field(default=1, ge=0)
    """Calls that run at the same time; the next gets RESOURCE_EXHAUSTED. 0: no limit."""

    drain_timeout_s: float = Field(default=30.0, ge=0)
    """How long running calls may go on after SIGTERM, seconds."""

    max_connection_age_s: float = Field(default=30.0, gt=0)
    """Age at which clients are asked to connect again, seconds. They look for new replicas only then: the longest time
    until one gets calls. Calls that run go on."""

    scratch_dir: Path = Path(tempfile.gettempdir())
    """Folder for files that live as long as one call."""


class ModelSettings(BaseSettings):
    """Where weights are."""

    model_config = CONFIG

    model_dir: Path = Field(default_factory=default_model_dir, validation_alias="INTERVIEW_MODEL_DIR")
    """Folder with the weights that `make models` laid out; without it `interview-assessment/models` in the user's cache
    folder."""

    hf_endpoint: str = Field(default="https://huggingface.co", validation_alias="HF_ENDPOINT")
    """Hugging Face hub that named models come from."""

    hf_token: SecretStr = Field(default=SecretStr(""), validation_alias="HF_TOKEN")
    """Token for the hub, for models that need one; empty: none."""
