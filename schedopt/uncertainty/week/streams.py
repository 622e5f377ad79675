"""Streams of random numbers: what is optimised on and what is judged on never share one."""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np

Purpose = Literal["simulation", "timing"]


def stream(seed: int, purpose: Purpose) -> np.random.Generator:
    """The random numbers of a seed for one purpose; those of another purpose are independent, whatever the seeds.

    Parameters
    ----------
    seed : int
        At least 0.
    purpose : {"simulation", "timing"}
        ``timing``: scenarios that start times are optimised on. ``simulation``: those a week is judged on.
    """
    if purpose not in ("simulation", "timing"):
        raise ValueError(f"expected a purpose of simulation or timing, not {purpose!r}")
    spawned = np.random.SeedSequence(seed, spawn_key=(int.from_bytes(purpose.encode(), "big"),))
    return np.random.default_rng(spawned)


def named_stream(key: int, name: str, aspect: int) -> np.random.Generator:
    """The random numbers that belong to a name, wherever it stands: a plan with other visits changes none of them.

    A counter-based generator (Philox: Salmon et al. 2011, doi 10.1145/2063384.2063405) whose key is `key` and a hash of
    the name.

    Parameters
    ----------
    key : int
        0 to 2**64 - 1, of the whole sample.
    name : str
        Such as a request's id.
    aspect : int
        What of it is random; 0 to 2**64 - 1.
    """
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    keys, counter = np.array([key, number], np.uint64), np.array([0, 0, 0, aspect], np.uint64)
    return np.random.Generator(np.random.Philox(key=keys, counter=counter))
