"""What a round found, in words for editors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from index.errors import BussolaError
from index.outside.addresses import AddressPlace, addresses
from index.outside.kept import Looked, look_and_keep
from index.outside.visit import State
from index.parse.folder import nothing_in, read_all
from index.parse.network_folder import read_network

STATE_WORDS: dict[State, str] = {
    "broken": "non c'è", "silent": "non risponde", "private": "non è pubblico",
    "moved": "si è spostato", "closed": "da aprire a mano", "works": "funziona",
}  # fmt: skip
AddressPlaces = Mapping[str, Sequence[AddressPlace]]


def look_at_folder(
    guides: Path, var: Path, progress: Callable[[int, int], None]
) -> tuple[Looked, AddressPlaces]:
    """A round over a folder of guides, and where each address stands. Raises BussolaError."""
    network, _ = read_network(guides)
    found, _ = read_all(guides, network=network)
    if not found:
        raise BussolaError(nothing_in(guides))
    places = addresses(guide for guide in found if not guide.draft)
    return look_and_keep(var, places, progress=progress), places


def as_lines(looked: Looked, places: AddressPlaces) -> Iterator[str]:
    """File and line of every address that is not as it should be, the worst first."""
    order = list(STATE_WORDS)
    for url, visit in sorted(looked.found.items(), key=lambda one: order.index(one[1].state)):
        if visit.state == "works":
            continue
        for place in places.get(url, ()):
            at = f"{place.path}:{place.line}" if place.line else place.path
            to = f": {visit.to}" if visit.to else ""
            yield f"{at}: {place.where} {url} {STATE_WORDS[visit.state]}: {visit.why}{to}"


def summary(looked: Looked) -> str:
    """«214 indirizzi: 180 funzionano, 12 da aprire a mano …»."""
    if looked.why:
        return looked.why
    states = [visit.state for visit in looked.found.values()]
    told = [f"{states.count(s)} {word}" for s, word in STATE_WORDS.items() if s in states]
    return f"{len(states)} indirizzi guardati: {', '.join(told) or 'nessuno'}"
