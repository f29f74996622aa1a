"""What the rendered NetworkPolicies allow, pod by pod and port by port, against the table of calls."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.check_k8s.calls import CALLS, DNS, OUTSIDERS, Call
from scripts.check_k8s.manifests import WORKLOADS, Cluster, Container, Manifest, labels_of, name, pod_of
from scripts.check_k8s.references import selects

ALSO_TRIED = {
    *(("UDP", port) for port in (53, 5353)),
    *(("TCP", port) for port in (22, 53, 80, 443, 4317, 5353, 5432, 6443, 7233, 8080, 8333)),
}
"""Ports beyond those that some container listens on."""


@dataclass(frozen=True)
class Peer:
    """A workload's pods, pods elsewhere, or an address."""

    name: str
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    address: str = ""
    ports: tuple[tuple[str, int], ...] = ()

    def selected_by(self, selector: Manifest) -> bool:
        """Whether its labels match."""
        return selects(selector, dict(self.labels))


def problems(cluster: Cluster) -> Iterator[str]:
    """Calls that are refused though the code makes them, and ways that are open though nobody needs them."""
    wanted, found = declared(cluster), allowed(cluster)
    for call in sorted(wanted - found, key=str):
        yield f"{call.client} cannot reach {call.server}:{call.port}"
    for call in sorted(found - wanted, key=str):
        yield f"{call.client} may reach {call.server}:{call.port}/{call.protocol}, which nothing calls"


def declared(cluster: Cluster) -> set[Call]:
    """The calls of this overlay."""
    here = {name(w) for w in cluster.of(*WORKLOADS)}
    calls = {c for c in CALLS if not c.component or c.component in cluster.components}
    known = here | OUTSIDERS.keys()
    names = {Call(pod, *dns, protocol=protocol) for pod in here for dns in DNS.items() for protocol in ("UDP", "TCP")}
    return {Call(c.client, c.server, c.port) for c in calls if {c.client, c.server} <= known} | names


def allowed(cluster: Cluster) -> set[Call]:
    """Every connection that the policies let through, among pods and between pods and outsiders."""
    pods, outsiders = _pods(cluster), [Peer(n, o.namespace, o.labels, o.address) for n, o in OUTSIDERS.items()]
    ports = ALSO_TRIED | {("TCP", port) for pod in pods for _, port in pod.ports}
    pairs = [(client, server) for client in pods for server in pods if client != server]
    pairs += [(pod, other) for pod in pods for other in outsiders] + [(o, pod) for pod in pods for o in outsiders]
    policies = cluster.of("NetworkPolicy")
    return {
        Call(client.name, server.name, port, protocol=protocol)
        for client, server in pairs
        for protocol, port in ports
        if _passes(policies, "Egress", client, server, server, protocol, port)
        and _passes(policies, "Ingress", server, client, server, protocol, port)
    }


def _pods(cluster: Cluster) -> list[Peer]:
    found = []
    for workload in cluster.of(*WORKLOADS):
        ports = [Container(workload, spec, True).ports for spec in pod_of(workload)["containers"]]
        flat = tuple((called, port) for each in ports for called, port in each.items())
        namespace = workload["metadata"]["namespace"]
        found.append(Peer(name(workload), namespace, tuple(labels_of(workload).items()), ports=flat))
    return found


def _passes(
    policies: list[Manifest], direction: str, subject: Peer, other: Peer, server: Peer, protocol: str, port: int
) -> bool:
    """Without a policy for this direction everything passes; with some, what one of their rules names."""
    if (not subject.ports and not subject.labels) or subject.name in OUTSIDERS:
        return True
    mine = [
        p["spec"]
        for p in policies
        if p["metadata"]["namespace"] == subject.namespace
        and direction in p["spec"]["policyTypes"]
        and subject.selected_by(p["spec"]["podSelector"])
    ]
    ends, key = ("to", "egress") if direction == "Egress" else ("from", "ingress")
    rules = [rule for spec in mine for rule in spec.get(key, ())]
    return not mine or any(
        _names_port(rule, server, protocol, port) and _names_peer(rule.get(ends), subject.namespace, other)
        for rule in rules
    )


def _names_port(rule: Manifest, server: Peer, protocol: str, port: int) -> bool:
    if "ports" not in rule:
        return True
    named = dict(server.ports)
    wanted = [(p.get("protocol", "TCP"), named.get(p["port"], p["port"])) for p in rule["ports"]]
    return (protocol, port) in wanted


def _names_peer(ends: list[Manifest] | None, namespace: str, peer: Peer) -> bool:
    return ends is None or any(_is(end, namespace, peer) for end in ends)


def _is(end: Manifest, namespace: str, peer: Peer) -> bool:
    if block := end.get("ipBlock"):
        return bool(peer.address) and _within(peer.address, block)
    if peer.address:
        return False
    if "namespaceSelector" in end:
        if not selects(end["namespaceSelector"], {"kubernetes.io/metadata.name": peer.namespace}):
            return False
    elif peer.namespace != namespace:
        return False
    return peer.selected_by(end.get("podSelector", {}))


def _within(address: str, block: Manifest) -> bool:
    found = ipaddress.ip_address(address)
    excepted = (ipaddress.ip_network(cidr) for cidr in block.get("except", ()))
    return found in ipaddress.ip_network(block["cidr"]) and not any(found in network for network in excepted)
