"""Languages by name or code: when two words mean one language."""

from __future__ import annotations

_NAMES = {
    "en": ("english",), "es": ("spanish", "español", "castilian"), "ht": ("haitian creole", "haitian", "kreyòl"),
    "zh": ("chinese", "mandarin", "cantonese"), "vi": ("vietnamese",), "pt": ("portuguese",), "ru": ("russian",),
    "ar": ("arabic",), "fr": ("french",), "ko": ("korean",), "tl": ("tagalog", "filipino", "fil"), "de": ("german",),
    "pl": ("polish",), "it": ("italian",), "ja": ("japanese",), "hi": ("hindi",), "uk": ("ukrainian",),
    "fa": ("persian", "farsi", "dari"), "so": ("somali",), "ne": ("nepali",), "km": ("khmer",), "hmn": ("hmong",),
    "ur": ("urdu",), "bn": ("bengali",), "am": ("amharic",), "sw": ("swahili",), "gu": ("gujarati",),
    "pa": ("punjabi",), "th": ("thai",), "lo": ("lao",), "ro": ("romanian",), "el": ("greek",), "he": ("hebrew",),
    "tr": ("turkish",), "my": ("burmese",), "ps": ("pashto",), "nv": ("navajo",), "ase": ("american sign language",),
}  # fmt: skip
_CODES = {name: code for code, names in _NAMES.items() for name in names}


def language_tag(said: str) -> str:
    """A language as one word: its code where that is known, with the region where one is said.

    ``Spanish``, ``spanish``, ``ES`` and ``es`` are one language; ``es-MX`` is one of its kinds. What is not known is
    compared as it is written, capitals aside.
    """
    word = " ".join(said.replace("_", "-").casefold().split())
    return _CODES.get(word, word)


def closeness(wanted: str, there: str) -> int:
    """How well what is there serves who wants a language: 2 the same, 1 the same but for the region, 0 not."""
    mine, other = language_tag(wanted), language_tag(there)
    if mine == other:
        return 2
    return int(mine.partition("-")[0] == other.partition("-")[0])
