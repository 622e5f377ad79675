"""What follows for the accounts from all that a payer has decided of a claim, in whatever order it was heard.

The state of a claim is a function of the set of its decisions. What is written to the journal is the difference that
one more makes: so it comes out the same in any order, and what is taken back is taken back to the cent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from schedopt.billing.accounts.adjudications import Adjudication
from schedopt.billing.accounts.journal import Move, Moves
from schedopt.billing.accounts.reasons import meaning

Outcome = Literal["undecided", "paid", "denied", "reversed"]
Waiting = Literal["repeated", "decided again", "nothing to take back", "takes back another amount"]
"""repeated: the same decision once more; decided again: another one of the same lines, which waits until the first is
taken back; nothing to take back: a reversal of what was never heard of; takes back another amount: a reversal that does
not pay back what was paid."""


@dataclass(frozen=True)
class Settled:
    """A claim as its decisions leave it.

    Attributes
    ----------
    moves : Moves
        Of the money that was received for it, and of what nobody or somebody else owes.
    counting : tuple of Adjudication
        Those that count.
    waiting : tuple of (Adjudication, Waiting)
        Those that do not count as they are, with the reason; what they paid is unapplied.
    outcome : Outcome
        For the claim's state.
    """

    moves: Moves
    counting: tuple[Adjudication, ...]
    waiting: tuple[tuple[Adjudication, Waiting], ...]
    outcome: Outcome


def settled(decisions: Iterable[Adjudication]) -> Settled:
    """What counts of all that was decided of a claim."""
    known = sorted(decisions, key=lambda one: one.order)
    if len(known) == 1 and not known[0].is_reversal:
        return Settled(moves_of(known[0]), (known[0],), (), _outcome(known, known))
    taken_back, waiting = _paired(known)
    counting: list[Adjudication] = []
    for one in known:
        if one.is_reversal or one.id in taken_back:
            continue
        rivals = [other for other in counting if _overlap(one, other)]
        if all(_moves_nothing(other) for other in rivals):
            counting = [other for other in counting if other not in rivals]  # a denial gives way to what came later
            counting.append(one)
        else:
            waiting.append((one, "repeated" if any(map(_same(one), rivals)) else "decided again"))
    moves: Moves = Counter()
    for one in counting:
        moves.update(moves_of(one))
    return Settled(Counter({move: cents for move, cents in moves.items() if cents}), tuple(counting),
                   tuple(sorted(waiting, key=lambda pair: pair[0].order)), _outcome(known, counting))  # fmt: skip


def moves_of(adjudication: Adjudication) -> Moves:
    """What a decision moves: what is paid from unapplied money, discounts, and what becomes the patient's to pay."""
    moves: Moves = Counter()
    for part in adjudication.parts:
        if part.paid:
            moves[Move("unapplied", "insurer", part.line, "paid")] += part.paid
        for cut in part.cuts:
            what, why = meaning(cut.group, cut.reason), f"{cut.group}-{cut.reason}"
            if what == "contractual":
                moves[Move("contractual", "insurer", part.line, why)] += cut.cents
            elif what == "share":
                moves[Move("patient", "insurer", part.line, why)] += cut.cents
    return Counter({move: cents for move, cents in moves.items() if cents})


def denied(adjudication: Adjudication) -> list[tuple[int, str, str, int]]:
    """Line, group, reason and cents of all that a decision leaves for somebody to look at."""
    return [
        (part.line, cut.group, cut.reason, cut.cents)
        for part in adjudication.parts
        for cut in part.cuts
        if cut.cents > 0 and meaning(cut.group, cut.reason) == "denied"
    ]


def _moves_nothing(adjudication: Adjudication) -> bool:
    return not any(moves_of(adjudication).values())


def _overlap(one: Adjudication, other: Adjudication) -> bool:
    return not one.lines or not other.lines or bool(one.lines & other.lines)


def _content(one: Adjudication, sign: int = 1) -> tuple[object, ...]:
    cuts = Counter[tuple[int, str, str]]()
    for part in one.parts:
        for cut in part.cuts:
            cuts[part.line, cut.group, cut.reason] += sign * cut.cents
    paid = Counter[int]()
    for part in one.parts:
        paid[part.line] += sign * part.paid
    kept = frozenset((key, cents) for key, cents in cuts.items() if cents)
    return sign * one.charge, sign * one.paid, kept, frozenset((line, cents) for line, cents in paid.items() if cents)


def _same(one: Adjudication) -> Callable[[Adjudication], bool]:
    return lambda other: _content(one) == _content(other)


def _paired(known: Sequence[Adjudication]) -> tuple[set[int], list[tuple[Adjudication, Waiting]]]:
    """Decisions that were taken back, by id, and reversals that wait."""
    forwards = [one for one in known if not one.is_reversal]
    left = [one for one in known if one.is_reversal]
    taken_back: set[int] = set()
    waiting: list[tuple[Adjudication, Waiting]] = []
    for same in (_exactly, _amounts, _control):
        still = []
        for reversal in left:
            fits = [one for one in forwards if one.id not in taken_back and same(reversal, one)]
            if not fits:
                still.append(reversal)
                continue
            taken_back.add(fits[-1].id)
            if reversal.paid != -fits[-1].paid:
                waiting.append((reversal, "takes back another amount"))
        left = still
    return taken_back, [*waiting, *((one, "nothing to take back") for one in left)]


def _control(reversal: Adjudication, one: Adjudication) -> bool:
    return bool(one.payer_control) and one.payer_control in (reversal.payer_control, reversal.earlier_control)


def _amounts(reversal: Adjudication, one: Adjudication) -> bool:
    return _content(reversal, -1) == _content(one)


def _exactly(reversal: Adjudication, one: Adjudication) -> bool:
    return _control(reversal, one) and _amounts(reversal, one)


def _outcome(known: Sequence[Adjudication], counting: Sequence[Adjudication]) -> Outcome:
    if not known:
        return "undecided"
    if not counting:
        return "reversed"
    denials_alone = any(map(denied, counting)) and all(map(_moves_nothing, counting))
    return "denied" if denials_alone else "paid"
