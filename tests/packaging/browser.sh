#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: the system's, else Playwright's, else (as root on Debian) apt's.
set -eu

for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] && exit 0
[ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ] && exit 0

installed_by_playwright() {
    "${PYTHON:-python3}" - <<'PROBE' 2>/dev/null
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PROBE
}

installed_by_playwright && exit 0
echo "installing a browser for the tests"
if "${PYTHON:-python3}" -m playwright install chromium >/dev/null 2>&1 && installed_by_playwright; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq || true
    for package in chromium-headless-shell chromium; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 && exit 0
    done
fi
echo "No browser found and none could be installed: put Chromium or Chrome on the PATH." >&2
exit 1
