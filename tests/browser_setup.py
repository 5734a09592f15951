"""Make sure that journeys have a Chromium and a Chinese font; run by ``make test``, does nothing where both are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Install what is missing; return 0 when journeys can run, and say what to do when they cannot."""
    wanted = [] if chromium() else ["chromium"]
    if not has_chinese_font():
        wanted.append("fonts-noto-cjk")
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing for the browser tests: {', '.join(wanted)}", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *wanted]
        subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if not chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not chromium():
        print("Journeys need a Chromium: install the package chromium, or run `playwright install chromium`.")
        return 1
    if not has_chinese_font():
        print("No Chinese font was found; pages work, but pictures show boxes. Install fonts-noto-cjk.")
    return 0


def chromium() -> str | None:
    """Return the path of a Chromium: the system's, else the one Playwright keeps; None without any."""
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            return found
    return _playwrights_own()


def has_chinese_font() -> bool:
    """Tell whether the system has a font with Chinese characters."""
    program = shutil.which("fc-list")
    if program is None:
        return sys.platform in ("darwin", "win32")
    listed = subprocess.run([program, ":lang=zh"], check=False, capture_output=True, text=True)
    return bool(listed.stdout.strip())


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
