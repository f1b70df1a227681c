"""A turn that keeps what was asked before it and changes its object: «e la carta d'identità?».

Such a turn names a thing and asks nothing by itself. What is asked is the question before it («how
much», «how long», «which papers», «where», «may one») with the new thing in the place of the old
one; circumstances stay: people, places, «con la ricevuta». Where the turn names people («e per i
minori?»), the object stays and whom it is for changes. How questions and such turns are made is
data (`chatbot/words/keeps.py`), and both are in one language. What is read in no such way is no
turn of this kind: `follows` says whether it goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.understand.parts import sentences
from chatbot.understand.places import place_at
from chatbot.understand.slots import Span, said_dates, said_persons, said_places, without
from chatbot.understand.titles import begins_with_title, titles_of_stay
from chatbot.words.keeps import Keeps, keeps
from chatbot.words.vocabulary import is_acronym
from index.network import Network

MOST_WORDS, MOST_LETTERS = 7, 120  # of a turn that only names a thing
MOST_ASKED = 30  # words of the sentence that asks; a longer one is a story
_PLAIN = str.maketrans("’‘`", "'''")
_END = " \t\n?؟!.…,;:"
_INSIDE = re.compile(r"[?؟!.…:;]\s")
_APART = re.compile(r" ([,;])")
_NAME = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a turn names, with its article; as it was `said`, with «per» before it where it was;
    and whether it is people."""

    name: str
    said: str
    is_for: bool
    people: bool


@dataclass(frozen=True, slots=True)
class _TakenApart:
    """A question taken apart: what stands `before` the words that ask, those words, and the `rest`;
    `bare`: its object may follow without an article."""

    before: str
    words: str
    rest: str
    bare: bool


def kept_question(topic: str, text: str, network: Network) -> str:
    """The question that `text` makes of the question in `topic`; empty where it makes none."""
    topic, text = topic.translate(_PLAIN).strip(), text.translate(_PLAIN).strip()
    if len(text) > MOST_LETTERS:
        return ""
    for words in keeps():
        thing = _named(text, words, network)
        asked = _asked(topic, words) if thing else None
        if thing and asked:
            made = _for_people if thing.people else _of_thing
            if question := made(asked, thing, words, network):
                return _tidy(question) + ("؟" if "؟" in topic + text else "?")
    return ""


def _tidy(question: str) -> str:
    return _APART.sub(r"\1", " ".join(question.rstrip(_END).split()))


def _named(text: str, words: Keeps, network: Network) -> _Thing | None:
    """What a turn names that does nothing else."""
    said = text.rstrip(_END)
    opened = words.opens.match(said)
    said = said[opened.end() :] if opened else said
    closed = words.closes.search(said)
    said = said[: closed.start()] if closed else said
    if not (opened or closed) or _INSIDE.search(said) or len(said.split()) > MOST_WORDS:
        return None
    before = words.for_whom.match(said)
    name = said[before.end() :] if before else said
    bare = words.articles.sub("", name, count=1)
    people = bool(words.people.match(bare)) or begins_with_title(bare, network)
    if words.no_thing.search(name):
        return None
    if people and not before:  # somebody else: whether he is the subject or the object, who knows
        return None
    if not people and not _is_thing(name, bare, words, network):
        return None
    return _Thing(name, said, before is not None, people)


def _is_thing(name: str, bare: str, words: Keeps, network: Network) -> bool:
    """Whether `name` names a thing by itself, `bare` without its article: neither a place, nor
    an act on what was asked about."""
    if words.has_articles and name == bare and not is_acronym(bare.split()[0] if bare else ""):
        return False
    return (
        _NAME.search(bare) is not None
        and not words.acts.fullmatch(name)
        and place_at(bare, network) < len(bare)
    )


def _asked(topic: str, words: Keeps) -> _TakenApart | None:
    """The last sentence of `topic`, if it asks what may be asked of another thing."""
    last = next(reversed(list(sentences(topic))), "")
    if not last or len(last.split()) > MOST_ASKED:
        return None
    begin = topic.rindex(last)
    begin += next((n for n, char in enumerate(last) if char.isalnum()), 0)
    sentence = topic[begin:].rstrip(_END)
    for bare, patterns in ((True, words.asked), (not words.has_articles, words.done)):
        for pattern in patterns:
            for found in reversed(list(pattern.finditer(sentence))):
                at = begin + found.start()
                return _TakenApart(topic[:at], found.group(), sentence[found.end() :], bare)
    return None


