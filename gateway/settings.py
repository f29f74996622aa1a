"""Settings of the gateway."""

from __future__ import annotations

import ipaddress
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from servicekit.settings import ProcessSettings, StoreSettings


class GatewaySettings(ProcessSettings, StoreSettings):
    """The REST gateway."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback needs `GATEWAY_ALLOW_UNAUTHENTICATED`."""

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
    """Address that people reach this gateway at, such as `https://interviews.example.org`. Empty: as requested."""

    drain_timeout_s: int = Field(default=30, ge=0)
    """How long running requests may go on after SIGTERM, seconds."""

    allow_unauthenticated: bool = False
    """Whether it may listen beyond loopback although there is no sign-in: everyone who reaches it sees every result."""

    @model_validator(mode="after")
    def _not_exposed_by_accident(self) -> Self:
        if not self.allow_unauthenticated and not _is_loopback(self.host):
            raise ValueError(
                f"GATEWAY_HOST={self.host} can be reached from other machines and there is no sign-in yet: anyone "
                "could read and delete candidates' results. Listen on 127.0.0.1 behind a proxy that signs people "
                "in, or set GATEWAY_ALLOW_UNAUTHENTICATED=true on a network that you trust."
            )
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
