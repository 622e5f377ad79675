"""Given names and surnames: titles, suffixes, double names, newborns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from schedopt.records.identity.text import plain

_TITLE_WORDS = """
mr mrs ms miss mx dr prof professor rev reverend fr sir dame lady lord hon capt captain col lt sgt maj md phd esq dds
rn mister doctor
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_SUFFIXES = {
    "jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr", "ii": "2", "2nd": "2",
    "iii": "3", "3rd": "3", "iv": "4", "4th": "4",
}  # fmt: skip
"""Suffixes; "I" and "V" are initials more often."""
_PARTICLE_WORDS = """
van von der den de del della di da do dos das du la le les el al bin ibn ben st saint mc mac o ter ten zu zur y abu abd
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_BIRTHS = {
    "baby": "", "babyboy": "m", "babygirl": "f", "bb": "m", "bg": "f", "bboy": "m", "bgirl": "f", "boy": "m",
    "girl": "f", "newborn": "", "infant": "", "neonate": "", "nb": "", "twin": "", "triplet": "",
    "newbornboy": "m", "newborngirl": "f", "infantboy": "m", "infantgirl": "f", "bebe": "", "babyof": "",
    "male": "m", "female": "f", "son": "m", "daughter": "f", "babymale": "m", "babyfemale": "f",
}  # fmt: skip
"""Words for somebody who has no given name yet, and the sex that they say."""
_SURE_OF_BIRTH = frozenset(_BIRTHS) - {"male", "female", "son", "daughter", "boy", "girl", "bb", "bg", "nb"}
_ORDER = {"a": "a", "b": "b", "c": "c", "1": "a", "2": "b", "3": "c", "i": "a", "ii": "b", "one": "a", "two": "b"}
_SMALL = {"of", "and", "the", "to", "unnamed", "unknown", "no", "name"}


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """A given name or a surname, read.

    Attributes
    ----------
    words : tuple of str
        Its parts, without titles and suffixes. A particle is part of the word after it: "van der Berg" is one word.
    suffix : str
        Which of several people of one name: "jr", "sr", "2", …; "a", "b", … for twins without names; empty: none.
    newborn : bool
        A word for somebody who has no given name yet; what else stood there is not the given name.
    sex : str
        "m" or "f" where that word says so.
    """

    words: tuple[str, ...]
    suffix: str = ""
    newborn: bool = False
    sex: str = ""

    @property
    def text(self) -> str:
        """The words without a gap between."""
        return "".join(self.words)


def _close_up(words: list[str]) -> list[str]:
    """Particles joined to the word after them."""
    joined: list[str] = []
    open_ = ""
    for word in words:
        open_ += word
        if word not in _PARTICLES:
            joined.append(open_)
            open_ = ""
    return [*joined, open_] if open_ else joined


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    """Words without titles and suffixes, and the suffix; what would leave nothing is a name after all."""
    suffix = next((_SUFFIXES[word] for word in words[1:] if word in _SUFFIXES), "")
    kept = words[:1] + [word for word in words[1:] if word not in _SUFFIXES]
    named = [word for word in kept if word not in _TITLES]
    return (named or kept), suffix


@lru_cache(maxsize=1 << 17)
def given_name(value: str) -> Name:
    """Read a given name, with middle names where they stand beside it.

    Initials after a name are left out; a name that is nothing but initials keeps them.
    """
    words, suffix = _without_suffix(plain(value).split())
    if _is_newborn(words):
        return _newborn(words)
    longer = [word for word in words if len(word) > 1]
    return Name(tuple(_close_up(longer or words[:1])), suffix)


def _is_newborn(words: list[str]) -> bool:
    if not words:
        return False
    return (
        words[0] in _BIRTHS
        or any(word in _SURE_OF_BIRTH for word in words)
        or (len(words) > 1 and words[-1] in {"boy", "girl"})
        or (words[0].startswith(("babyboy", "babygirl")) and len(words[0]) < 12)
    )


def _newborn(words: list[str]) -> Name:
    """What is left of such a name is somebody else's, or a surname."""
    sex, order, rest = "", "", []
    for word in words:
        head = next((known for known in ("babygirl", "babyboy") if word.startswith(known)), word)
        if head in _BIRTHS:
            sex = _BIRTHS[head] or sex
            order = _ORDER.get(word.removeprefix(head), order)
        elif word in _ORDER:
            order = _ORDER[word]
        elif word not in _SMALL:
            rest.append(word)
    return Name(tuple(_close_up(rest)), order, newborn=True, sex=sex)


@lru_cache(maxsize=1 << 17)
def surname(value: str) -> Name:
    """Read a surname; each part of a double name is a word."""
    words, suffix = _without_suffix(plain(value).split())
    longer = [word for word in words if len(word) > 1]
    return Name(tuple(_close_up(longer or words)), suffix)


@lru_cache(maxsize=1 << 17)
def full_name(given: str, family: str) -> tuple[Name, Name]:
    """Given name and surname together: a name that was written whole into one of the two is parted.

    Parameters
    ----------
    given, family : str
        The two columns; either may be empty.

    Returns
    -------
    Name, Name
        Given name and surname.
    """
    whole = given or family
    if not (given and family) and "," in whole:
        family, _, given = whole.partition(",")
    first, last = given_name(given), surname(family)
    if not first.newborn and _is_newborn(list(last.words)) and not first.words:
        first, last = _newborn(list(last.words)), Name((), last.suffix)
    if first.newborn:
        last = last if last.words else Name(first.words[-1:], last.suffix)
        return Name((), first.suffix, True, first.sex), last
    if not last.words and len(first.words) > 1:
        return Name(first.words[:-1], first.suffix), Name(first.words[-1:], last.suffix or first.suffix)
    return first, last
