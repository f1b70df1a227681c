"""What kind of answer a question asks for, and whether a unit holds one.

A passage may speak of the very thing asked about and not hold the amount, the duration or the
telephone number that was asked for: then it is near, and no answer. Patterns are by form, not by
topic, in the languages that questions are asked in (and German, for the reading benchmark).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER_WORDS = (
    "uno|una|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici|quindici|venti|trenta|"
    "quaranta|quarantacinque|sessanta|novanta|cento|centoventi|centottanta|"
    "one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    "ein|einen|eine|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|"
    "un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|dos|tres|cuatro|cinco|seis|diez"
)
_TIME_WORDS = (
    r"minut\w*|or[ae]|giorn\w*|gg|settiman\w*|mes[ei]|ann[oi]|"
    r"minutes?|hours?|days?|weeks?|months?|years?|"
    r"stunden?|tagen?|tage|wochen?|monaten?|monate|jahren?|jahre|"
    r"heures?|jours?|semaines?|mois|ans?|années?|horas?|d[ií]as?|semanas?|meses|años?"
)
_ASKS: Mapping[str, str] = {
    "amount": (
        r"quanto (si )?(cost|pag|spend|prend|guadagn|vers|viene)|quanti (soldi|euro)|che (prezzo|"
        r"importo)|si paga|(è|sono) gratis|gratuit|a pagamento|how much|cost|fee|price|free of "
        r"charge|wie ?viel (kost|geld|bezahl|verdien)|kosten|kostet|gebühr|combien (coûte|ça coûte|"
        r"d'argent)|coût|prix|payant|cu[aá]nto (cuesta|cobra|vale|dinero|se paga)|precio"
    ),
    "duration": (
        r"quanto (tempo|dura|durano|ci mett|ci vuole|manca|deve aspett|posso|può (rest|star))|"
        r"(per|entro|dopo|in|da|ogni) quant[oiae]|quant[ie] (or[ae]|giorni|gg|settimane|mesi|anni)|"
        r"fino a quando|che durata|quando scade|how (long|often|many (hours|days|weeks|months|"
        r"years))|until when|deadline|wie (lange|oft)|wie ?viele? (stunden|tage|wochen|monate|"
        r"jahre)|bis wann|frist|dauer|combien de (temps|jours|mois|ans)|délai|durée|"
        r"cu[aá]nto (tiempo|dura|tarda)|plazo"
    ),
    "age": (
        r"quanti anni (deve|bisogna|si deve|ha)|(a|da|fino a) (che|quale|quanti) (età|anni)|"
        r"et[aà] (minima|massima)|how old|what age|wie alt|welchem alter|quel âge|qué edad"
    ),
    "hours": (
        r"orari|quando (è |sono )?apert|a che ora|quando (apre|chiude|riceve)|aperto|"
        r"opening (hours|times)|what time|öffnungszeit|geöffnet|um wie ?viel uhr|"
        r"horaires?|quelle heure|horario"
    ),
    "address": (
        r"indirizzo|dove (si trova|sta|è |devo andare|deve andare|vado|mi presento|lo mando|"
        r"la mando)|in che via|address|where (is|are|can i find)|adresse|wo (ist|sind|befindet|"
        r"finde)|où (est|se trouve|sont)|direcci[oó]n|d[oó]nde (est[aá]|queda)"
    ),
    "phone": (
        r"numero (di tel|verde|da chiamare|per)|telefon|\btel\b|che numero|recapit|contatt[io]|"
        r"chi (chiamo|devo chiamare|si chiama|posso chiamare)|phone|number to call|hotline|"
        r"telefonnummer|anrufen|téléphone|numéro|tel[eé]fono"
    ),
    "email": r"e-?mail|posta elettronica|\bpec\b|courriel|correo",
    "documents": (
        r"(quali|che|quanti) (documenti|carte|moduli|fogli)|cosa (serve|servono|devo portare|deve "
        r"portare|porta|bisogna portare|occorre)|che (serve|devo portare)|documenti (per|servono|"
        r"necessari)|(which|what) (documents|papers)|welche (unterlagen|dokumente|papiere)|"
        r"quels (documents|papiers)|qu[eé] (documentos|papeles)"
    ),
    "definition": (
        r"cos'è|cosa (è|sono|vuol dire|significa|si intende)|che (cos'è|vuol dire|significa)|"
        r"what (is|are|does .* mean)|was (ist|sind|bedeutet)|qu'est-ce|qu[eé] (es|son|significa)"
    ),
    "yes_no": (
        r"^(e |ma |allora |quindi |se .{3,60}?,? )?(può|puo|posso|possono|si può|deve|devo|devono|"
        r"serve|ha diritto|hanno diritto|è (possibile|vero|obbligat|valid|necessari)|vale|c'è|"
        r"esiste|bisogna|conviene|can|may|must|do|does|is|are|has|have|should|kann|können|muss|"
        r"müssen|darf|dürfen|ist|sind|gibt es|hat|haben|est-ce|peut|peut-on|puis-je|dois-je|"
        r"puede|puedo|debe|hay)\b|(può|possono|deve|serve|ha diritto)[^.]*\?$"
    ),
    "who": r"^(e )?(a )?chi\b|^who\b|^(an )?we(r|n|m)\b|^(à )?qui\b|^(a )?qui[eé]n",
    "where": r"\b(dove|where|wo|wohin|où|d[oó]nde)\b",
    "when": r"\b(quando|when|wann|quand|cu[aá]ndo)\b",
    "how": r"^(e )?(come|how|wie|comment|c[oó]mo)\b",
    "why": r"\b(perch[eé]|why|warum|weshalb|pourquoi|por qu[eé])\b",
}  # fmt: skip
_NUMBER = rf"(\d+|\b({_NUMBER_WORDS})\b)"
_HOLDS: Mapping[str, str] = {
    "amount": (
        r"€|\beuro?\b|\bgratuit|\bgratis\b|non (si paga|costa)|\bmarca da bollo|a carico|"
        r"\bfree\b|\bkostenlos|\bkostenfrei|\bcents?\b|\bisee\b|\bcost[aoi]\b"
    ),
    "duration": rf"{_NUMBER}[\s-]*(?:\w+\s+)?\b({_TIME_WORDS})\b",
    "age": rf"{_NUMBER}\s*\b(ann[oi]|years?|jahre?n?|ans|años)\b|maggiorenn|minorenn|volljährig",
    "hours": (
        r"\b\d{1,2}[:.]\d{2}\b|\b(ore|uhr|h) \d|\d\s*(uhr|h)\b|luned|marted|mercoled|gioved|"
        r"venerd|sabato|\borari|monday|friday|montag|freitag|lundi|vendredi|appuntamento|mo ?[-–] ?"
    ),
    "address": (
        r"\b(via|viale|corso|piazza|largo|strada|vicolo)\s+[A-ZÀ-Ú\d]|indirizzo|"
        r"\b\w+(stra(ß|ss)e|str\.|platz|weg|allee)\b|\b(street|road|square)\b|\brue\b|\bcalle\b|"
        r"\b\d{5}\b"
    ),
    "phone": r"\b(\d[\d /.-]{5,}\d|11[0-9]|1522|19696|1500)\b",
    "email": r"\S@\S",
    "documents": (
        r"document|permesso|ricevuta|passaport|carta|codice fiscale|modul|certificat|"
        r"unterlagen|ausweis|reisepass|papier|passport|proof|nachweis|bescheinigung|formular"
    ),
    "definition": (
        r"\b(è|sono) (il|la|lo|l'|un|una|uno|i|gli|le)|vuol dire|significa|\bis an?\b|\bare\b|"
        r"\bmeans\b|\bist (ein|der|die|das)|\bsind\b|\bbedeutet|\best (un|le|la)|\bes (un|el|la)"
    ),
    "yes_no": (
        r"^(sì|si|no|yes|ja|nein|oui|non)\b|\b(può|possono|non|deve|devono|serve|vale|ha diritto|"
        r"can|may|must|not|kann|können|muss|müssen|darf|dürfen|nicht|kein\w*|peut|peuvent|doit|"
        r"puede|debe)\b"
    ),
    "when": (
        rf"{_NUMBER}[\s-]*(?:\w+\s+)?\b({_TIME_WORDS})\b|\b(19|20)\d\d\b|\b(gennaio|febbraio|marzo|"
        r"aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)\b|"
        r"\b(prima|dopo|appena|quando|entro|before|after|when|bevor|nachdem|sobald|wenn|avant|"
        r"après)\b"
    ),
}  # fmt: skip
KINDS = tuple(_ASKS)
_ASKED = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _ASKS.items()}
_HELD = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _HOLDS.items()}
# Kinds that a form of words gives away: where one is asked for, a text without it is no answer.
STRICT = frozenset({"amount", "duration", "age", "hours", "address", "phone", "email"})


def expected(question: str) -> frozenset[str]:
    """The kinds of answer that a question asks for, of KINDS; often one, sometimes none."""
    text = " ".join(question.split())
    return frozenset(kind for kind in KINDS if _ASKED[kind].search(text))


def strict_kinds(question: str) -> frozenset[str]:
    """The kinds asked for that a text either has the form of or does not answer."""
    text = " ".join(question.split())
    return frozenset(kind for kind in STRICT if _ASKED[kind].search(text))


def share_held(kinds: frozenset[str], text: str) -> float:
    """The part of `kinds` that `text` has the form of an answer of; 0 where none is asked for."""
    return sum(holds(kind, text) for kind in kinds) / len(kinds) if kinds else 0.0


def strictly_holds(kinds: frozenset[str], text: str) -> bool:
    """Whether `text` has the form of an answer of every one of `kinds`."""
    return all(holds(kind, text) for kind in kinds)


def holds(kind: str, text: str) -> bool:
    """Whether `text` has the form of an answer of `kind`; True for a kind without a form."""
    return kind not in _HELD or _HELD[kind].search(text) is not None
