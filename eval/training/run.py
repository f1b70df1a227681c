"""From collections to an adapter: read, mine, train, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from chatbot.settings import Settings
from eval.collections.item import read_collection
from eval.training.data import Data, add_corpus, add_guides, add_pages
from eval.training.loop import Recipe, state_of, train
from eval.training.negatives import mine
from eval.training.tower import Tower
from index.encode.adapter import FILE, differences, write_adapter
from index.encode.model import BASE_MODEL, ensure_model
from index.publish.snapshot import load_current

Tell = Callable[[str, int, int], None]


def train_adapter(
    settings: Settings,
    collections: Sequence[Path],
    corpora: Sequence[Path],
    pages: Sequence[Path],
    *,
    steps: int,
    repeat: int,
    into: Path | None,
    tell: Tell,
) -> Path:
    """Train over the published guides, BEIR folders (the half for practice) and pages of sentences;
    give the file written."""
    from transformers import AutoTokenizer, BertModel

    folder = ensure_model(settings.var / "models", BASE_MODEL)
    data = Data()
    items = [item for path in collections for item in read_collection(path)]
    add_guides(data, load_current(settings.var), items)
    for corpus in corpora:
        add_corpus(data, corpus)
    for path in pages:
        add_pages(data, path)
    # on the processor the gradients of fused attention take longer than those of plain attention
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    tower = Tower(model, AutoTokenizer.from_pretrained(folder))
    before = state_of(model)
    before = {name: values.copy() for name, values in before.items()}
    mine(data, tower, lambda done, total: tell("negativi", done, total))
    data.queries += [q for q in data.queries if q.source in ("pratica", "parti")] * (repeat - 1)
    recipe = Recipe(steps=steps)
    train(tower, data, recipe, lambda step, total, _: tell("addestramento", step, total))
    target = into or FILE
    write_adapter(differences(before, state_of(model)), target)
    return target
