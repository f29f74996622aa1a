#!/usr/bin/env bash
# Prometheus' own tool, which checks the alerts and runs their unit tests. Takes one that is there; else takes it out of
# Debian's or Ubuntu's package (root), or names the package and stops. The package itself would start a server.
set -euo pipefail
command -v promtool >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Taking promtool out of the package prometheus (it runs the alerts' unit tests) ..."
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cd "$folder"
  apt-get update -qq
  apt-get download -qq -o APT::Sandbox::User=root prometheus
  dpkg --extract prometheus_*.deb .
  install usr/bin/promtool /usr/local/bin/promtool
else
  echo "The alerts' unit tests need promtool. Install it and run make again:  sudo apt-get install prometheus" >&2
  exit 1
fi
