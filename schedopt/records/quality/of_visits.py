"""Checks of requests and booked visits: what is wanted, and who pays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.records.quality.facts import Facts, holding
from schedopt.records.quality.frames import days
from schedopt.records.quality.gaps import DOUBTFUL, NOT_HELD, Find, gaps
from schedopt.records.quality.validity import Standing

_WORDS: dict[Standing, str] = {
    "missing": "no {} is on file",
    "ended": "the {} has ended",
    "ending": "the {} holds now and ends before the visit",
    "not_begun": "the {} begins only after the visit",
}
_OPEN = "the {} holds now and ends soon, and the visit is not booked yet"


def _once(needs: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The first need of each group, those booked before others and the soonest first, with the ``number`` of booked."""
    ordered = needs.sort_values(["is_booked", "date", "request"], ascending=[False, True, True], kind="stable")
    number = ordered.groupby(by)["is_booked"].transform("sum")
    return ordered.assign(number=number).drop_duplicates(by)


def _more(number: int) -> str:
    return "" if number < 2 else f"; so for {number} booked visits in all"


def _insurance(needs: pd.DataFrame, standing: Standing, what: str, about: str, by: list[str]) -> pd.DataFrame:
    """Gaps of needs that stand so; of those not booked yet only where something ends."""
    here = needs[(needs["standing"] == standing) & (needs["is_booked"] | (standing == "ending"))]
    if not len(here):
        return gaps([], "")
    first = _once(here, by)
    booked = first["is_booked"].to_numpy(bool)
    words = [
        (_WORDS[standing] if is_booked else _OPEN).format(what) + _more(number)
        for is_booked, number in zip(booked, first["number"], strict=True)
    ]
    visit = first["date"].where(booked).to_numpy("datetime64[s]")
    until = first["until"].where(first["standing"] == "ending").to_numpy("datetime64[s]")
    return gaps(first[about], words, visit, NOT_HELD, until)


def coverage(standing: Standing) -> Find:
    """Patients whose insurance stands so on the day of a visit, where the office has a table of it."""

    def find(facts: Facts) -> pd.DataFrame:
        if facts.records.coverage is None:
            return gaps([], "")
        return _insurance(facts.coverage, standing, "insurance", "patient", ["patient"])

    return find


def referral(standing: Standing) -> Find:
    """Requests whose referral, which the insurer asks for, stands so."""

    def find(facts: Facts) -> pd.DataFrame:
        return _insurance(facts.referrals, standing, "referral", "request", ["patient", "visit_type"])

    return find


def authorisation(standing: Standing) -> Find:
    """Requests whose authorisation, which the insurer asks for, stands so."""

    def find(facts: Facts) -> pd.DataFrame:
        return _insurance(
            facts.authorisations, standing, "authorisation", "request", ["patient", "insurer", "visit_type"]
        )

    return find


def authorisation_used_up(facts: Facts) -> pd.DataFrame:
    """Booked visits for which an authorisation has no visit left: those that come after it is used up.

    Visits that do not name it may be counted off already where they were promised outside the days then planned, so
    that of these it is not sure.
    """
    rows = holding(facts.records.authorisations) or ()
    code = {row.authorisation: place for place, row in enumerate(rows)}
    needs = facts.authorisations[facts.authorisations["is_booked"].astype(bool)]
    named = np.array([code.get(name or "", -1) for name in needs["authorisation"]], np.int64)
    used = np.where(named >= 0, named, np.where(needs["standing"] == "holds", needs["place"], -1))
    needs = needs.assign(used=used, is_named=named >= 0)[used >= 0].sort_values(["date", "request"], kind="stable")
    left = np.array([row.visits_left for row in rows], np.int64)
    rank = needs.groupby("used").cumcount().to_numpy()
    over = needs[rank >= left[needs["used"].to_numpy(np.int64)]] if len(needs) else needs
    found = gaps(over["request"], "its authorisation has no visit left for it", over["date"], NOT_HELD)
    unsure = ~over["is_named"].to_numpy(bool)
    found.loc[unsure, "harm"] = DOUBTFUL
    found.loc[unsure, "detail"] = "the authorisation has no visit left for it, unless it is counted off already"
    return found


def out_of_network(facts: Facts) -> pd.DataFrame:
    """Booked visits with a provider for whom the insurer of the day does not pay."""
    here = facts.networks[facts.networks["standing"] != "holds"]
    words = "the provider is not in the insurer's network on that day"
    return gaps(here["request"], words, here["date"], NOT_HELD)


def visit_type_unknown(facts: Facts) -> pd.DataFrame:
    """Requests, booked or not, of which nobody knows what is wanted."""
    known = {row.visit_type for row in facts.records.visit_types}
    visits = facts.visits[~facts.visits["visit_type"].isin(known)]
    rows = [row for row in facts.open_requests if row.visit_type not in known]
    about = [*visits["request"], *(row.request for row in rows)]
    kinds = [*visits["visit_type"], *(row.visit_type for row in rows)]
    words = ["the visit type is not one of the office's" if kind else "no visit type is given" for kind in kinds]
    visit = np.concatenate([visits["date"].to_numpy("datetime64[s]"), days([None] * len(rows))])
    until = np.concatenate([days([None] * len(visits)), days(row.due for row in rows)])
    return gaps(about, words, visit, NOT_HELD, until)


def request_overdue(facts: Facts) -> pd.DataFrame:
    """Requests whose due day is past, and that were never booked."""
    rows = [row for row in facts.open_requests if row.due is not None and row.due < facts.records.today]
    return gaps([row.request for row in rows], "the due day is past, and no visit is booked")
