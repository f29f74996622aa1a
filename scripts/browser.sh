#!/usr/bin/env bash
# A Chromium for the browser tests. Takes one that is there, else Playwright's own, else the distribution's.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
python=${1:-.venv/bin/python}
ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium* >/dev/null 2>&1 && exit 0
echo "Installing Chromium for the browser tests ..."
if [ "$(id -u)" = 0 ]; then
  "$python" -m playwright install --with-deps chromium && exit 0
  command -v apt-get >/dev/null && apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium && exit 0
else
  "$python" -m playwright install chromium && exit 0
fi
echo "The browser tests need Chromium. Install it and run make again:  sudo apt-get install chromium" >&2
exit 1
