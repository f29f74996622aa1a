"""Settings of the process that tells Kubernetes which replica goes first."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from servicekit.settings import ProcessSettings


class ScaleDownSettings(ProcessSettings):
    """Which replicas go first."""

    model_config = SettingsConfigDict(env_prefix="SCALE_DOWN_")

    host: str = "127.0.0.1"
    """Address of the Prometheus endpoint; the process listens on nothing else. `0.0.0.0` in a container."""

    api_url: str = "https://kubernetes.default.svc"
    """Kubernetes' API server."""

    credentials: str = "/var/run/secrets/kubernetes.io/serviceaccount"
    """Folder with the files `token`, `namespace` and `ca.crt` that Kubernetes gives a pod. The token is read again for
    each request, as it changes every hour."""

    interval_s: float = Field(default=15.0, gt=0)
    """How often the replicas are asked what they do, seconds."""

    pod_metrics_port: int = Field(default=9090, ge=1, le=65535)
    """Port of the replicas' Prometheus metrics."""
