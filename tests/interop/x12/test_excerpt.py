"""What is said of one level of a transaction stands as a file of its own, and says the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schedopt.interop.x12.eligibility_answers import Answer, read_answers
from schedopt.interop.x12.excerpt import excerpt
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.reviews import read_review_answers
from schedopt.interop.x12.tree import read
from tests.interop.x12.samples import LACKING, SHARED, changed, lines, made


def _plain(answer: Answer) -> Answer:
    """An answer without places in its file."""
    rejections = tuple(one._replace(number=0) for one in answer.rejections)
    benefits = tuple(
        replace(one, number=0, rejections=tuple(no._replace(number=0) for no in one.rejections))
        for one in answer.benefits
    )
    return replace(answer, number=0, rejections=rejections, benefits=benefits)


@pytest.mark.skipif(not SHARED.is_dir(), reason=LACKING)
def test_excerpts_of_samples_say_the_same() -> None:
    """Every answer of every sample 271 that is accepted, with whatever separators."""
    count = 0
    for file in SHARED.glob("x12_*/**/*"):
        content = file.read_bytes() if file.is_file() and "271" in str(file) and file.suffix != ".json" else b""
        if not judge(content).accepted:
            continue
        for transaction in read(content).transactions:
            for answer in read_answers(transaction):
                alone = excerpt(transaction, answer.number)
                assert judge(alone).accepted, file
                (found, *more) = read_answers(read(alone).transactions[0])
                assert _plain(found) == _plain(answer), file
                assert more == []
                count += 1
    assert count > 150


def test_others_are_left_out() -> None:
    """Of two members one is left; of a review, its event."""
    segments = lines("271")
    at = next(place for place, one in enumerate(segments) if one.startswith("HL*3"))
    end = next(place for place, one in enumerate(segments) if one.startswith("SE"))
    other = [one.replace("HL*3*2", "HL*4*2").replace("MEMBER1", "MEMBER2") for one in segments[at:end]]
    both = made([*segments[:end], *other, f"SE*{len(segments) - 5 + len(other)}*0001", *segments[end + 1 :]])
    transaction = read(both).transactions[0]
    first, second = read_answers(transaction)
    for answer, there, gone in ((first, b"MEMBER1", b"MEMBER2"), (second, b"MEMBER2", b"MEMBER1")):
        alone = excerpt(transaction, answer.number)
        assert judge(alone).accepted
        assert there in alone
        assert gone not in alone
    (transaction,) = read(changed("278 response", "HSD", "HSD*VS*7")).transactions
    (review,) = read_review_answers(transaction)
    alone = excerpt(transaction, review.number)
    assert judge(alone).accepted
    (found,) = read_review_answers(read(alone).transactions[0])
    assert (found.traces, found.event.visits) == (review.traces, 7)
