"""The providers of an invented office and what each of them does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.example.catalogue import CODE, CREDENTIALS, KINDS, MINOR_SURGERY, ULTRASOUND
from schedopt.example.cells import date_cells, frame_of, make_frame
from schedopt.example.names import LANGUAGE_SHARES, LANGUAGES, LAST_NAMES, SITE_NAMES
from schedopt.models.tables import Credential, Provider, Site

PHYSICIAN, TRAINEE, COUNSELLOR, PAEDIATRICIAN, PRACTITIONER = range(5)
GENDERS = ("female", "male", "other")

_NOT_GIVEN: dict[int, frozenset[str]] = {
    PHYSICIAN: frozenset(),
    TRAINEE: frozenset({"counselling"}),
    COUNSELLOR: frozenset(CODE) - {"counselling", "follow-up"},
    PAEDIATRICIAN: frozenset({"annual-wellness", "procedure", "ultrasound", "long-term", "counselling"}),
    PRACTITIONER: frozenset({"procedure"}),
}
_TITLES = ("Dr. {}", "Dr. {}", "{}, PhD", "Dr. {}", "{}, NP")


@dataclass(frozen=True)
class Staff:
    """Who works in the office; P providers, S sites, L languages, T visit types, D = 7 days.

    Attributes
    ----------
    ids, site_ids : tuple of str
        Providers and sites.
    site : ndarray of int, shape (P,)
        Where each provider is most of the time.
    role : ndarray of int, shape (P,)
        `PHYSICIAN` to `PRACTITIONER`.
    gender : ndarray of int, shape (P,)
        Position in `GENDERS`.
    speaks : ndarray of bool, shape (P, L)
        Languages.
    gives : ndarray of bool, shape (P, T)
        Visit types listed for the provider, whether or not the credential is there.
    able : ndarray of bool, shape (P, T)
        Visit types given with the credential in hand on the first day planned.
    """

    ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    site: Ints
    role: Ints
    gender: Ints
    speaks: Flags
    gives: Flags
    able: Flags

    def __len__(self) -> int:
        return len(self.ids)


def hire(
    rng: np.random.Generator, num_sites: int, num_providers: int, week: dt.date
) -> tuple[Staff, dict[str, pd.DataFrame]]:
    """Invent the providers.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    num_sites, num_providers : int
        How many of each; both at least 1.
    week : datetime.date
        First day planned; some credentials end within the seven days from it.

    Returns
    -------
    Staff
        The providers.
    dict of str to pandas.DataFrame
        Tables ``sites``, ``providers`` and ``credentials``.
    """
    number = np.arange(num_providers)
    site = number * num_sites // num_providers
    role = _roles(number, site)
    holds = _holds(number, role, site)
    gives = np.array([[kind.id not in _NOT_GIVEN[code] for kind in KINDS] for code in role.tolist()])
    able = gives.copy()
    for column, credential in enumerate(CREDENTIALS):
        needing = [code for code, kind in enumerate(KINDS) if kind.credential == credential]
        able[:, needing] &= holds[:, [column]]
    staff = Staff(
        ids=tuple(f"DR{p + 1}" for p in number.tolist()),
        site_ids=tuple(SITE_NAMES[s][0] if s < len(SITE_NAMES) else f"SITE{s + 1}" for s in range(num_sites)),
        site=site,
        role=role,
        gender=rng.choice(len(GENDERS), num_providers, p=(0.56, 0.42, 0.02)),
        speaks=_languages(rng, num_providers),
        gives=gives,
        able=able,
    )
    frames = {
        "sites": _site_frame(staff),
        "providers": _provider_frame(rng, staff),
        "credentials": _credential_frame(rng, staff, holds, week),
    }
    return staff, frames


def _roles(number: Ints, site: Ints) -> Ints:
    """Every site starts with a physician; of six providers one is a trainee, of ten one a counsellor."""
    role = np.full(len(number), PHYSICIAN, np.int64)
    role[number % 7 == 3] = PRACTITIONER
    role[number % 8 == 5] = PAEDIATRICIAN
    role[number % 10 == 7] = COUNSELLOR
    role[number % 6 == 4] = TRAINEE
    role[np.unique(site, return_index=True)[1]] = PHYSICIAN
    return role


def _holds(number: Ints, role: Ints, site: Ints) -> Flags:
    """Who holds which of `CREDENTIALS`; every site's first physician holds all."""
    first = np.isin(number, np.unique(site, return_index=True)[1])
    scanning = np.isin(role, (PHYSICIAN, PRACTITIONER)) & (number % 3 == 0)
    cutting = (role == PHYSICIAN) & (number % 2 == 0)
    columns = {ULTRASOUND: scanning | first, MINOR_SURGERY: cutting | first}
    return np.column_stack([columns[name] for name in CREDENTIALS])


def _languages(rng: np.random.Generator, num_providers: int) -> Flags:
    speaks = np.zeros((num_providers, len(LANGUAGES)), bool)
    speaks[:, 0] = True
    foreign = np.array(LANGUAGE_SHARES[1:]) / sum(LANGUAGE_SHARES[1:])
    second = 1 + rng.choice(len(foreign), num_providers, p=foreign)
    bilingual = rng.random(num_providers) < 0.6
    speaks[np.flatnonzero(bilingual), second[bilingual]] = True
    return speaks


def _site_frame(staff: Staff) -> pd.DataFrame:
    names = [SITE_NAMES[s][1] if s < len(SITE_NAMES) else f"Site {s + 1}" for s in range(len(staff.site_ids))]
    return make_frame(Site, {"site": staff.site_ids, "name": names})


def _provider_frame(rng: np.random.Generator, staff: Staff) -> pd.DataFrame:
    surnames = rng.integers(len(LAST_NAMES), size=len(staff)).tolist()
    records = []
    for p, (role, surname) in enumerate(zip(staff.role.tolist(), surnames, strict=True)):
        given = [kind.id for kind, gives in zip(KINDS, staff.gives[p], strict=True) if gives]
        seniors = np.flatnonzero((staff.site == staff.site[p]) & (staff.role == PHYSICIAN))[:3]
        records.append(
            {
                "provider": staff.ids[p],
                "name": _TITLES[role].format(LAST_NAMES[surname]),
                "gender": GENDERS[staff.gender[p]],
                "languages": [LANGUAGES[code] for code in np.flatnonzero(staff.speaks[p])],
                "visit_types": [] if len(given) == len(KINDS) else given,
                "supervisors": [staff.ids[s] for s in seniors] if role == TRAINEE else [],
            }
        )
    return frame_of(Provider, records)


def _credential_frame(rng: np.random.Generator, staff: Staff, holds: Flags, week: dt.date) -> pd.DataFrame:
    """One certificate in six ends within the week, on its second to fourth day."""
    provider, column = np.nonzero(holds)
    ends_soon = rng.random(len(provider)) < 1 / 6
    since = -rng.integers(100, 1000, len(provider))
    until = np.where(ends_soon, rng.integers(1, 4, len(provider)), rng.integers(30, 700, len(provider)))
    columns = {
        "provider": [staff.ids[p] for p in provider],
        "credential": [CREDENTIALS[code] for code in column],
        "valid_from": date_cells(week, since),
        "valid_until": date_cells(week, until),
    }
    return make_frame(Credential, columns)
