"""Other readers of X12 accept what is written here; skipped where they are not installed (extra ``oracles``)."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from benchmarks.x12_claims import invented
from schedopt.interop.x12.build import Sending
from schedopt.payers.acknowledgements import write_999
from tests.interop.x12.oracles import pyx12_says, x12sdk_says
from tests.interop.x12.samples import sample
from tests.interop.x12.test_professional import written


@pytest.mark.parametrize("seed", range(5))
def test_claims_are_accepted_by_others(seed: int) -> None:
    """837Ps, by pyx12 and x12sdk."""
    pytest.importorskip("pyx12")
    pytest.importorskip("x12sdk")
    data = written(invented(random.Random(seed)))
    assert pyx12_says(data)
    assert x12sdk_says(data)


@pytest.mark.parametrize("kind", ["835", "271", "277"])
def test_acknowledgements_are_accepted_by_others(kind: str) -> None:
    """999s, by pyx12."""
    pytest.importorskip("pyx12")
    assert pyx12_says(write_999(sample(kind), Sending("SENDER", "RECEIVER", dt.datetime(2026, 11, 27, 12), 1)))
