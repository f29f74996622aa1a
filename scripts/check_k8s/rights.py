"""What processes may do to the cluster itself: nothing, but for the table."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.check_k8s.manifests import Cluster, Manifest, name

RIGHTS = {"scale-down": frozenset({("", "pods", "list"), ("", "pods", "patch")})}
"""By ServiceAccount: API group, resource, verb. Reasons stand in the component's README."""


def problems(cluster: Cluster) -> Iterator[str]:
    """Roles that allow more than the table or less, and bindings to anybody else."""
    for kind in ("ClusterRole", "ClusterRoleBinding"):
        yield from (f"{kind} {name(found)}: nobody needs rights beyond the namespace" for found in cluster.of(kind))
    roles = {name(role): _allowed(role) for role in cluster.of("Role")}
    given = {account: frozenset[tuple[str, str, str]]() for account in RIGHTS if cluster.find("Deployment", account)}
    for binding in cluster.of("RoleBinding"):
        for subject in binding["subjects"]:
            account, role = subject["name"], binding["roleRef"]["name"]
            if subject.get("namespace") != binding["metadata"].get("namespace"):
                yield f"RoleBinding {name(binding)}: {account} is of another namespace"
            given[account] = given.get(account, frozenset()) | roles.get(role, frozenset())
    for account, found in given.items():
        wanted = RIGHTS.get(account, frozenset())
        yield from (f"{account} may {_said(right)}, which nothing needs" for right in sorted(found - wanted))
        yield from (f"{account} may not {_said(right)}" for right in sorted(wanted - found))


def _allowed(role: Manifest) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    )


def _said(right: tuple[str, str, str]) -> str:
    group, resource, verb = right
    return f"{verb} {resource}{'.' + group if group else ''}"
