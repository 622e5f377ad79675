"""A file of evidence: who changed what about the items of an audit, as others can check it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from schedopt.errors import Fault, InputError

FORMAT = "schedopt audit evidence 1"
ENTRY = ("number", "at", "actor", "purpose", "operation", "outcome", "about", "people", "source", "digest", "mac")
"""What the file says of an entry of the trail; ``digest`` of the rows it wrote, ``mac`` of it and all before it."""
CHANGES = ("entry", "at", "actor", "operation", "item", "table", "what", "columns")
"""Columns of the changes; ``what``: added, changed, ended, or of a booking the status that it got."""
_PARTS = ("format", "store", "audit", "trail", "entries", "changes")


def canonical(body: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: the parts of the file without the signature, written in one way."""
    return json.dumps(
        {name: body[name] for name in _PARTS}, sort_keys=True, ensure_ascii=True, separators=(",", ":")
    ).encode()


def evidence_body(
    store: str, audit: Mapping[str, Any], trail: Mapping[str, Any], entries: Sequence[Mapping[str, Any]],
    changes: pd.DataFrame,
) -> dict[str, Any]:  # fmt: skip
    """What the file says.

    Parameters
    ----------
    store : str
        Id of the store.
    audit : mapping
        How the sample was drawn, and its items.
    trail : mapping
        Where the trail stood (``number``, ``at``, ``root``), whether it ``verifies``, and what was ``found`` if not.
    entries : sequence of mapping
        :data:`ENTRY` of each entry about the items.
    changes : pandas.DataFrame
        :data:`CHANGES`.
    """
    return {
        "format": FORMAT, "store": store, "audit": dict(audit), "trail": dict(trail), "entries": [*map(dict, entries)],
        "changes": changes.loc[:, list(CHANGES)].astype(object).to_dict("records"),
    }  # fmt: skip


def evidence_file(body: Mapping[str, Any], public: bytes, signature: bytes) -> bytes:
    """The file, for people and programs: JSON in lines."""
    said = {**{name: body[name] for name in _PARTS}, "public_key": public.hex(), "signature": signature.hex()}
    return (json.dumps(said, indent=1, ensure_ascii=True) + "\n").encode()


def read_evidence(content: bytes, file: str = "evidence") -> dict[str, Any]:
    """What a file says, whether or not its signature is right.

    Raises
    ------
    InputError
        If it is no such file.
    """
    try:
        said = json.loads(content)
        if said["format"] == FORMAT and {*_PARTS, "public_key", "signature"} <= set(said):
            return dict(said)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise InputError(
        [Fault(file, None, None, None, "expected a file of evidence, written by 'schedopt audit evidence'")]
    )
