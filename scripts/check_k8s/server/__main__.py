"""`python -m scripts.check_k8s.server`: ask an API server of one's own about every overlay and what Helm makes of it.

Where there is none, says so and how to get one. The server has the operators' definitions of `k8s/definitions`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import yaml

from scripts.check_k8s.__main__ import version
from scripts.check_k8s.manifests import Manifest, overlays, render
from scripts.check_k8s.server.asking import Asked
from scripts.check_k8s.server.control_plane import ASSETS, control_plane, programs
from scripts.helm_chart import rendered
from scripts.helm_chart.rendered import NAMESPACE

NONE = f"""no API server was asked: etcd and kube-apiserver are neither in the folder that {ASSETS} names nor on the
path. setup-envtest fetches both; or ask a cluster with make check-cluster."""
REFUSED: Manifest = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "refused", "namespace": "default"},
    "spec": {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"ipBlock": {"cidr": "::/0", "except": ["::ffff:0:0/96"]}}]}],
    },
}
"""What every overlay had once. A server that takes it looks at nothing."""

UPGRADED = "production"


def main() -> int:
    """1 when the server refuses or warns of something."""
    if (found := programs()) is None:
        print(NONE)
        return 0
    wrong = False
    with control_plane(found) as kubeconfig:
        server = Asked(kubeconfig)
        print(f"an API server {server.version()} was asked:")
        server.define()
        if not server.refusal([REFUSED]):
            print("it takes what an API server must refuse", file=sys.stderr)
            return 1
        for name, manifests in _sets():
            refusal = server.refusal(manifests)
            wrong = wrong or bool(refusal)
            print(f"  {name}: {len(manifests)} objects, {refusal or 'taken'}", flush=True)
        refusal = upgrade_refusal(server, render(UPGRADED).manifests)
        print(f"  {UPGRADED}, installed, to the next version: {refusal or 'taken'}")
    return 1 if wrong or refusal else 0


def upgrade_refusal(server: Asked, manifests: list[Manifest]) -> str:
    """What the server says against the next version where this one is installed. Raises ServerError."""
    server.install(manifests)
    text = yaml.safe_dump_all(manifests).replace(f":{version()}", ":next")
    after = list(yaml.safe_load_all(text))
    if "field is immutable" not in server.refusal(after):
        return "Jobs can be changed, so deleting them first is a step too many"
    server.delete_jobs(NAMESPACE)
    return server.refusal(after)


def _sets() -> Iterator[tuple[str, list[Manifest]]]:
    for overlay in overlays():
        yield overlay, render(overlay).manifests
        yield f"{overlay} by Helm", rendered.manifests(rendered.profile(overlay))


if __name__ == "__main__":
    sys.exit(main())
