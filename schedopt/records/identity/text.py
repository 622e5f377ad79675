"""Text as it was typed, brought to one form: no accents, no case, no punctuation; and what stands for "not known"."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
    "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i",
}  # fmt: skip
"""Letters that Unicode does not take apart into a letter and an accent."""
_TABLE = str.maketrans(_LETTERS)
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_NOT_TEXT = re.compile(r"[\W_]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_FLOAT = re.compile(r"^(\d+)\.0+$")

_UNKNOWN = """
na n/a nan none null nil unknown unk unkn unkown notknown notgiven notstated notavailable notapplicable missing
undefined blank empty tba tbd tbc xx xxx xxxx zz zzz zzzz noname nfn nmn nln fnu lnu anonymous anon withheld
refused declined nofixedaddress nfa homeless donotuse
"""
UNKNOWN = frozenset(_UNKNOWN.split())
"""What people type where they have nothing to type, without spaces."""


def plain(value: object) -> str:
    """The value as words of plain small letters and digits, with single spaces between; empty where nothing is known.

    Accents, case and punctuation go; an apostrophe closes up ("O'Brien" is "obrien"), all else parts words. The result
    is its own plain form.
    """
    if value is None:
        return ""
    text = _FLOAT.sub(r"\1", str(value).strip())
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_TABLE))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _NOT_TEXT.sub(" ", _APOSTROPHES.sub("", text.lower())).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.casefold()).strip()
    return "" if text.replace(" ", "") in UNKNOWN else text


def digits(value: object) -> str:
    """The decimal digits of the value, in order."""
    if value is None:
        return ""
    text = _FLOAT.sub(r"\1", str(value).strip())
    if text.isascii():
        return text if text.isdigit() else _NOT_DIGITS.sub("", text)
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdecimal())


_VOWELS = re.compile(r"[aeiouyhw]+")
_SOUNDS = (
    (re.compile(r"^(kn|gn|pn)"), "n"), (re.compile(r"^wr"), "r"), (re.compile(r"^x"), "s"), (re.compile(r"ph"), "f"),
    (re.compile(r"(sch|sh|tch|ch|tia|tio|cia|sia)"), "j"), (re.compile(r"(ck|q|g|c(?![eiy])|x)"), "k"),
    (re.compile(r"(c|z)"), "s"), (re.compile(r"d"), "t"), (re.compile(r"b"), "p"), (re.compile(r"v"), "f"),
    (re.compile(r"m"), "n"),
)  # fmt: skip
_REPEATED = re.compile(r"(.)\1+")
_SOUND_LENGTH = 5


def sound(word: str) -> str:
    """How a word sounds, roughly: its first letter's sound and the consonants after it, at most five.

    Only ever used to find candidates, so that it errs on the side of likeness.
    """
    if not word or word[0].isdigit():
        return word
    text = word.replace(" ", "")
    for pattern, letter in _SOUNDS:
        text = pattern.sub(letter, text)
    head = "a" if text[0] in "aeiouyhw" else text[0]
    return _REPEATED.sub(r"\1", head + _VOWELS.sub("", text[1:]))[:_SOUND_LENGTH]
