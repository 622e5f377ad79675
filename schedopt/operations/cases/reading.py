"""The school year from which on an English text can be read, by two published formulas."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)”\"'’])[.!?]+(?=\s|$)|\n\s*\n|[.!?]+$", re.IGNORECASE)
_SHORT = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|vs|e\.g|i\.e|a\.m|p\.m|No)\.(?=\s)", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+")
_AS_SAID = ((re.compile(r"qu"), "q"), (re.compile(r"^(?:some|there|where|every(?!t))(?=[a-z])"), "sum"))
_APART = re.compile(
    r"(?<![tcsg])ia(?!ge)|(?<![tcsgx])io|s(?:oc|c)i(?=e)|rio(?=us)|ua(?!r)|uo|(?<=[cr])ea(?=ct|te|ti)|ea$|[aeouy]ing"
    r"|(?:(?<![aeioutcr])|(?<=ar|er|or|[bcdgptv]r))ie(?=t|n)|[dkl]ium|eo(?!pl|us)"
)
"""Neighbouring vowels that are two syllables."""
_SILENT = re.compile(
    r"(?<![aeiouy])(?<!^[a-z])(?<!l)e$|(?<=[aeiouy])le$|(?<![aeiouytd])(?<![^aeiouyl]l)ed$"
    r"|(?<![aeiouysxzcg])(?<!ch|sh)(?<!bet)(?<![^aeiouyl]l)es$"
)
"""Endings that are no syllable."""
_MANY = 3
"""Syllables from which on McLaughlin counts a word as hard."""


class ReadingGrade(NamedTuple):
    """How hard a text is to read.

    Attributes
    ----------
    flesch_kincaid : float
        US school year by Flesch and Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid JP,
        Fishburne RP, Rogers RL, Chissom BS, Research Branch Report 8-75, Naval Technical Training, 1975).
    smog : float
        US school year by McLaughlin: 3.1291 + 1.0430 times the root of the words with three syllables or more in 30
        sentences (McLaughlin GH, Journal of Reading 12, 639-646, 1969).
    words, sentences : int
        How many there are; SMOG is made for 30 sentences or more.
    """

    flesch_kincaid: float
    smog: float
    words: int
    sentences: int


def reading_grade(text: str) -> ReadingGrade:
    """The school year from which on an English text can be read.

    Syllables are counted by rules of spelling, which are right for most words and wrong for some; the grade of a page
    is off by less than a year for it.

    Parameters
    ----------
    text : str
        Plain English, a sentence at least. A blank line ends a sentence, as a heading has no stop.

    Raises
    ------
    ValueError
        If there is no word in it.
    """
    plain = _SHORT.sub(lambda found: found[0].replace(".", ""), text.strip())
    words = _WORD.findall(plain)
    if not words:
        raise ValueError("expected a text with words")
    syllables = [count_syllables(word) for word in words]
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE_END.split(plain))
    return grade_of(len(words), sentences, sum(syllables), sum(one >= _MANY for one in syllables))


def grade_of(words: int, sentences: int, syllables: int, hard: int) -> ReadingGrade:
    """The two formulas, from what was counted; `hard` are words of three syllables or more."""
    kincaid = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    return ReadingGrade(kincaid, 3.1291 + 1.0430 * math.sqrt(hard * 30 / sentences), words, sentences)


def count_syllables(word: str) -> int:
    """The syllables of an English word, by its spelling."""
    letters = re.sub(r"[^a-z]", "", word.casefold())
    for found, said in _AS_SAID:
        letters = found.sub(said, letters)
    count = len(_VOWELS.findall(letters)) + len(_APART.findall(letters)) - bool(_SILENT.search(letters))
    return max(1, count)
