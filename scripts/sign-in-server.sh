#!/usr/bin/env bash
# The OpenID Connect provider that the tests sign in at: node (18 or later; one that is there, else Debian's or Ubuntu's,
# as root) and the packages of tests/support/oidc, beside the environment.
set -euo pipefail
cd "$(dirname "$0")/.."
to=${1:-.venv/sign-in-server}
known=$(sha256sum < tests/support/oidc/package-lock.json)
[ "$(cat "$to/.installed" 2>/dev/null)" = "$known" ] && exit 0
if ! command -v npm >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing node (the tests sign in at a provider that runs on it) ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm
  else
    echo "The tests need node and npm. Install them and run make again:  sudo apt-get install nodejs npm" >&2
    exit 1
  fi
fi
echo "Installing the sign-in server of the tests ..."
mkdir -p "$to"
cp tests/support/oidc/package.json tests/support/oidc/package-lock.json "$to"
npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel error
echo "$known" > "$to/.installed"
