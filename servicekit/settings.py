"""Settings that every process has. A service subclasses `ServerSettings` with its own prefix and fields."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from servicekit.recording.limits import DEFAULT, Limits
from servicekit.weights.folder import default_model_dir

CONFIG = SettingsConfigDict(
    env_file=".env", extra="ignore", use_attribute_docstrings=True, frozen=True, populate_by_name=True
)
"""How every settings class reads: environment first, then `.env`; fields can be given by name in code."""


class TlsSettings(BaseSettings):
    """Mutual TLS between services: each shows a certificate and takes only those of the same CA."""

    model_config = CONFIG

    tls_cert_file: str = Field(default="", validation_alias="INTERVIEW_TLS_CERT_FILE")
    """PEM file with the certificate (chain) that this process presents, as server and as client; clients check that it
    contains the DNS name of their target. The files are read again when they change. Empty: no TLS."""

    tls_key_file: str = Field(default="", validation_alias="INTERVIEW_TLS_KEY_FILE")
    """PEM file with the key of that certificate."""

    tls_ca_file: str = Field(default="", validation_alias="INTERVIEW_TLS_CA_FILE")
    """PEM file with the CA whose certificates are accepted. Set all three files, or none."""

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        files = {
            "INTERVIEW_TLS_CERT_FILE": self.tls_cert_file,
            "INTERVIEW_TLS_KEY_FILE": self.tls_key_file,
            "INTERVIEW_TLS_CA_FILE": self.tls_ca_file,
        }
        missing = [name for name, path in files.items() if not path]
        if 0 < len(missing) < len(files):
            raise ValueError(f"Mutual TLS needs {' and '.join(missing)} as well.")
        return self

    @property
    def tls(self) -> bool:
        """Whether services talk over TLS."""
        return bool(self.tls_cert_file)


class ProcessSettings(TlsSettings):
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

    @property
    def s3_origin(self) -> str:
        """Scheme and host of the S3 server; empty where the store is a folder."""
        if not self.object_store.startswith("s3://"):
            return ""
        parts = urlsplit(self.s3_endpoint or f"https://s3.{self.s3_region}.amazonaws.com")
        return f"{parts.scheme}://{parts.netloc}"


class ServerSettings(ProcessSettings):
    """What every gRPC server reads from its environment."""

    host: str = "127.0.0.1"
    """Address to listen on. `0.0.0.0` in a container."""

    port: int = Field(default=0, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    health_port: int = Field(default=0, ge=0, le=65535)
    """Port that serves nothing but health, without TLS, for probes that have no certificate, such as Kubernetes'.
    0: off; health is on `port` in any case."""

    max_concurrent: int = Field(default=1, ge=0)
    """Calls that run at the same time; the next gets RESOURCE_EXHAUSTED. 0: no limit."""

    rights: dict[str, tuple[str, ...]] = {}
    """What the bearers of certificates may call, as a JSON object of DNS or common names and methods with `*` for any,
    such as `{"worker": ["AudioService/*"]}`; `…@acme` is for calls for one organisation. Others are refused. Needs
    mutual TLS. Empty: every certificate of the CA may call everything but administration, which callers on the same
    machine may."""

    drain_timeout_s: float = Field(default=30.0, ge=0)
    """How long running calls may go on after SIGTERM, seconds."""

    max_connection_age_s: float = Field(default=30.0, gt=0)
    """Age at which clients are asked to connect again, seconds. They look for new replicas only then, so this is the
    longest time until a new one gets calls. Running calls continue."""

    scratch_dir: Path = Path(tempfile.gettempdir())
    """Folder for files that live as long as one call."""

    @model_validator(mode="after")
    def _rights_of_certificates(self) -> Self:
        if self.rights and not self.tls:
            raise ValueError("Rights are given to certificates: set the three INTERVIEW_TLS_…_FILE as well.")
        return self


class DecodingSettings(BaseSettings):
    """What reading a recording may cost; what goes beyond is refused with a reason. The same for every process."""

    model_config = CONFIG

    decoding_max_pixels: int = Field(default=DEFAULT.max_pixels, ge=10_000, validation_alias="INTERVIEW_MAX_PIXELS")
    """Most pixels of one picture; the default takes 4096 x 2304."""

    decoding_max_tracks: int = Field(default=DEFAULT.max_tracks, ge=2, validation_alias="INTERVIEW_MAX_TRACKS")
    """Most tracks of one recording."""

    decoding_max_packets: int = Field(default=DEFAULT.max_packets, ge=1_000, validation_alias="INTERVIEW_MAX_PACKETS")
    """Most packets of one recording; an hour of video at 60 frames a second with sound has 400 000."""

    decoding_max_hours: float = Field(default=DEFAULT.max_hours, gt=0, validation_alias="INTERVIEW_MAX_HOURS")
    """Longest recording that is decoded at all, hours; the limit for an answer is WORKER_MAX_VIDEO_DURATION_S."""

    decoding_memory_mb: int = Field(default=DEFAULT.memory_mb, ge=512, validation_alias="INTERVIEW_DECODING_MEMORY_MB")
    """Address space of the process that decodes a recording, MiB."""

    decoding_cpu_s: int = Field(default=DEFAULT.cpu_s, ge=10, validation_alias="INTERVIEW_DECODING_CPU_S")
    """Processor time that decoding a recording may take, seconds."""

    decoding_silent_s: float = Field(default=DEFAULT.silent_s, gt=1, validation_alias="INTERVIEW_DECODING_SILENT_S")
    """Processor time that a decoding process may use without any output, and how long it may sleep with nothing to wait
    for, seconds."""

    @property
    def decoding(self) -> Limits:
        """All of them."""
        return Limits(**{name: getattr(self, f"decoding_{name}") for name in Limits.__dataclass_fields__})


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
