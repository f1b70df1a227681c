"""The browser that the tests open: found, or installed from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# The same Chromium without windows: with them each page that a test opens costs a second of
# processor, without a third of it.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
HOW = (
    "The browser tests need Chromium. Install it (Debian and Ubuntu: "
    "sudo apt-get install chromium) or set CHROMIUM to its path."
)


def find_chromium() -> str | None:
    """Path of Chromium: CHROMIUM where set, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install_chromium() -> None:
    """From Debian's packages, without windows where there is one; only root can."""
    _apt_get("update", "-qq")
    for name in (SHELL, "chromium"):
        if _apt_get("install", "-y", "-qq", "--no-install-recommends", name):
            return


def _apt_get(*command: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", *command], env=environment, stdout=sys.stderr, timeout=600, check=False
    )
    return done.returncode == 0


def main() -> int:
    quick = os.environ.get("CHROMIUM") or shutil.which(SHELL)
    if not quick and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests", file=sys.stderr)
        install_chromium()
    if find_chromium() is None:
        print(HOW, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
