"""The git repository that the folder of the guides stands in, where it stands in one.

A commit is made of the files of one publication alone: what somebody else has staged or changed
stays as it is, and what they changed in those very files becomes a commit of its own before it.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from dulwich.errors import NotGitRepository
from dulwich.file import FileLocked
from dulwich.ignore import IgnoreFilterManager
from dulwich.index import index_entry_from_stat
from dulwich.object_store import commit_tree_changes, tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import HEADREF
from dulwich.repo import Repo

from index.errors import BussolaError

COMMITTER = "Bussola <bussola@localhost>"
OUTSIDE = "Modifiche fatte nella cartella, fuori dalla redazione"
TRIES = 5  # where somebody else commits in the same moment
Texts = Mapping[str, str | None]  # path in the folder to text, None: no file
log = structlog.get_logger()


class CommitError(BussolaError):
    """The publication is done and could not be committed; the message says why, in Italian."""


@dataclass(frozen=True)
class Repository:
    """A repository, and where in it the guides are."""

    repo: Repo
    folder: Path
    inside: str  # the folder's path in the repository, with its slash; empty at the root

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """The repository whose files these are; None without one, or where it ignores them."""
        try:
            repo = Repo.discover(str(folder.resolve()))
        except (NotGitRepository, OSError):
            return None
        if repo.bare:
            return None
        place = folder.resolve().relative_to(Path(repo.path).resolve()).as_posix()
        inside = "" if place == "." else f"{place}/"
        if inside and IgnoreFilterManager.from_repo(repo).is_ignored(inside):
            return None
        return cls(repo, folder, inside)

    def commit(self, before: Texts, after: Texts, author: str, message: str) -> str:
        """The name of the commit that makes `after` of `before`, on top of whatever is there now;
        empty where nothing is to be committed. May be done again. Raises CommitError."""
        try:
            for _ in range(TRIES):
                head = self._head()
                made = self._made(head, before, after, author, message)
                if made is None or made == head:
                    return ""
                if self._advance(head, made):
                    self._settle_index(after)
                    return made.decode()
        except (OSError, KeyError, ValueError, FileLocked) as error:
            log.error("commit_failed", error=type(error).__name__)
            raise CommitError(f"git non ha preso la modifica ({type(error).__name__}).") from error
        raise CommitError("Altri scrivono nello stesso momento nella cartella di git.")

    def _head(self) -> ObjectID | None:
        try:
            return self.repo.head()
        except KeyError:  # nothing was ever committed
            return None

    def _made(
        self, head: ObjectID | None, before: Texts, after: Texts, author: str, message: str
    ) -> ObjectID | None:
        if not self._differs(head, after):
            return head
        if self._differs(head, before) and head is not None:
            head = self._on_top(head, before, COMMITTER, OUTSIDE)
        return self._on_top(head, after, author, message)

    def _on_top(self, head: ObjectID | None, texts: Texts, author: str, message: str) -> ObjectID:
        store, now = self.repo.object_store, int(time.time())
        tree = self._tree(head)
        commit = Commit()
        commit.tree = commit_tree_changes(store, tree, self._changes(tree, texts))
        commit.parents = [head] if head else []
        commit.author, commit.committer = author.encode(), COMMITTER.encode()
        commit.author_time = commit.commit_time = now
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding, commit.message = b"UTF-8", message.encode()
        store.add_object(commit)
        return commit.id

    def _tree(self, head: ObjectID | None) -> Tree:
        if head is None:
            empty = Tree()
            self.repo.object_store.add_object(empty)
            return empty
        commit = self.repo[head]
        assert isinstance(commit, Commit)
        tree = self.repo[commit.tree]
        assert isinstance(tree, Tree)
        return tree

    def _changes(
        self, tree: Tree, texts: Texts
    ) -> Sequence[tuple[bytes, int | None, ObjectID | None]]:
        changes: list[tuple[bytes, int | None, ObjectID | None]] = []
        for path, text in texts.items():
            name = f"{self.inside}{path}".encode()
            if text is None:
                if self._blob(tree, name) is not None:
                    changes.append((name, None, None))
                continue
            blob = Blob.from_string(text.encode())
            self.repo.object_store.add_object(blob)
            changes.append((name, stat.S_IFREG | 0o644, blob.id))
        return changes

    def _differs(self, head: ObjectID | None, texts: Texts) -> bool:
        """Whether any of the files is not so in the commit."""
        tree = self._tree(head)
        found = {path: self._blob(tree, f"{self.inside}{path}".encode()) for path in texts}
        return any(
            found[path] != (None if text is None else text.encode()) for path, text in texts.items()
        )

    def _blob(self, tree: Tree, name: bytes) -> bytes | None:
        try:
            _, sha = tree_lookup_path(self.repo.object_store.__getitem__, tree.id, name)
        except KeyError:
            return None
        found = self.repo[sha]
        return found.data if isinstance(found, Blob) else None

    def _advance(self, head: ObjectID | None, made: ObjectID) -> bool:
        """Move the branch, unless somebody else has."""
        if head is None:
            return self.repo.refs.add_if_new(HEADREF, made)
        return self.repo.refs.set_if_equals(HEADREF, head, made)

    def _settle_index(self, texts: Texts) -> None:
        """The staging area knows the new files; everything else in it stays."""
        index = self.repo.open_index()
        for path, text in texts.items():
            name = f"{self.inside}{path}".encode()
            if text is None:
                with suppress(KeyError):
                    del index[name]
                continue
            blob = Blob.from_string(text.encode())
            index[name] = index_entry_from_stat((self.folder / path).stat(), blob.id)
        index.write()
