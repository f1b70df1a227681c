"""The network of the guides made for the tests, and that of the real ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from folders import DATA, GUIDES, MADE

from index.parse.network_folder import read_network

OTHER = DATA / "altra-rete"  # another territory, other titles of stay, other laws
NETWORK, MADE_WRONG = read_network(MADE)
REAL, WRONG = read_network(GUIDES)
(REFORM,) = NETWORK.reforms


def with_network(folder: Path, of: Path = MADE) -> Path:
    """`folder`, with the network of other guides: by default those made for the tests."""
    shutil.copytree(of / "rete", folder / "rete")
    return folder
