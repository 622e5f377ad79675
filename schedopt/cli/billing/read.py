"""``schedopt billing read``: any file from a payer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schedopt.cli.billing.eligibility import read_bytes
from schedopt.cli.billing.told import FOR, tell_money
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import StorePlace
from schedopt.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.registry import Store

Read = Callable[["Store", bytes, str], "pd.DataFrame"]


def _acknowledgements(store: Store, data: bytes, name: str) -> pd.DataFrame:
    return store.read_acknowledgements(data, name)


def _coverage(store: Store, data: bytes, name: str) -> pd.DataFrame:
    return store.read_coverage(data, name)


def _remittance(store: Store, data: bytes, name: str) -> pd.DataFrame:
    return store.post_remittance(data, name)


READS: Mapping[str, Read] = {
    "TA1": _acknowledgements,
    "999": _acknowledgements,
    "277CA": _acknowledgements,
    "277": _acknowledgements,
    "271": _coverage,
    "278 response": _coverage,
    "835": _remittance,
}
"""By the kind of a file's transactions, who takes it in."""

_ATTENTION = {"refused": "outcome", "put aside": "outcome", "held back": "state"}
"""What somebody has to look at: words, and in which column."""


@speaks_plainly
def read(
    store: StorePlace,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="TA1, 999, 277CA, 277, 271, 278 or 835.")],
    actor: Actor = None,
) -> None:
    """Take in files from payers, each whole or not at all; what was taken in before changes nothing.

    999, TA1 and 277CA say whether claims were taken in, 277 what became of them, 835 what is paid; 271 and 278 are
    answers about coverage and authorisations.

    Exit status: 0 done; 1 something was refused or is nobody's (it is listed); 2 a file cannot be used (those before it
    are taken in), the store cannot be used, or the actor may not.
    """
    from schedopt.payers.acknowledgements import kinds_of

    attention = False
    contents = [(file, read_bytes(file)) for file in files]
    with opened(store, actor, FOR) as there:
        for file, data in contents:
            kinds = set(kinds_of(data))
            ways = {READS[kind] for kind in kinds if kind in READS}
            if len(ways) != 1 or not kinds <= READS.keys():
                words = f"expected transactions that one reader takes in, of {', '.join(READS)}"
                raise InputError([Fault(str(file), None, None, ", ".join(sorted(kinds)) or None, words)])
            found = ways.pop()(there, data, file.name)
            say(f"{file}: {', '.join(sorted(kinds))}")
            amounts = [name for name in ("cents",) if name in found]
            headings = {name: "amount" if name == "cents" else name.replace("_", " ") for name in map(str, found)}
            tell_money(found.fillna({"cents": 0}), headings, amounts, None, "Nothing is in it.")
            attention = attention or _wants_attention(found)
    if attention:
        raise typer.Exit(1)


def _wants_attention(found: pd.DataFrame) -> bool:
    marked = any(column in found and found[column].eq(word).any() for word, column in _ATTENTION.items())
    refused = "state" in found and found["state"].eq("refused").any()
    strangers = "claim" in found and found["claim"].eq("").any()
    return bool(marked or refused or strangers)
