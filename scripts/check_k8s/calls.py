"""Who calls whom, from the code. The NetworkPolicies of every overlay must allow exactly this."""

from __future__ import annotations

from dataclasses import dataclass

SERVICES = ("transcriber", "vision", "audio", "judge", "orchestrator", "worker", "gateway")
READERS = ("gateway", "orchestrator", "worker", "transcriber", "vision", "audio")
"""Who reads or writes the object store; the judge gets its text in the request."""


@dataclass(frozen=True, slots=True)
class Call:
    """`client` opens connections to `server`. With `component`, only where an overlay has that component."""

    client: str
    server: str
    port: int
    component: str = ""
    protocol: str = "TCP"


@dataclass(frozen=True, slots=True)
class Outsider:
    """Something that no overlay brings: pods of another namespace, or an address."""

    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    address: str = ""


OUTSIDERS = {
    "dns": Outsider("kube-system", (("k8s-app", "kube-dns"),)),
    "the dns cache among the pods": Outsider("kube-system", (("k8s-app", "node-local-dns"),)),
    "the node's dns cache": Outsider(address="169.254.20.10"),
    "OpenShift's dns": Outsider("openshift-dns", (("dns.operator.openshift.io/daemonset-dns", "default"),)),
    "monitoring": Outsider("observability", (("app.kubernetes.io/name", "prometheus"),)),
    "the collector of traces": Outsider("observability", (("app.kubernetes.io/name", "opentelemetry-collector"),)),
    "ingress controller": Outsider("ingress-nginx", (("app.kubernetes.io/name", "ingress-nginx"),)),
    "proxies of the Gateway API": Outsider("envoy-gateway-system", (("app.kubernetes.io/name", "envoy"),)),
    "temporal cluster": Outsider("temporal", (("app.kubernetes.io/component", "frontend"),)),
    "temporal's other parts": Outsider("temporal", (("app.kubernetes.io/component", "history"),)),
    "a stranger's pod": Outsider("default", (("app.kubernetes.io/name", "gateway"),)),
    "the internet": Outsider(address="93.184.215.14"),
    "the internet (IPv6)": Outsider(address="2606:4700:4700::1111"),
    "the private network": Outsider(address="10.20.30.40"),
    "another private network": Outsider(address="192.168.1.10"),
    "the cloud's metadata": Outsider(address="169.254.169.254"),
    "the pods' identities": Outsider(address="169.254.170.23"),
    "the pods' identities (IPv6)": Outsider(address="fd00:ec2::23"),
    "a private address in IPv6": Outsider(address="fd00:ec2::254"),
}
DNS = {
    "dns": 53,
    "the dns cache among the pods": 53,
    "the node's dns cache": 53,
    "OpenShift's dns": 5353,
}
"""Who answers for names, and where: one of them in each cluster."""

INTERNET = ("the internet", "the internet (IPv6)")

CALLS = frozenset(
    {
        Call("gateway", "orchestrator", 50055),
        Call("orchestrator", "judge", 50054),  # its rubrics
        Call("worker", "transcriber", 50051),
        Call("worker", "vision", 50052),
        Call("worker", "audio", 50053),
        Call("worker", "judge", 50054),
        # Recordings by URL and webhooks.
        *(Call("worker", outside, port) for outside in INTERNET for port in (80, 443)),
        *(Call("weights", outside, 443, "weights-volume") for outside in INTERNET),
        *(Call("monitoring", service, 9090) for service in SERVICES),
        *(Call(service, "the collector of traces", 4317, "observability") for service in SERVICES),
        *(Call(client, "postgres", 5432, "postgres") for client in ("orchestrator", "worker", "migrate")),
        *(Call(client, "object-store", 8333, "object-store") for client in READERS),
        *(
            Call(client, "the private network", 5432, "managed-state")
            for client in ("orchestrator", "worker", "migrate")
        ),
        *(Call(client, "the private network", 443, "managed-state") for client in READERS),
        *(Call(client, "temporal", 7233, "temporal-dev") for client in ("orchestrator", "worker")),
        *(Call(client, "temporal cluster", 7233, "temporal") for client in ("orchestrator", "worker")),
        Call("ingress controller", "gateway", 8000, "ingress"),
        Call("proxies of the Gateway API", "gateway", 8000, "gateway-api"),
        *(
            Call(client, agent, 80, "pod-identity")
            for client in READERS
            for agent in ("the pods' identities", "the pods' identities (IPv6)")
        ),
        *(Call("gateway", outside, 443, "oidc") for outside in INTERNET),  # the issuer's keys
        *(Call("judge", outside, 443, "hosted-models") for outside in INTERNET),  # DeepL, Hugging Face
        Call("judge", "vllm", 8000, "vllm"),
        Call("monitoring", "vllm", 8000, "vllm"),
        Call("monitoring", "scale-down", 9090, "scale-down"),
        *(Call("scale-down", service, 9090, "scale-down") for service in ("transcriber", "vision", "audio", "judge")),
        # Kubernetes' API server has an address of a private network.
        *(
            Call("scale-down", network, port, "scale-down")
            for network in ("the private network", "another private network")
            for port in (443, 6443)
        ),
    }
)
"""Besides, everything asks the DNS."""
