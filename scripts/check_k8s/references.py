"""What objects say of each other by name: selectors, Services, ConfigMaps, Secrets, volumes, scaling targets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.check_k8s.manifests import ROOT, WORKLOADS, Cluster, Container, Manifest, labels_of, name, pod_of

README = ROOT / "k8s" / "README.md"
SECRET_ROW = re.compile(r"^\| `([a-z-]+)` \| (`[A-Z0-9_]+`(?:, `[A-Z0-9_]+`)*) \|", re.MULTILINE)
OF_ONE_PROCESS = ("INTERVIEW_DATABASE_URL", "INTERVIEW_S3_ACCESS_KEY_ID", "INTERVIEW_S3_SECRET_ACCESS_KEY")
"""Who has them may read or change what candidates said: each process has its own, with the rights that it needs."""


def problems(cluster: Cluster) -> Iterator[str]:
    """References that lead nowhere."""
    yield from _namespaces(cluster)
    yield from _selectors(cluster)
    yield from _services(cluster)
    yield from _sources(cluster)
    yield from _shared_keys(cluster)
    yield from _volumes(cluster)
    yield from _targets(cluster)
    yield from _ingresses(cluster)
    yield from _routes(cluster)


def documented_secrets() -> set[tuple[str, str]]:
    """Names and keys of the table in k8s/README.md."""
    rows = SECRET_ROW.findall(README.read_text())
    return {(secret, key) for secret, keys in rows for key in re.findall(r"`(\w+)`", keys)}


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector matches; an empty one matches everything."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_holds(rule, labels) for rule in selector.get("matchExpressions", ()))


def _holds(rule: Manifest, labels: dict[str, str]) -> bool:
    found, values = labels.get(rule["key"]), rule.get("values", ())
    outcomes = {"In": found in values, "NotIn": found not in values, "Exists": found is not None}
    return outcomes.get(rule["operator"], found is None)


def _selected(cluster: Cluster, selector: Manifest) -> list[Manifest]:
    return [w for w in cluster.of(*WORKLOADS) if selects(selector, labels_of(w))]


def _namespaces(cluster: Cluster) -> Iterator[str]:
    found = {m["metadata"].get("namespace") for m in cluster.manifests if m["kind"] != "Namespace"}
    known = {name(m) for m in cluster.of("Namespace")}
    if found != known:
        yield f"objects lie in the namespaces {sorted(map(str, found))}, of which {sorted(known)} are made"


def _selectors(cluster: Cluster) -> Iterator[str]:
    """Every selector finds exactly the workload of its name."""
    for manifest in cluster.of("Deployment", "StatefulSet", "PodDisruptionBudget"):
        if [name(w) for w in _selected(cluster, manifest["spec"]["selector"])] != [name(manifest)]:
            yield f"{manifest['kind']} {name(manifest)}: its selector does not find its pods, or others as well"
    for workload in cluster.of("Deployment"):
        if not cluster.find("PodDisruptionBudget", name(workload)):
            yield f"Deployment {name(workload)}: has no PodDisruptionBudget"
    for policy in cluster.of("NetworkPolicy"):
        if not _selected(cluster, policy["spec"]["podSelector"]):
            yield f"NetworkPolicy {name(policy)}: selects no pods"
    for workload in cluster.of(*WORKLOADS):
        for spread in pod_of(workload).get("topologySpreadConstraints", ()):
            if _selected(cluster, spread["labelSelector"]) != [workload]:
                yield f"{workload['kind']} {name(workload)}: spreads by other pods than its own"


def _services(cluster: Cluster) -> Iterator[str]:
    for service in cluster.of("Service"):
        pods = _selected(cluster, {"matchLabels": service["spec"]["selector"]})
        if [name(pod) for pod in pods] != [name(service)]:
            yield f"Service {name(service)}: selects {[name(pod) for pod in pods]}"
            continue
        ports = {
            k: v for spec in pod_of(pods[0])["containers"] for k, v in Container(pods[0], spec, True).ports.items()
        }
        for port in service["spec"]["ports"]:
            if port["targetPort"] not in ports:
                yield f"Service {name(service)}: no container port is called {port['targetPort']}"
        headless = service["spec"].get("clusterIP") == "None"
        if "grpc" in ports and not headless:
            yield f"Service {name(service)}: gRPC behind one address keeps each client on one replica; make it headless"
        if headless and any(ports.get(port["targetPort"]) != port["port"] for port in service["spec"]["ports"]):
            yield f"Service {name(service)}: a headless Service forwards nothing, its ports must be the containers'"


def _sources(cluster: Cluster) -> Iterator[str]:
    secrets = documented_secrets()
    for container in cluster.containers():
        for source in container.spec.get("envFrom", ()):
            if "configMapRef" not in source:
                yield f"{container.where}: takes a whole Secret; name its keys one by one"
            elif not cluster.find("ConfigMap", source["configMapRef"]["name"]):
                yield f"{container.where}: ConfigMap {source['configMapRef']['name']} does not exist"
        for variable in container.spec.get("env", ()):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference and (reference["name"], reference["key"]) not in secrets:
                yield f"{container.where}: Secret {reference['name']} with {reference['key']} is not in k8s/README.md"
    if cluster.of("Secret"):
        yield f"Secrets are rendered: {[name(s) for s in cluster.of('Secret')]}"


def _shared_keys(cluster: Cluster) -> Iterator[str]:
    holders: dict[tuple[str, str], set[str]] = {}
    for container in cluster.containers():
        for variable in container.spec.get("env", ()):
            if variable["name"] in OF_ONE_PROCESS:
                reference = variable["valueFrom"]["secretKeyRef"]
                holders.setdefault((reference["name"], reference["key"]), set()).add(name(container.workload))
    for (secret, key), found in holders.items():
        if len(found) > 1:
            yield f"Secret {secret} with {key} is shared by {', '.join(sorted(found))}"


def _volumes(cluster: Cluster) -> Iterator[str]:
    for workload in cluster.of(*WORKLOADS):
        where, pod = f"{workload['kind']} {name(workload)}", pod_of(workload)
        volumes = {v["name"] for v in pod.get("volumes", ())}
        volumes |= {name(claim) for claim in workload["spec"].get("volumeClaimTemplates", ())}
        mounts = [m for c in cluster.containers() if c.workload is workload for m in c.spec.get("volumeMounts", ())]
        if volumes != {mount["name"] for mount in mounts}:
            yield f"{where}: volumes and mounts differ"
        for volume in pod.get("volumes", ()):
            yield from (f"{where}, volume {volume['name']}: {text}" for text in _volume(cluster, volume))
        if not cluster.find("ServiceAccount", pod.get("serviceAccountName", "")):
            yield f"{where}: its ServiceAccount does not exist"


def _volume(cluster: Cluster, volume: Manifest) -> Iterator[str]:
    if claim := volume.get("persistentVolumeClaim"):
        if not cluster.find("PersistentVolumeClaim", claim["claimName"]):
            yield "the claim does not exist"
    elif config := volume.get("configMap"):
        if not cluster.find("ConfigMap", config["name"]):
            yield "the ConfigMap does not exist"
    elif secret := volume.get("secret"):
        if secret["secretName"] not in _secrets(cluster):
            yield f"Secret {secret['secretName']} is neither made by a Certificate nor in k8s/README.md"
    else:
        yield from _own_volume(volume)


def _own_volume(volume: Manifest) -> Iterator[str]:
    """One that needs no other object."""
    if image := volume.get("image"):
        if ":" not in image["reference"].rpartition("/")[2] or image["reference"].endswith(":latest"):
            yield f"{image['reference']} is not pinned"
    elif "emptyDir" not in volume:
        yield f"{sorted(volume)}: only claims, images, scratch, Secrets and ConfigMaps are used"
    elif "sizeLimit" not in volume["emptyDir"]:
        yield "may fill the node"


def _secrets(cluster: Cluster) -> set[str]:
    made = {c["spec"]["secretName"] for c in cluster.of("Certificate")}
    return made | {secret for secret, _ in documented_secrets()}


def _targets(cluster: Cluster) -> Iterator[str]:
    scaled: list[str] = []
    for scaler in cluster.of("HorizontalPodAutoscaler", "ScaledObject"):
        reference = scaler["spec"]["scaleTargetRef"]
        target = cluster.find(reference.get("kind", "Deployment"), reference["name"])
        if target is None:
            yield f"{scaler['kind']} {name(scaler)}: {reference['name']} does not exist"
        elif "replicas" in target["spec"]:
            yield f"{scaler['kind']} {name(scaler)}: the target has a fixed number, which each apply would go back to"
        scaled.append(reference["name"])
    yield from (f"{target} is scaled twice" for target in sorted({t for t in scaled if scaled.count(t) > 1}))


def _ingresses(cluster: Cluster) -> Iterator[str]:
    for ingress in cluster.of("Ingress"):
        hosts = {host for entry in ingress["spec"].get("tls", ()) for host in entry["hosts"]}
        for rule in ingress["spec"]["rules"]:
            if rule["host"] not in hosts:
                yield f"Ingress {name(ingress)}: {rule['host']} without TLS"
            if f"https://{rule['host']}" not in _public(cluster):
                yield f"Ingress {name(ingress)}: GATEWAY_PUBLIC_URL is not {rule['host']}; the gateway would refuse it"
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                service = cluster.find("Service", backend["name"])
                ports = service["spec"]["ports"] if service else ()
                if backend["port"].get("name") not in [port["name"] for port in ports]:
                    yield f"Ingress {name(ingress)}: {backend} does not exist"


def _routes(cluster: Cluster) -> Iterator[str]:
    listeners = {
        (name(gateway), listener["name"]): listener
        for gateway in cluster.of("Gateway")
        for listener in gateway["spec"]["listeners"]
    }
    for route in cluster.of("HTTPRoute"):
        where = f"HTTPRoute {name(route)}"
        for parent in route["spec"]["parentRefs"]:
            listener = listeners.get((parent["name"], parent.get("sectionName", "")))
            if listener is None or [listener["hostname"]] != route["spec"]["hostnames"]:
                yield f"{where}: no listener of {parent['name']} has its name"
            elif listener["protocol"] != "HTTPS":
                yield f"{where}: without TLS"
        for host in route["spec"]["hostnames"]:
            if f"https://{host}" not in _public(cluster):
                yield f"{where}: GATEWAY_PUBLIC_URL is not {host}; the gateway would refuse it"
        for backend in (b for rule in route["spec"]["rules"] for b in rule["backendRefs"]):
            service = cluster.find("Service", backend["name"])
            if backend["port"] not in [port["port"] for port in (service["spec"]["ports"] if service else ())]:
                yield f"{where}: {backend} does not exist"


def _public(cluster: Cluster) -> set[str]:
    return {c["data"].get("GATEWAY_PUBLIC_URL", "") for c in cluster.of("ConfigMap")}
