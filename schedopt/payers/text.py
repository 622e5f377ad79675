"""Names and addresses as payers take them: capitals of the Latin alphabet, digits and few signs."""

from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[^A-Z0-9 .,'/()&#-]")
_LETTERS = str.maketrans({"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH", "ı": "I"})


def plain_text(text: str, most: int) -> str:
    """A text in capitals without accents; any other sign becomes a blank. What is too long is cut.

    Parameters
    ----------
    text : str
        As the office writes it.
    most : int
        Characters.
    """
    upper = unicodedata.normalize("NFKD", text.replace("ß", "ss").upper().translate(_LETTERS))
    without = "".join(sign for sign in upper if not unicodedata.combining(sign))
    return " ".join(_OTHER.sub(" ", without).split())[:most].strip()


def digits(text: str) -> str:
    """The digits of a number."""
    return "".join(sign for sign in text if sign in "0123456789")


def number(text: str) -> str:
    """A number or id without blanks and without signs that separate."""
    return re.sub(r"[^A-Za-z0-9._/-]", "", text)
