"""Rules about the names of guides: an old address leads to one guide, and no address is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from index.check.dates import key_line
from index.finding import Finding
from index.guide import Guide

KEY = "nomi_precedenti"
SAME = 0.5  # share of the units of the shorter of two guides: the later is the earlier, renamed
AT_LEAST = 3  # units: fewer are shared by chance


def former_names(guides: Sequence[Guide]) -> Iterator[Finding]:
    """A former name that a living guide has, or that two guides say to have had."""
    living = {guide.slug: guide for guide in guides}
    owners: dict[str, Guide] = {}
    for guide in guides:
        for name in guide.former_names:
            if other := living.get(name):
                what = "il suo nome di adesso" if other is guide else f"il nome di «{other.path}»"
                yield _finding(guide, f"«{KEY}»: «{name}» è {what}: toglilo")
            elif owners.setdefault(name, guide) is not guide:
                message = f"«{name}» è già fra i nomi di «{owners[name].path}»: tienilo in una sola"
                yield _finding(guide, f"«{KEY}»: {message}")


def _finding(guide: Guide, message: str) -> Finding:
    return Finding(guide.path, key_line(guide, KEY), message, "name")


def renamed(guides: Sequence[Guide], published: Mapping[str, Guide]) -> Iterator[Finding]:
    """A guide that says at least half of what one of the `published` (by slug) said whose name
    nobody has any more: its file was renamed, and its old addresses would be lost."""
    known = {name for guide in guides for name in (guide.slug, *guide.former_names)}
    lost = {slug: guide for slug, guide in published.items() if slug not in known}
    fresh = [guide for guide in guides if guide.slug not in published]
    for slug, old in lost.items():
        said = _said(old)
        shared = {guide.slug: len(said & _said(guide)) for guide in fresh}
        new = max(fresh, key=lambda guide: shared[guide.slug], default=None)
        least = min(len(said), len(_said(new))) if new else 0
        if new and shared[new.slug] >= max(AT_LEAST, SAME * least):
            message = (
                f"prima si chiamava «{slug}»: scrivi nell'intestazione «{KEY}: "
                f"{_with(new, slug)}», così gli indirizzi di prima portano ancora qui"
            )
            yield Finding(new.path, key_line(new, KEY), message, "renamed", "warning")


def _with(guide: Guide, name: str) -> str:
    return f"[{', '.join([*guide.former_names, name])}]"


def _said(guide: Guide) -> frozenset[str]:
    return frozenset(unit.key for section in guide.sections for unit in section.units)
