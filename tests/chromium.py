"""The browser that the tests open: found, or installed from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = (
    "The browser tests need Chromium. Install it (Debian and Ubuntu: "
    "sudo apt-get install chromium) or set CHROMIUM to its path."
)


def find_chromium() -> str | None:
    """Path of Chromium: CHROMIUM where set, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install_chromium() -> None:
    """From Debian's packages; only root can."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(["apt-get", *command], check=True, env=environment, stdout=sys.stderr)


def main() -> int:
    if find_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests", file=sys.stderr)
        install_chromium()
    if find_chromium() is None:
        print(HOW, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
