"""Who asks an invented office for which visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Ints
from schedopt.example.catalogue import ADULT, CHILD, CODE, KINDS
from schedopt.example.roster import Roster
from schedopt.example.staff import COUNSELLOR, PAEDIATRICIAN, TRAINEE, Staff

ALONE, SERIES, SAME_DAY, SECOND = range(4)
"""What a patient asks for besides one visit: nothing, a follow-up after it, a vaccination on its day, another visit."""

_EXTRA_SHARES = (0.90, 0.04, 0.02, 0.04)
_SHORTEST_MEAN = 16
"""Minutes; a lower bound on the mean length of many requests."""


@dataclass(frozen=True)
class Demand:
    """What is asked for; N patients, R requests, T visit types. Requests are in the order of their ids.

    Attributes
    ----------
    age_days : ndarray of int, shape (N,)
        Age of each patient on the first day planned.
    own : ndarray of int, shape (N,)
        The provider each patient belongs to.
    patient : ndarray of int, shape (R,)
        Who asks.
    kind : ndarray of int, shape (R,)
        Visit type, position in ``KINDS``.
    minutes : ndarray of int, shape (R,)
        Length of the provider step.
    target : ndarray of int, shape (R,)
        The provider wished for: the patient's own, or a colleague where that one does not give the visit type.
    relation : ndarray of int, shape (R,)
        How the request follows `base`: `ALONE` (not at all) to `SECOND`.
    base : ndarray of int, shape (R,)
        The first request of the same patient; -1 where `relation` is `ALONE`.
    """

    age_days: Ints
    own: Ints
    patient: Ints
    kind: Ints
    minutes: Ints
    target: Ints
    relation: Ints
    base: Ints

    def __len__(self) -> int:
        return len(self.patient)

    @property
    def num_patients(self) -> int:
        """How many people ask."""
        return len(self.own)

    @property
    def requests_of(self) -> Ints:
        """Requests of each patient, shape (N,)."""
        return np.bincount(self.patient, minlength=self.num_patients)


def draw_demand(
    rng: np.random.Generator, staff: Staff, roster: Roster, minutes: float, num_requests: int | None
) -> Demand:
    """Invent patients and their requests.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    staff, roster : Staff, Roster
        Who could see them, and when; patients belong to providers by their session minutes.
    minutes : float
        Provider minutes to ask for, buffers included.
    num_requests : int, optional
        Ask for so many visits instead.

    Returns
    -------
    Demand
        Patients and requests.
    """
    most = num_requests if num_requests is not None else int(minutes / _SHORTEST_MEAN) + 60
    own = _own_providers(rng, staff, roster, most)
    group = _age_groups(rng, staff, own)
    first = _kinds(rng, group)
    extra = rng.choice(len(_EXTRA_SHARES), most, p=_EXTRA_SHARES)
    extra[(extra == SAME_DAY) & (first == CODE["vaccination"])] = ALONE
    second = np.where(extra == SAME_DAY, CODE["vaccination"], _kinds(rng, group))
    second[(extra == SERIES) | (second == CODE["new-patient"])] = CODE["follow-up"]
    patient = np.repeat(np.arange(most), 1 + (extra != ALONE))
    is_extra = np.r_[False, patient[1:] == patient[:-1]]
    kind = np.where(is_extra, second[patient], first[patient])
    length = _lengths(rng, kind)
    end = num_requests if num_requests is not None else _enough(length + _buffers(kind), minutes)
    patient, is_extra, kind, length = patient[:end], is_extra[:end], kind[:end], length[:end]
    num_patients = int(patient[-1]) + 1
    return Demand(
        age_days=_ages(rng, group[:num_patients], kind, patient),
        own=own[:num_patients],
        patient=patient,
        kind=kind,
        minutes=length,
        target=_targets(rng, staff, own[patient], kind),
        relation=np.where(is_extra, extra[patient], ALONE),
        base=np.where(is_extra, np.arange(end) - 1, -1),
    )


def _own_providers(rng: np.random.Generator, staff: Staff, roster: Roster, number: int) -> Ints:
    weight = roster.minutes * np.where(staff.role == COUNSELLOR, 0.0, np.where(staff.role == TRAINEE, 0.7, 1.0))
    return rng.choice(len(staff), number, p=weight / weight.sum())


def _age_groups(rng: np.random.Generator, staff: Staff, own: Ints) -> Ints:
    group = rng.choice(3, len(own), p=(0.14, 0.64, 0.22))
    return np.where(staff.role[own] == PAEDIATRICIAN, CHILD, group)


def _kinds(rng: np.random.Generator, group: Ints) -> Ints:
    """Visit types by age group, from the shares in the catalogue."""
    shares = np.array([kind.shares for kind in KINDS]).T
    steps = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    drawn: Ints = (rng.random(len(group))[:, None] >= steps[group]).sum(axis=1)
    return np.minimum(drawn, len(KINDS) - 1).astype(np.int64)


def _lengths(rng: np.random.Generator, kind: Ints) -> Ints:
    usual = np.array([k.minutes for k in KINDS])
    long = np.array([k.long_minutes or k.minutes for k in KINDS])
    return np.where(rng.random(len(kind)) < 0.2, long[kind], usual[kind])


def _buffers(kind: Ints) -> Ints:
    buffers: Ints = np.array([k.buffer_before + k.buffer_after for k in KINDS])[kind]
    return buffers


def _enough(lengths: Ints, minutes: float) -> int:
    """How many of the lengths come nearest to so many minutes; at least one."""
    return max(1, int(np.argmin(np.abs(np.cumsum(lengths) - minutes))) + 1)


def _ages(rng: np.random.Generator, group: Ints, kind: Ints, patient: Ints) -> Ints:
    """Days; children who come for a well-child visit are mostly small."""
    low, high = np.array((90, 18 * 365 + 20, 65 * 366)), np.array((17 * 365, 64 * 365, 92 * 365))
    share = np.where(group == ADULT, rng.random(len(group)), rng.random(len(group)) ** 1.4)
    small = np.zeros(len(group), bool)
    small[patient[kind == CODE["well-child"]]] = True
    share = np.where(small, share**2, share)
    days: Ints = (low[group] + share * (high - low)[group]).astype(np.int64)
    return days


def _targets(rng: np.random.Generator, staff: Staff, own: Ints, kind: Ints) -> Ints:
    """The own provider, or one who gives the visit type: at the same site where there is one."""
    target = own.copy()
    counselled = (kind == CODE["counselling"]) & (rng.random(len(kind)) < 0.8)
    for code in range(len(KINDS)):
        for site in range(len(staff.site_ids)):
            rows = (kind == code) & (staff.site[own] == site)
            able = staff.able[:, code]
            local = np.flatnonzero(able & (staff.site == site))
            therapists = local[staff.role[local] == COUNSELLOR]
            if len(therapists):
                rows &= counselled | ~able[own]
            else:
                rows &= ~able[own]
            colleagues = therapists if code == CODE["counselling"] and len(therapists) else local
            if rows.any():
                target[rows] = rng.choice(colleagues if len(colleagues) else np.flatnonzero(able), rows.sum())
    return target
