"""Run by test_build_faults: builds that are killed with SIGKILL at each write and rename.

Prints one JSON object. The process forks one child for each point, so that the libraries are
imported once; the encoder is one of words, which no fork can break.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import disk
from faults import Faults, injected
from made_encoder import made_encoder
from small import edit

from index.publish.build import build
from index.publish.publish import load_usable
from index.publish.published import current_id, snapshots_dir
from index.publish.shelf import snapshot_ids


def in_child(work: object) -> int:
    """Run `work` in a forked child; its exit status, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        try:
            work()  # type: ignore[operator]
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(3)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def main(guides: Path, var: Path) -> None:
    def count() -> None:
        edit(guides, "conta")
        with injected(Faults(var)) as faults:
            build(guides, var, made_encoder())
        (var / "points.json").write_text(json.dumps(faults.seen))

    os.fsync = disk.fsync
    load_usable(var)  # imports what each child would import again
    gc.freeze()
    assert in_child(count) == 0
    points = json.loads((var / "points.json").read_text())
    killed, survived, broken = 0, 0, []
    for at in range(len(points)):
        edit(guides, f"prova {at}")

        def strike(at: int = at) -> None:
            with injected(Faults(var, at, kill=True)):
                build(guides, var, made_encoder())

        before = current_id(var)
        killed += in_child(strike) == -9
        ids = {before, snapshot_ids(var)[-1]}
        snapshot, error = load_usable(var)
        served = not error and snapshot.id in ids
        rebuilt = in_child(lambda: build(guides, var, made_encoder())) == 0
        current, error = load_usable(var)
        clean = not list(snapshots_dir(var).glob(".*")) and not list(var.glob(".CURRENT*"))
        said = f"Sì, prova {at}:" in current.guides["conto-di-base"].markdown
        if served and rebuilt and said and clean and not error:
            survived += 1
        else:
            broken.append([at, points[at], served, rebuilt, said, clean])
    print(json.dumps({"points": len(points), "killed": killed, "survived": survived,
                      "broken": broken}))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
