"""Telephone numbers: which are good, and what one that lost a part was."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneNumber, PhoneNumberType

SHORT_NUMBER = 6  # digits: 112, 1522, 803164
_NO_MARKS = str.maketrans("", "", " \u00a0./-")
_DECIMAL = re.compile(r"(\d{3,})[.,]0+")  # a number that a spreadsheet or a program took for one
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)


def phone_problem(value: str, country: str) -> str | None:
    """What is wrong with a number, with the one that it probably was; None where nothing is.
    `country` is that of numbers without a prefix (two capitals)."""
    if _SCIENTIFIC.fullmatch(value):
        return (
            f"«{value}» non è più un numero: il foglio di calcolo ne ha perso le cifre. "
            "Ricopialo dalla fonte in una cella di formato testo"
        )
    if meant := meant_number(value, country):
        return f"«{value}» non è un telefono com'è scritto: forse {meant}? Ricontrollalo alla fonte"
    if not phone_ok(value, country):
        return f"«{value}» non è un numero di telefono valido ({country}): ricontrollalo alla fonte"
    return None


def phone_ok(value: str, country: str) -> bool:
    """A number of public use, or one that the numbering plan of the country admits."""
    digits = value.translate(_NO_MARKS)
    if digits.isdigit() and 3 <= len(digits) <= SHORT_NUMBER:
        return True
    number = _parsed(value, country)
    return number is not None and phonenumbers.is_possible_number(number)


def meant_number(value: str, country: str) -> str | None:
    """The number of which a spreadsheet left `value`: it took away a zero or a «+» in front, or
    put «.0» behind. None where `value` can stand as it is."""
    decimal = _DECIMAL.fullmatch(value)
    whole = decimal.group(1) if decimal else value
    digits = whole.translate(_NO_MARKS)
    if not digits.isdigit() or digits.startswith("0") or len(digits) <= SHORT_NUMBER:
        return whole if decimal else None
    number = _parsed(whole, country)
    if number is None:
        return None
    if number.country_code_source == CountryCodeSource.FROM_NUMBER_WITHOUT_PLUS_SIGN:
        return f"+{whole}"
    with_zero = _parsed(f"0{whole}", country)
    good = with_zero is not None and phonenumbers.is_valid_number(with_zero)
    if good and _lost_zero(number, whole, digits, country):
        return f"0{whole}"
    return whole if decimal else None


def _lost_zero(number: PhoneNumber, written: str, digits: str, country: str) -> bool:
    """Whether a number is good only with a zero before it; of one that could be a mobile too, when
    it is shorter than mobiles are today and written without a blank, as a spreadsheet leaves what
    it takes for a quantity."""
    if not phonenumbers.is_valid_number(number):
        return True
    mobile = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    usual = len(str(mobile.national_number)) if mobile else 0
    is_mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    return is_mobile and written == digits and len(digits) < usual


def _parsed(value: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(value, country, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None
