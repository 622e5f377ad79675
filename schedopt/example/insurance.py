"""Who pays for the patients of an invented office, and what the insurers ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.example.catalogue import CODE, KIND_IDS, KINDS
from schedopt.example.cells import date_cells, frame_of, make_frame, pick
from schedopt.example.demand import Demand
from schedopt.example.people import patient_ids
from schedopt.example.roster import DAYS
from schedopt.example.staff import Staff
from schedopt.models.tables import Authorisation, Coverage, Network, Referral, Terms

INSURERS = ("MEDICARE", "MEDICAID", "HARBOR-PPO", "UNION-PPO", "EVERGREEN-HMO", "LAKESIDE-HMO")
_SENIOR_SHARES = (0.75, 0.05, 0.06, 0.04, 0.05, 0.05)
_OTHER_SHARES = (0.00, 0.20, 0.27, 0.18, 0.20, 0.15)
_PAYS = (0.85, 0.65, 1.15, 1.10, 0.95, 0.90)
"""Share of the office's fee."""

_NEEDS_AUTHORISATION = {
    "MEDICAID": ("ultrasound", "procedure"),
    "UNION-PPO": ("procedure",),
    "EVERGREEN-HMO": ("ultrasound", "procedure", "counselling"),
    "LAKESIDE-HMO": ("ultrasound", "counselling"),
}
_NEEDS_REFERRAL = {"EVERGREEN-HMO": ("ultrasound", "counselling"), "LAKESIDE-HMO": ("procedure", "ultrasound")}
_SENIOR_DAYS = 65 * 366


@dataclass(frozen=True)
class Insurance:
    """Who is insured where; N patients, I insurers, P providers, T visit types, 7 days.

    Attributes
    ----------
    insurer : ndarray of int, shape (N,)
        Position in `INSURERS`; -1: uninsured.
    last_day : ndarray of int, shape (N,)
        Last day of the insurance, from the first one planned; from `DAYS` on, it outlasts the week.
    next_insurer : ndarray of int, shape (N,)
        Who insures from the day after; -1: nobody.
    network : ndarray of bool, shape (I, P)
        Whom the insurer pays for.
    asks : ndarray of bool, shape (I, T)
        Whether the insurer asks for an authorisation or a referral.
    self_pay : ndarray of bool, shape (N,)
        Who pays where no insurer does.
    """

    insurer: Ints
    last_day: Ints
    next_insurer: Ints
    network: Flags
    asks: Flags
    self_pay: Flags


def draw_insurance(rng: np.random.Generator, staff: Staff, demand: Demand) -> Insurance:
    """Invent who is insured where; most belong to a provider in their insurer's network."""
    number = demand.num_patients
    network = rng.random((len(INSURERS), len(staff))) < 0.94
    network[:2] = True
    insurer = _insurers(rng, demand)
    for _ in range(2):
        again = _insurers(rng, demand)
        insurer = np.where(network[insurer, demand.own], insurer, again)
    insured = rng.random(number) < 0.95
    ends = insured & (rng.random(number) < 0.04)
    changes = ends & (rng.random(number) < 0.5)
    return Insurance(
        insurer=np.where(insured, insurer, -1),
        last_day=np.where(ends, rng.integers(0, 4, number), rng.integers(30, 400, number)),
        next_insurer=np.where(changes, _insurers(rng, demand), -1),
        network=network,
        asks=_needed(_NEEDS_AUTHORISATION) | _needed(_NEEDS_REFERRAL),
        self_pay=np.where(insured, rng.random(number) < 0.04, rng.random(number) < 0.7),
    )


def _insurers(rng: np.random.Generator, demand: Demand) -> Ints:
    size = demand.num_patients
    senior, other = rng.choice(len(INSURERS), size, p=_SENIOR_SHARES), rng.choice(len(INSURERS), size, p=_OTHER_SHARES)
    return np.where(demand.age_days >= _SENIOR_DAYS, senior, other)


def _needed(table: Mapping[str, tuple[str, ...]]) -> Flags:
    needed = np.zeros((len(INSURERS), len(KINDS)), bool)
    for insurer, kinds in table.items():
        needed[INSURERS.index(insurer), [CODE[kind] for kind in kinds]] = True
    return needed


def insurance_frames(
    rng: np.random.Generator, staff: Staff, demand: Demand, insurance: Insurance, week: dt.date
) -> dict[str, pd.DataFrame]:
    """Tables ``coverage``, ``networks``, ``terms``, ``authorisations`` and ``referrals``."""
    return {
        "coverage": _coverage_frame(rng, demand, insurance, week),
        "networks": _network_frame(staff, insurance, week),
        "terms": frame_of(Terms, list(_terms())),
        "authorisations": _authorisation_frame(rng, demand, insurance, week),
        "referrals": _referral_frame(rng, demand, insurance, week),
    }


