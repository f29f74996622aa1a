"""Client channels."""

from __future__ import annotations

import json
from typing import Any

import grpc

from servicekit.certificates.rotation import RotatingChannel
from servicekit.certificates.tls import CertificateFiles, Pem, channel_credentials
from servicekit.settings import TlsSettings
from servicekit.telemetry.tracing import client_interceptors

# Retry only what never started: a service that is not there or not ready.
_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.2s",
                    "maxBackoff": "2s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
    }
)


def open_channel(target: str, tls: TlsSettings) -> grpc.aio.Channel:
    """A channel to `host:port` or any gRPC target, balanced over all addresses behind the name.

    Raises OSError when certificate files are named and cannot be read.
    """
    if "://" not in target and not target.startswith(("unix:", "dns:", "ipv4:", "ipv6:")):
        target = f"dns:///{target}"
    options: list[tuple[str, Any]] = [
        ("grpc.service_config", _SERVICE_CONFIG),
        ("grpc.keepalive_time_ms", 20_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        # gRPC's own 30 s would keep new replicas waiting: names are only looked up when a connection ends.
        ("grpc.dns_min_time_between_resolutions_ms", 5_000),
        ("grpc.enable_http_proxy", 0),
    ]
    if not tls.tls:
        return grpc.aio.insecure_channel(target, options=options, interceptors=client_interceptors())

    def secure(pem: Pem) -> grpc.aio.Channel:
        credentials = channel_credentials(pem)
        return grpc.aio.secure_channel(target, credentials, options=options, interceptors=client_interceptors())

    return RotatingChannel(CertificateFiles(tls), secure)
