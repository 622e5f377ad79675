"""An 837P that is built is accepted, is read as the same values, and is the same bytes each time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from schedopt.interop.x12.build import Sending, interchange
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.professional import VERSION, Batch
from schedopt.interop.x12.professional_build import build
from schedopt.interop.x12.professional_read import read_professional
from schedopt.interop.x12.tree import read, write
from tests.effort import examples
from tests.interop.x12.claims import batches
from tests.interop.x12.samples import SHARED


def written(batch: Batch, control: int = 7) -> bytes:
    """A file with one batch."""
    sending = Sending(batch.sender.number, batch.receiver.number, batch.moment, control)
    return write(interchange(sending, [(VERSION, [build(batch, 1)])]))


@given(batches())
@settings(max_examples=examples(28))
def test_what_is_built_is_accepted_and_read_back(batch: Batch) -> None:
    """Our judge finds nothing, and reading gives the very values."""
    data = written(batch)
    assert [str(one) for one in judge(data).problems] == []
    assert read_professional(read(data).transactions[0]) == (batch,)
    assert written(batch) == data


@given(batches())
@settings(max_examples=examples(16))
def test_a_batch_shows_nobody(batch: Batch) -> None:
    """No name and no number of a member stands in what a batch, a claim or a person shows of itself."""
    shown = repr(batch) + repr(batch.claims) + "".join(map(repr, (one.insured.person for one in batch.claims)))
    for claim in batch.claims:
        assert claim.insured.member_id not in shown
        assert claim.insured.person.surname not in shown


@pytest.mark.skipif(not SHARED.is_dir(), reason="no samples")
def test_any_sample_can_be_read() -> None:
    """Public samples of 837s give claims with lines, and whatever is not one gives nothing; none raises."""
    found = 0
    for path in sorted(SHARED.glob("x12_*/**/*")):
        if path.is_file():
            for transaction in read(path.read_bytes()).transactions:
                for batch in read_professional(transaction):
                    found += len(batch.claims)
                    assert all(one.control and one.lines for one in batch.claims)
    assert found > 20