def _coverage_frame(rng: np.random.Generator, demand: Demand, insurance: Insurance, week: dt.date) -> pd.DataFrame:
    """Those whose insurance changes within the week have two rows."""
    insured, changing = np.flatnonzero(insurance.insurer >= 0), np.flatnonzero(insurance.next_insurer >= 0)
    patient = np.r_[insured, changing]
    first = np.arange(len(patient)) < len(insured)
    since = np.where(first, -rng.integers(40, 900, len(patient)), insurance.last_day[patient] + 1)
    until = np.where(first, insurance.last_day[patient], 400)
    shown = (until < 60) | (rng.random(len(patient)) < 0.5)
    order = np.argsort(patient, kind="stable")
    columns: dict[str, Iterable[object]] = {
        "patient": pick(patient_ids(demand), patient[order]),
        "insurer": pick(INSURERS, np.r_[insurance.insurer[insured], insurance.next_insurer[changing]][order]),
        "valid_from": date_cells(week, since[order]),
        "valid_until": date_cells(week, until[order], shown[order]),
    }
    return make_frame(Coverage, columns)


def _network_frame(staff: Staff, insurance: Insurance, week: dt.date) -> pd.DataFrame:
    insurer, provider = np.nonzero(insurance.network)
    year_end = dt.date(week.year + 1, 12, 31)
    columns: dict[str, Iterable[object]] = {
        "insurer": pick(INSURERS, insurer),
        "provider": pick(staff.ids, provider),
        "valid_until": [year_end if code >= 4 else None for code in insurer.tolist()],
    }
    return make_frame(Network, columns)


def _terms() -> Iterator[Mapping[str, object]]:
    for insurer, pays in zip(INSURERS, _PAYS, strict=True):
        for kind in KINDS:
            yield {
                "insurer": insurer,
                "visit_type": kind.id,
                "authorisation": kind.id in _NEEDS_AUTHORISATION.get(insurer, ()),
                "referral": kind.id in _NEEDS_REFERRAL.get(insurer, ()),
                "fee": round(kind.fee * pays),
            }


def _in_need(table: Mapping[str, tuple[str, ...]], demand: Demand, insurance: Insurance) -> tuple[Ints, Ints]:
    """Pairs of patient and visit type that need a permission, each once, as two columns."""
    insurer = insurance.insurer[demand.patient]
    rows = (insurer >= 0) & _needed(table)[insurer, demand.kind]
    pairs = np.unique(demand.patient[rows] * len(KINDS) + demand.kind[rows])
    return pairs // len(KINDS), pairs % len(KINDS)


def _authorisation_frame(rng: np.random.Generator, demand: Demand, insurance: Insurance, week: dt.date) -> pd.DataFrame:
    """Nine in ten of those needed are there; of these one in twelve ends within the week, some are used up."""
    patient, kind = _in_need(_NEEDS_AUTHORISATION, demand, insurance)
    there = rng.random(len(patient)) < 0.9
    patient, kind = patient[there], kind[there]
    number = len(patient)
    ends_soon = rng.random(number) < 1 / 12
    columns: dict[str, Iterable[object]] = {
        "authorisation": [f"A{row}" for row in range(1, number + 1)],
        "patient": pick(patient_ids(demand), patient),
        "insurer": pick(INSURERS, insurance.insurer[patient]),
        "visit_type": pick(KIND_IDS, kind),
        "valid_from": date_cells(week, np.where(rng.random(number) < 0.05, 2, -rng.integers(5, 60, number))),
        "valid_until": date_cells(week, np.where(ends_soon, rng.integers(2, 5, number), rng.integers(20, 150, number))),
        "visits_left": rng.choice(4, number, p=(0.03, 0.37, 0.3, 0.3)),
    }
    return make_frame(Authorisation, columns)


def _referral_frame(rng: np.random.Generator, demand: Demand, insurance: Insurance, week: dt.date) -> pd.DataFrame:
    """Nine in ten of those needed are there; of these one in twelve ends within the week."""
    patient, kind = _in_need(_NEEDS_REFERRAL, demand, insurance)
    there = rng.random(len(patient)) < 0.9
    patient, kind = patient[there], kind[there]
    ends_soon = rng.random(len(patient)) < 1 / 12
    until = np.where(ends_soon, rng.integers(1, 4, len(patient)), rng.integers(20, 150, len(patient)))
    columns: dict[str, Iterable[object]] = {
        "patient": pick(patient_ids(demand), patient),
        "visit_type": pick(KIND_IDS, kind),
        "valid_from": date_cells(week, -rng.integers(5, 90, len(patient))),
        "valid_until": date_cells(week, until),
    }
    return make_frame(Referral, columns)


def paid_days(insurance: Insurance) -> Flags:
    """On which days each patient's insurance of the first day still holds, shape (N, 7)."""
    return (insurance.insurer[:, None] >= 0) & (np.arange(DAYS) <= insurance.last_day[:, None])
