"""Numbers that point to one person: tax codes, accounts, phones, documents; and e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType, number_type
from stdnum import iban, luhn
from stdnum.it import codicefiscale

from chatbot.words.pack import italian

Found = tuple[int, int]

_EMAIL = re.compile(
    r"[\w.+%'-]{1,64}(?:@| ?[(\[{<] ?(?:at|chiocciola|@) ?[)\]}>] ?| chiocciola )[\w-]+"
    r"(?:(?:\.| ?[(\[{<] ?(?:dot|punto|\.) ?[)\]}>] ?| (?:dot|punto) )[\w-]+)+"
    r"|[\w.+%'-]{1,64} (?:at|chiocciola) [\w-]+(?: (?:dot|punto) [\w-]+)+",
    re.IGNORECASE,
)
_NETWORKS = italian("numbers.networks")
_PROFILE = re.compile(
    rf"(?<![\w.@/])@\w[\w.]{{1,28}}\w|\b(?:{_NETWORKS})\b[\s:]{{1,3}}"
    r"(?P<name>(?=[\w.]*[_.\d])(?=[\d.]*[^\W\d])\w[\w.]{1,28}\w)",
    re.IGNORECASE,
)
# Of cars since 1994, which have neither I, O, Q nor U; of whatever else is said to have a plate.
_PLATE = re.compile(
    r"(?<![A-Z0-9])(?:(?-i:[A-HJ-NPR-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NPR-TV-Z]{2})"
    r"|[A-HJ-NPR-TV-Z]{2}\d{3}[A-HJ-NPR-TV-Z]{2})(?![A-Z0-9])"
    r"|\btarg(?:a|he|ata|ato)\b[\s:]{1,3}"
    r"(?P<name>[A-Z]{0,2}[ -]?\d{3,6}[ -]?[A-Z]{0,2})(?![A-Z0-9])",
    re.IGNORECASE,
)
_DIGIT = "[0-9LMNPQRSTUV]"  # letters stand for digits where two people would share a code
_TAX_SHAPE = [*["[A-Z]"] * 6, *[_DIGIT] * 2, "[ABCDEHLMPRST]", *[_DIGIT] * 2, "[A-Z]",
              *[_DIGIT] * 3, "[A-Z]"]  # fmt: skip
_TAX, _TAX_SPACED = (
    re.compile(rf"(?<![A-Z0-9]){blank.join(_TAX_SHAPE)}(?![A-Z0-9])", re.IGNORECASE)
    for blank in ("", "[ .-]?")
)
_ELEVEN = re.compile(r"(?<!\d)\d{11}(?!\d)")  # the provisional code of asylum seekers
_TAX_WORD = re.compile(rf"(?:{italian('numbers.tax')})\W+(?:\w+\W+){{0,2}}$", re.IGNORECASE)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2} ?\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE)
_IBAN_IT = re.compile(r"IT\d{2}[A-Z]\d{10}[A-Z0-9]{12}")

_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{4}[-/]\d{4}")
_MOBILE = re.compile(
    r"(?<![\d.,/])(?:(?:\+|00 ?)39[ .]?)?\(?3\d{2}\)?[ ./-]?(?:\d[ .-]?){5,6}\d(?![\d/])"
)
_PREFIXED = re.compile(r"(?<!\d)(?:\+|00 ?)[1-9]\d{0,2}(?:[ ./()-]{0,2}\d){6,12}(?!\d)")
_PHONE_WORD = re.compile(
    rf"(?:{italian('numbers.phone')})\W+(?:\w+\W+){{0,2}}?"
    r"(\+?\d(?:[ ./-]?\d){5,13})(?!\d)",
    re.IGNORECASE,
)
# Numbers anyone may call: not personal.
_PUBLIC = {PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE}

_TOKEN = r"(?:(?-i:[A-Z]{1,3} )|(?:[A-Z]{1,3}[/-])*)[A-Z0-9]*\d[A-Z0-9]*(?:[/.-]?[A-Z0-9]+)*"
_DOCUMENT = re.compile(
    rf"\b(?:{italian('numbers.document')})\b[ .:(°]*(?:[a-zà-ù']{{1,14}}[ .:(°]+){{0,3}}?"
    rf"(?:{italian('numbers.numbered')}[ .:°]*)?(?P<token>{_TOKEN})(?![A-Z0-9])",
    re.IGNORECASE,
)
_LAW = re.compile(rf"\b(?:{italian('numbers.law')})\b", re.IGNORECASE)
_CUI = re.compile(r"\bCUI\W+(?:\w+\W+){0,2}?(?P<token>[A-Z0-9]{7})\b", re.IGNORECASE)
_CUI_ALONE = re.compile(r"\b0\d(?=[A-Z0-9]*[A-Z])[A-Z0-9]{5}\b")
_SPACED = re.compile(r"\b(?!A |E |O |I (?!\d{8}\b))[A-Z]{1,2} \d{7,9}\b")
_MIXED = re.compile(r"(?<![A-Z0-9/.,])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![A-Z0-9])", re.IGNORECASE)
_MONEY = re.compile(rf"\s*(?:{italian('numbers.money')})", re.IGNORECASE)
# an amount, the number of a law, articles, a free phone number
_NOT_A_CODE = re.compile(
    r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,4}/(?:19|20)\d\d"
    rf"|.*-(?:{italian('numbers.repeated')})"
    r"|(?:800|803|116)\d{3,6}",
    re.IGNORECASE,
)
_MIN_TOKEN, _MIN_MIXED_DIGITS, _MIN_PLAIN_DIGITS = 5, 5, 9


def emails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield match.span()


def profiles(text: str) -> Iterator[Found]:
    """Names on social networks: after an at sign, or after the name of the network."""
    yield from _named(text, _PROFILE)


def plates(text: str) -> Iterator[Found]:
    """Number plates of vehicles."""
    yield from _named(text, _PLATE)


def _named(text: str, pattern: re.Pattern[str]) -> Iterator[Found]:
    """Where `pattern` is found, or the part of it that it calls `name`."""
    for match in pattern.finditer(text):
        yield match.span("name") if match["name"] else match.span()


def tax_codes(text: str) -> Iterator[Found]:
    """Codici fiscali: of the right shape even when the check letter is wrong (a typing error is
    still a person), with blanks or of eleven digits only when the check holds."""
    for match in _TAX.finditer(text):
        yield match.span()
    for match in _TAX_SPACED.finditer(text):
        if codicefiscale.is_valid(match.group().replace(".", "")):
            yield match.span()
    for match in _ELEVEN.finditer(text):
        named = _TAX_WORD.search(text, 0, match.start())
        if named or luhn.is_valid(match.group()):
            yield match.span()


def ibans(text: str) -> Iterator[Found]:
    """Of any country when the check digits hold; of Italian shape even when they do not."""
    for match in _IBAN.finditer(text):
        end = match.end()
        while end - match.start() >= 15:
            compact = re.sub(r"[ -]", "", text[match.start() : end]).upper()
            if _IBAN_IT.fullmatch(compact) or iban.is_valid(compact):
                yield match.start(), end
                break
            end -= 1


def phones(text: str, country: str) -> Iterator[Found]:
    """Numbers valid somewhere in the world, of Italian shape, or said to be a phone; never the
    free and emergency ones."""
    for match in PhoneNumberMatcher(text, country, leniency=Leniency.VALID):
        digits = re.sub(r"\D", "", match.raw_string)
        public = number_type(match.number) in _PUBLIC or len(digits) < 7
        if not public and not _DATE.fullmatch(match.raw_string):
            yield match.start, match.end
    for pattern in (_MOBILE, _PREFIXED):
        for found in pattern.finditer(text):
            yield found.span()
    for found in _PHONE_WORD.finditer(text):
        start, end = found.span(1)
        digits = re.sub(r"\D", "", found.group(1))
        if not digits.startswith("800") and len(digits) > 6 and not _DATE.match(found.group(1)):
            yield start, end


def documents(text: str) -> Iterator[Found]:
    """Numbers of permits, passports, C3 forms, CUI, receipts, cards and files."""
    for match in _DOCUMENT.finditer(text):
        if not _LAW.search(match.group()) and _is_code(text, *match.span("token")):
            yield match.span("token")
    for pattern in (_CUI, _CUI_ALONE):
        for match in pattern.finditer(text):
            start, end = match.span("token") if pattern is _CUI else match.span()
            if any(c.isdigit() for c in text[start:end]):
                yield start, end
    for match in _SPACED.finditer(text):
        yield match.span()
    for match in _MIXED.finditer(text):
        if _is_mixed(match.group()) and not _MONEY.match(text, match.end()):
            yield match.span()


def _is_code(text: str, start: int, end: int) -> bool:
    token = text[start:end]
    digits = sum(c.isdigit() for c in token)
    return (
        digits >= _MIN_TOKEN
        and not _DATE.fullmatch(token)
        and not _MONEY.match(text, end)
        and not _NOT_A_CODE.fullmatch(token)
    )


def _is_mixed(token: str) -> bool:
    """A code whatever stands before it: long, with many digits, and not a date or two years."""
    digits = sum(c.isdigit() for c in token)
    if _DATE.fullmatch(token) or _NOT_A_CODE.fullmatch(token):
        return False
    if any(c.isalpha() for c in token):
        return digits >= _MIN_MIXED_DIGITS and len(token) >= 7
    return digits >= _MIN_PLAIN_DIGITS
