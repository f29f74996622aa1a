#!/usr/bin/env bash
# PostgreSQL for the tests and the rehearsal, which start servers of their own with it. Takes one that is there;
# else installs Debian's or Ubuntu's (root), or names the package and stops. Only its programs are wanted: no server
# is set up or started by the installation.
set -euo pipefail
command -v postgres >/dev/null && exit 0
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing postgresql (the tests start a server of their own with it) ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-common
  sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  apt-get install -y -qq --no-install-recommends postgresql
else
  echo "The tests need PostgreSQL. Install it and run make again:  sudo apt-get install postgresql" >&2
  exit 1
fi
