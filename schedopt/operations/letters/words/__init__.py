"""What letters say, by language. Each has the same keys; a key that one lacks fails a test."""

from schedopt.operations.letters.words.en import WORDS as EN
from schedopt.operations.letters.words.es import WORDS as ES
from schedopt.operations.letters.words.ht import WORDS as HT
from schedopt.operations.letters.words.pt import WORDS as PT
from schedopt.operations.letters.words.vi import WORDS as VI

WORDS = {"en": EN, "es": ES, "ht": HT, "pt": PT, "vi": VI}
"""By language and key; what stands in braces is put in."""

__all__ = ["WORDS"]
