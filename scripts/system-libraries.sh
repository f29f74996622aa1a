#!/usr/bin/env bash
# Shared libraries that MediaPipe and OpenCV (drawing) and WeasyPrint (text in the PDF report) load and that no Python package carries.
# Installs what is missing where it can (Debian or Ubuntu, root); else names the packages and stops.
set -euo pipefail
declare -A package=([libEGL.so.1]=libegl1 [libGLESv2.so.2]=libgles2 [libGL.so.1]=libgl1
  [libpango-1.0.so.0]=libpango-1.0-0 [libpangoft2-1.0.so.0]=libpangoft2-1.0-0 [libharfbuzz-subset.so.0]=libharfbuzz-subset0)
[ "$(uname -s)" = Linux ] || exit 0
known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
missing=()
for library in "${!package[@]}"; do
  grep -q "$library" <<<"$known" || missing+=("${package[$library]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} (drawing and text libraries that MediaPipe, OpenCV and WeasyPrint load) ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
else
  echo "Missing system libraries. Install them and run make again:  sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
