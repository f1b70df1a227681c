"""From collections to an adapter: read, mine, train, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from chatbot.settings import Settings
from eval.collections.item import read_collection
from eval.training.data import PRECEDENTS, Data, add_corpus, add_guides, add_pages
from eval.training.loop import Recipe, state_of, train
from eval.training.negatives import mine
from eval.training.tower import Tower
from index.encode.adapter import FILE, apply_adapter, differences, write_adapter
from index.encode.model import BASE_MODEL, ensure_model
from index.publish.snapshot import load_current

PEOPLES = ("pratica", "parti", PRECEDENTS)  # sources in people's own manner
Tell = Callable[[str, int, int], None]


def train_adapter(
    settings: Settings,
    collections: Sequence[Path],
    corpora: Sequence[Path],
    pages: Sequence[Path],
    *,
    steps: int,
    repeat: int,
    rate: float,
    into: Path | None,
    start: Path | None,
    tell: Tell,
) -> Path:
    """Train over the published guides, BEIR folders (the half for practice) and pages of sentences,
    from the base model or from where the adapter `start` left it; give the file written. Raises
    AdapterError where `start` is of another encoder."""
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
    if start:
        apply_adapter(model, start)
    mine(data, tower, lambda done, total: tell("negativi", done, total))
    data.queries += [q for q in data.queries if q.source in PEOPLES] * (repeat - 1)
    recipe = Recipe(steps=steps, rate=rate)
    train(tower, data, recipe, lambda step, total, _: tell("addestramento", step, total))
    target = into or FILE
    write_adapter(differences(before, state_of(model)), target)
    return target
