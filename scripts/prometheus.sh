#!/usr/bin/env bash
# Prometheus and its own tool: the tool checks the alerts and runs their unit tests, the server reads what the rehearsal's
# processes tell. Takes them where they are; else takes them out of Debian's or Ubuntu's package (root), or names the
# package and stops. The package itself would start a server.
set -euo pipefail
command -v promtool >/dev/null && command -v prometheus >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Taking Prometheus' programs out of their package (for the alerts' tests and the rehearsal) ..."
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cd "$folder"
  apt-get update -qq
  apt-get download -qq -o APT::Sandbox::User=root prometheus
  dpkg --extract prometheus_*.deb .
  install usr/bin/promtool usr/bin/prometheus /usr/local/bin/
else
  echo "The alerts' tests and the rehearsal need Prometheus. Install it and run make again:  sudo apt-get install prometheus" >&2
  exit 1
fi
