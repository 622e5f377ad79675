"""Bytes of values that no other values have: what seals, digests and chains are made over."""

from __future__ import annotations

from collections.abc import Iterable

_NOTHING = b"n"


def encoded(values: Iterable[str | int | bytes | None]) -> bytes:
    """Values as bytes, each with its kind and length before it, so that two lists never look the same."""
    parts = []
    for value in values:
        if value is None:
            parts.append(_NOTHING)
        elif isinstance(value, bytes):
            parts.append(b"b%d:%b" % (len(value), value))
        elif isinstance(value, int):
            parts.append(b"i%d;" % value)
        else:
            text = value.encode()
            parts.append(b"t%d:%b" % (len(text), text))
    return b"".join(parts)