def _of_thing(asked: _TakenApart, thing: _Thing, words: Keeps, network: Network) -> str:
    """What is asked, of the new thing."""
    stays = words.stays.search(asked.rest)
    cut = stays.start() if stays else len(asked.rest)
    region, after = asked.rest[:cut], asked.rest[cut:]
    if not region.strip():
        return _without_object(asked, thing, words, network) + after
    begins = _begins(region, asked.bare, words, network)
    if begins is None and not asked.bare:
        return ""
    start, preposition = begins or (0, "")
    if _is_clause(region[start:], words):
        return ""
    kept = [region[s:e] for s, e in _circumstances(region, words, network) if s > start]
    head = f"{asked.before}{asked.words}{region[:start]}".rstrip(" ,")
    if preposition == words.for_written and thing.is_for:
        named = f"{head} {thing.said}"
    else:
        named = _contracted(f"{head} {preposition}", thing.name, words)
    return " ".join([named, *kept, after])


def _is_clause(region: str, words: Keeps) -> bool:
    """Whether the object of a question is more than the name of a thing: «il corso che devo fare»,
    «l'urgenza, e con quali prove»."""
    last = region.split()[-1]
    return bool(words.no_thing.search(region) or words.opens.match(f"{last} "))


def _begins(region: str, bare: bool, words: Keeps, network: Network) -> tuple[int, str] | None:
    """Where the object of a question begins, and the preposition that stays before it: at what it
    is for («per aprire un conto»), else at its article. People are an object only where nothing
    else is, and the words that ask are complete or a verb stands between: «come rinnovo il permesso
    per lavoro?», whereas one that begins a clause does something."""
    people = [*said_persons(region, network), *_people_in(region, words)]

    def free(match: re.Match[str]) -> bool:
        return not any(s <= match.start() < e for s, e in people)

    purpose = next(filter(free, words.purpose.finditer(region)), None)
    articles = list(words.begins.finditer(region))
    article = next(filter(free, articles), None)
    if not article and not purpose and articles and (bare or region[: articles[0].start()].strip()):
        article = articles[0]
    if purpose and (not article or purpose.start() < article.start()):
        return purpose.start(), words.for_written
    if article is None:
        return None
    form = article.group().strip().lower()
    apart = (prep for (prep, _), joined in words.joined.items() if joined == form)
    return article.start(), next(apart, "")


def _people_in(text: str, words: Keeps) -> list[Span]:
    """People, with the article or the preposition before them."""
    found = []
    for match in words.people.finditer(text):
        before = list(words.begins.finditer(text, 0, match.start()))
        adjoins = before and not text[before[-1].end() : match.start()].strip()
        found.append((before[-1].start() if adjoins else match.start(), match.end()))
    return found


def _circumstances(region: str, words: Keeps, network: Network) -> list[Span]:
    """Whom, where and when: what stays though the object changes."""
    spans = [match.span() for match in words.for_people.finditer(region)]
    spans += [*said_places(region, network), *said_dates(region, network)]
    return sorted(spans)


def _without_object(asked: _TakenApart, thing: _Thing, words: Keeps, network: Network) -> str:
    """Of «la tessera quanto costa?» the thing stands first, of «quanto costa?» last."""
    if thing.is_for:
        return f"{asked.before}{asked.words} {thing.said}"
    led = list(sentences(f"{asked.before}."))[-1:]
    lead = led[0] if led else ""
    if not words.begins.search(lead) or titles_of_stay(lead, network) or words.people.search(lead):
        return f"{asked.before}{asked.words} {thing.name}"
    kept = asked.before[: asked.before.rindex(lead.rstrip(".").strip())]
    return f"{kept}{thing.name} {asked.words}"


def _contracted(head: str, name: str, words: Keeps) -> str:
    """«a» and «il corso» are «al corso»."""
    head = head.rstrip()
    last = head.rsplit(" ", 1)[-1].lower()
    for (preposition, article), joined in words.joined.items():
        follows = name[len(article) :]
        apart = article.endswith("'") or follows.startswith(" ")
        if last == preposition and name.lower().startswith(article) and apart:
            return f"{head[: -len(last)]}{joined}{follows}"
    return f"{head} {name}"


def _for_people(asked: _TakenApart, thing: _Thing, words: Keeps, network: Network) -> str:
    """What is asked, of the same thing, for other people."""
    whole = f"{asked.before}{asked.words}{asked.rest}"
    if titles_of_stay(thing.name, network):
        whole = without(whole, said_persons(whole, network))
    whole = without(whole, [match.span() for match in words.for_people.finditer(whole)])
    comma = "" if asked.bare else ","
    return f"{whole.rstrip(' ,')}{comma} {thing.said}"
