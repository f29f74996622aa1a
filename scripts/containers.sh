#!/usr/bin/env bash
# What builds and runs images without a daemon and without a registry: buildah, podman, runc, mmdebstrap. Takes what is
# there; else installs Debian's or Ubuntu's packages. Needs root, as pods' users, limits and mounts are set up as on a node.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "make test-images needs root: it starts containers with the users and limits of pods" >&2; exit 1; }
declare -A package=([buildah]=buildah [podman]=podman [runc]=runc [mmdebstrap]=mmdebstrap [ip]=iproute2 [unshare]=util-linux)
missing=()
for program in "${!package[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package[$program]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
command -v apt-get >/dev/null || { echo "Install ${missing[*]} and run make again" >&2; exit 1; }
echo "Installing ${missing[*]} (they build images and run them) ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"
