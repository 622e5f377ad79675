"""Canaries: what nobody may find in a store's files, planted wherever people write about people."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LETTERS = "bcdfghjklmnpqrstvwxz"
_SHORT = 9
"""Fewer characters than any canary has."""
_WORD = re.compile(rb"[0-9a-z-]+")
"""What every canary in lower case is."""
_SPACED = bytes(byte if _WORD.fullmatch(bytes([byte])) else ord(" ") for byte in range(256))
"""A table that turns all bytes of which no canary is made into spaces."""


@dataclass
class Canaries:
    """Words and numbers that are nowhere else.

    Attributes
    ----------
    planted : list of str
        All that were drawn.
    """

    planted: list[str] = field(default_factory=list)
    random: random.Random = field(default_factory=lambda: random.Random(14))

    def _kept(self, text: str) -> str:
        assert _WORD.fullmatch(text.lower().encode())
        assert len(text) > _SHORT
        self.planted.append(text)
        return text

    def word(self) -> str:
        """A name, or a word of a note."""
        return self._kept("Q" + "".join(self.random.choices(_LETTERS, k=11)))

    def number(self) -> str:
        """A number of a person's."""
        return self._kept("7" + "".join(self.random.choices("0123456789", k=10)))

    def birth_date(self) -> str:
        """A day long ago that no trail, plan or clock says."""
        return self._kept(
            f"19{self.random.randrange(10, 40)}-0{self.random.randrange(1, 9)}-1{self.random.randrange(9)}"
        )

    def person(self) -> dict[str, str]:
        """Somebody of whom everything is a canary."""
        words = (
            "given_name", "surname", "suffix", "group", "address_1", "address_2", "suburb", "state", "mrn", "note",
        )  # fmt: skip
        said = {name: self.word() for name in words}
        numbers = {name: self.number() for name in ("phone", "soc_sec_id", "postcode", "street_number")}
        return {**said, **numbers, "birth_date": self.birth_date(), "email": f"{self.word()}@example.org"}

    def found_in(self, content: bytes) -> list[str]:
        """Canaries that bytes hold, however they are written."""
        low = content.lower()
        words = (  # of what is long, hardly anything; in UTF-16, every other byte
            {word for word in low[place::step].translate(_SPACED).split() if len(word) > _SHORT}
            for place, step in ((0, 1), (0, 2), (1, 2))
        )
        said = b" ".join(set().union(*words))
        forms = ((text, text.lower().encode()) for text in self.planted)
        return [
            text for text, form in forms
            if form in said and (form in low or form.decode().encode("utf-16-le") in low)
        ]  # fmt: skip


def files_below(folders: Iterable[Path]) -> Iterator[Path]:
    """Every file in folders."""
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
