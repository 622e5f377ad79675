"""Patients in a row as one Markov chain: who is being seen, and in which phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from schedopt.arrays import Floats, Ints
from schedopt.uncertainty.distributions.base import Distribution, PhaseType
from schedopt.uncertainty.distributions.numbers import share

_NEGLIGIBLE = 1e-20
"""Probability that so many patients in a row do not come."""


@dataclass(frozen=True)
class Patient:
    """One appointment, as far as its time depends on it.

    Attributes
    ----------
    service : PhaseType
        Minutes with the provider, of one who comes. :func:`~schedopt.uncertainty.distributions.fit_moments` makes it of
        a mean and an scv; a constant is no phase-type distribution, the nearest are Erlangs of many phases.
    no_show : float
        Probability of not coming; then the visit takes no time.

    Raises
    ------
    ValueError
        If the service time is not phase-type, or `no_show` is not from 0 to 1.
    """

    service: PhaseType
    no_show: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.service, PhaseType):
            raise ValueError(
                f"expected a phase-type service time, not {_said(self.service)}: in continuous time a constant is "
                "approximated by an Erlang of some hundred phases, and other distributions by fit_moments(mean, scv)"
            )
        share("no_show", self.no_show)


def _said(service: object) -> str:
    """How a refused service time is named: measured ones are long."""
    if isinstance(service, Distribution):
        return f"a {type(service).__name__} of mean {service.mean:g} and scv {service.scv:g}"
    return repr(service)


class Chain(NamedTuple):
    """The work that is left, as a chain of states (patient, phase) in the order of patients.

    While patients 0 to k have their appointments behind them, the chain lives on the states of these: what leaves for
    the states of a later one leaves the chain, and the provider is free. Whether a patient comes is drawn when it is
    their turn.

    Attributes
    ----------
    ends : int array, shape (patients,)
        One past each patient's last state.
    rows : int array, shape (states + 1,)
        Where each state's transitions begin.
    columns : int array, shape (transitions,)
        The state each leads to; within a row ascending, and never an earlier patient's.
    rates : float array, shape (transitions,)
        Of each, 1 / minutes.
    leaving : float array, shape (states,)
        Rate of leaving each state, 1 / minutes.
    entry : float array, shape (states,)
        Probability that a patient who meets a free provider starts in the state; sums to that of coming.
    left : float array, shape (states,)
        Expected minutes from the state to the end of its patient, less :attr:`work` of its patient.
    work : float array, shape (patients,)
        Expected minutes of patients up to each, those who do not come being none.
    """

    ends: Ints
    rows: Ints
    columns: Ints
    rates: Floats
    leaving: Floats
    entry: Floats
    left: Floats
    work: Floats


def chain_of(patients: Sequence[Patient]) -> Chain:
    """The chain of patients who are seen in this order."""
    known = {patient.service: patient.service.phases() for patient in patients}
    initial, within = zip(*(known[patient.service] for patient in patients), strict=True)
    coming = np.array([1 - patient.no_show for patient in patients])
    remaining = {service: np.linalg.solve(-inner, np.ones(len(inner))) for service, (_, inner) in known.items()}
    sizes = np.array([len(start) for start in initial])
    ends = np.cumsum(sizes)
    work = np.cumsum([
        share * (start @ remaining[patient.service])
        for share, start, patient in zip(coming, initial, patients, strict=True)
    ])  # fmt: skip
    transitions = _transitions(initial, within, coming, ends)
    left = np.concatenate([remaining[patient.service] for patient in patients]) - np.repeat(work, sizes)
    return Chain(
        ends.astype(np.int64), transitions.indptr.astype(np.int64), transitions.indices.astype(np.int64),
        transitions.data, np.concatenate([-np.diag(inner) for inner in within]),
        np.concatenate([share * start for share, start in zip(coming, initial, strict=True)]), left, work,
    )  # fmt: skip


def _transitions(initial: Sequence[Floats], within: Sequence[Floats], coming: Floats, ends: Ints) -> sparse.csr_array:
    """Rates between different states: from phase to phase, and from a patient's end to the next one who comes."""
    begins = ends - [len(start) for start in initial]
    inner = {id(block): np.nonzero(block - np.diag(np.diag(block))) for block in within}
    rows, columns, rates = [], [], []
    for one, block in enumerate(within):
        row, column = inner[id(block)]
        rows.append(row + begins[one])
        columns.append(column + begins[one])
        rates.append(block[row, column])
        ending, chance = np.maximum(-block.sum(axis=1), 0.0), 1.0
        row = np.flatnonzero(ending)
        for other in range(one + 1, len(within)):
            column = np.flatnonzero(initial[other])
            rows.append(np.repeat(row, len(column)) + begins[one])
            columns.append(np.tile(column, len(row)) + begins[other])
            rates.append(chance * coming[other] * np.outer(ending[row], initial[other][column]).ravel())
            chance *= 1 - coming[other]
            if chance < _NEGLIGIBLE:
                break
    entries = (np.concatenate(rates), (np.concatenate(rows), np.concatenate(columns)))
    found = sparse.csr_array(entries, shape=(ends[-1], ends[-1]))
    found.sort_indices()
    return found
