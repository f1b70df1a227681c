"""The network of the real guides, for tests of what it says."""

from __future__ import annotations

import shutil
from pathlib import Path

from folders import GUIDES

from index.parse.network_folder import read_network

REAL, WRONG = read_network(GUIDES)
(REFORM,) = REAL.reforms


def with_network(folder: Path) -> Path:
    """`folder`, with the network of the real guides."""
    shutil.copytree(GUIDES / "rete", folder / "rete")
    return folder
