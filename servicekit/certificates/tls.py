"""Mutual TLS between services: credentials from files that may be replaced at any time."""

from __future__ import annotations

import os
from dataclasses import dataclass

import grpc
from cryptography import x509

from servicekit.settings import TlsSettings
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import get_logger

log = get_logger()


@dataclass(frozen=True, slots=True)
class Pem:
    """What a process shows (certificate and key) and whom it trusts (CA), PEM."""

    certificate: bytes
    key: bytes
    ca: bytes


class CertificateFiles:
    """The three files of `settings`, which name all of them."""

    def __init__(self, settings: TlsSettings) -> None:
        """Read nothing yet."""
        self._paths = (settings.tls_cert_file, settings.tls_key_file, settings.tls_ca_file)
        self._seen: object = None

    def read(self) -> Pem:
        """The files as they are now. Raises OSError."""
        seen = self._stamps()
        found = Pem(*map(_content, self._paths))
        self._seen = seen
        metrics.CERTIFICATE_EXPIRY.set(_expiry(found.certificate))
        return found

    def read_if_changed(self) -> Pem | None:
        """The files where they differ from what was last read; None too while one of them cannot be read."""
        try:
            return self.read() if self._stamps() != self._seen else None
        except OSError as error:
            log.warning("certificates not read", error_type=type(error).__name__)
            return None

    def _stamps(self) -> list[tuple[int, int, int]]:
        # Through symbolic links: Kubernetes replaces a secret's files by turning a link.
        return [(found.st_ino, found.st_mtime_ns, found.st_size) for found in map(os.stat, self._paths)]


def server_credentials(settings: TlsSettings) -> grpc.ServerCredentials:
    """For a server whose clients must show a certificate of the same CA. Every handshake has the newest files."""
    files = CertificateFiles(settings)

    def newest() -> grpc.ServerCertificateConfiguration | None:
        found = files.read_if_changed()
        return _server_configuration(found) if found is not None else None

    return grpc.dynamic_ssl_server_credentials(
        _server_configuration(files.read()),
        newest,  # type: ignore[arg-type]  # None means "as before", which the stubs do not know
        require_client_authentication=True,
    )


def channel_credentials(pem: Pem) -> grpc.ChannelCredentials:
    """For a client. gRPC for Python keeps them for the life of a channel: https://github.com/grpc/grpc/issues/41779."""
    return grpc.ssl_channel_credentials(pem.ca, pem.key, pem.certificate)


def _server_configuration(pem: Pem) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration([(pem.key, pem.certificate)], pem.ca)


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _expiry(certificate: bytes) -> float:
    """Unix time at which the first certificate ends; 0 for no certificate, which gRPC itself refuses."""
    try:
        return x509.load_pem_x509_certificate(certificate).not_valid_after_utc.timestamp()
    except ValueError:
        return 0.0
