"""Sealed values: AES-256-GCM under a key of their owner, bound to where they stand."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schedopt.errors import SealError

NONCE_BYTES = 12
KEY_BYTES = 32
_PAD = 32


def new_key() -> bytes:
    """A random key."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, text: bytes, place: bytes) -> bytes:
    """A text as nobody reads it without the key; padded, so that lengths are told in steps of 32 bytes alone.

    Parameters
    ----------
    key : bytes
        32 bytes.
    text : bytes
        Without blanks at its end.
    place : bytes
        Where it stands: elsewhere it does not open.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, text.ljust(-(-len(text) // _PAD) * _PAD), place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """The text again.

    Raises
    ------
    SealError
        If the key or the place is another one, or the bytes have changed.
    """
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place).rstrip(b" ")
    except InvalidTag:
        raise SealError("a sealed value does not open: it was changed, moved, or sealed with another key") from None


def wrap(master: bytes, key: bytes, owner: str) -> bytes:
    """A key sealed with a master key."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(master).encrypt(nonce, key, b"key of " + owner.encode())


def unwrap(master: bytes, wrapped: bytes, owner: str) -> bytes:
    """The key again, or a :class:`~schedopt.errors.SealError`."""
    try:
        return _cipher(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], b"key of " + owner.encode())
    except InvalidTag:
        raise SealError("a key does not open: this is not the master key it was sealed with") from None


def blind(key: bytes, field: str, value: str) -> bytes:
    """What is looked for in place of a value: the same for the same value of a field, and nothing without the key."""
    return hmac.digest(key, f"{field}\0{value}".encode(), "sha256")[:16]


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
