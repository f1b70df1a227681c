"""Numbers that point to one person go; amounts, dates, laws and public numbers stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from marked_text import marked

from chatbot.privacy.numbers import (
    documents,
    emails,
    ibans,
    phones,
    plates,
    profiles,
    tax_codes,
)


def italian_phones(text: str) -> Iterator[tuple[int, int]]:
    return phones(text, "IT")


Finder = Callable[[str], Iterator[tuple[int, int]]]

FOUND: list[tuple[Finder, str, str]] = [
    (emails, "scrivi a m.traore+casa@example.org.", "m.traore+casa@example.org"),
    (emails, "moussa (at) example.org", "moussa (at) example.org"),
    (emails, "moussa chiocciola example.org", "moussa chiocciola example.org"),
    (emails, "mario at esempio punto it", "mario at esempio punto it"),
    (profiles, "telegram joyb99", "joyb99"),
    (profiles, "instagram: joy.b", "joy.b"),
    (plates, "la macchina ab123cd è sua", "ab123cd"),
    (plates, "auto BX 456 KL", "BX 456 KL"),
    (tax_codes, "cf FLMDFT86D42Z200T", "FLMDFT86D42Z200T"),
    (tax_codes, "cf flmdft86d42z200t", "flmdft86d42z200t"),
    (tax_codes, "FLMDFT86D42Z200A con la lettera sbagliata", "FLMDFT86D42Z200A"),
    (tax_codes, "FLM DFT 86D42 Z200T", "FLM DFT 86D42 Z200T"),
    (tax_codes, "codice fiscale provvisorio 12345678901", "12345678901"),
    (ibans, "IT60X0542811101000000123456", "IT60X0542811101000000123456"),
    (ibans, "IT 60 X 05428 11101 000000123456", "IT 60 X 05428 11101 000000123456"),
    (ibans, "il conto è DE89370400440532013000", "DE89370400440532013000"),
    (italian_phones, "chiamalo al 347 1234567", "347 1234567"),
    (italian_phones, "+39 333.456.7890", "+39 333.456.7890"),
    (italian_phones, "0039 3471234567", "0039 3471234567"),
    (italian_phones, "tel. 011 5613987 interno 2", "011 5613987"),
    (italian_phones, "+221 77 123 45 67", "+221 77 123 45 67"),
    (documents, "permesso n. I12345678", "I12345678"),
    (documents, "passaporto YA1234567 scaduto", "YA1234567"),
    (documents, "il CUI è 05ABC12", "05ABC12"),
    (documents, "vestanet TO0012345", "TO0012345"),
    (documents, "pratica prot. 12345/2026", "12345/2026"),
]


@pytest.mark.parametrize(
    ("finder", "text", "number"), FOUND, ids=lambda v: getattr(v, "__name__", str(v))[:24]
)
def test_a_number_of_one_person_is_found_whole(finder: Finder, text: str, number: str) -> None:
    """However it is spaced, at the start, in the middle or at the end of a sentence."""
    assert number in marked(text, finder(text))


LEFT: list[tuple[Finder, str]] = [
    (emails, "vedi example.org o @moussa"),
    (emails, "look at the form on the dot"),
    (profiles, "su facebook dal 2024"),
    (plates, "ha 100 km da fare"),
    (tax_codes, "il codice ABCDEF12 non è un codice fiscale"),
    (tax_codes, "protocollo 12345678900"),
    (ibans, "IT60 e basta"),
    (ibans, "XX12345678901234567890"),
    (italian_phones, "chiama il 112 o il 1522"),
    (italian_phones, "numero verde 800 290 290"),
    (italian_phones, "il 12/06/2026 alle 9.30"),
    (italian_phones, "fra 2026-06-12 e 2027-06-12"),
    (italian_phones, "8.500,00 euro in 60 giorni"),
    (documents, "d.lgs. 142/2015, art. 22"),
    (documents, "permesso di 5 anni"),
    (documents, "permesso scaduto il 31/12/2026"),
    (documents, "documento della legge 47/2017"),
    (documents, "ricevuta di 20000 euro"),
    (documents, "servono 1.200.000 euro"),
]


@pytest.mark.parametrize(
    ("finder", "text"), LEFT, ids=lambda v: getattr(v, "__name__", str(v))[:24]
)
def test_other_numbers_stay(finder: Finder, text: str) -> None:
    """Of emergency, of law, of money, days of a calendar: an editor needs them to understand."""
    assert marked(text, finder(text)) == []


def test_a_phone_without_a_prefix_is_of_the_country_of_the_network() -> None:
    """«030 901820» is a number of Berlin where the network is in Germany."""
    german = "ruf 030 901820 an"
    assert marked(german, phones(german, "DE")) == ["030 901820"]


def test_eleven_figures_are_a_tax_code_where_the_check_holds_or_it_is_said() -> None:
    """Any other number of eleven figures is left to the other finders."""
    assert marked("ha 00000000000 punti", tax_codes("ha 00000000000 punti")) == ["00000000000"]
    assert marked("ha 12345678901 punti", tax_codes("ha 12345678901 punti")) == []
