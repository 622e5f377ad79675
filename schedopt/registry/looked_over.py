"""What is looked over in a store as a whole: gaps in its records, what may be disposed of, copies without people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from schedopt.office.rows import adapter
from schedopt.records.people import Consent, Person, Restriction
from schedopt.records.privacy import Coarseness, Kept, Release, expert_determination, retention, safe_harbor
from schedopt.records.quality import Records, worklist
from schedopt.registry.asked import Asked
from schedopt.registry.kinds import fact_tables, kinds
from schedopt.registry.loading import Scope, load_office
from schedopt.registry.persons import readable
from schedopt.registry.tables import opened
from schedopt.store import facts, schema
from schedopt.store.facts import Fact
from schedopt.store.session import Call

_CHECKED = ("birth_date", "phone", "email", "street_number", "address_1", "suburb", "state", "postcode")
"""Columns of people that the work list is about."""


class LookedOver(Asked):
    """What is asked of a store's records as a whole."""

    def worklist(self, *, region: str | None = None) -> pd.DataFrame:
        """What of the records is missing or cannot be right, most urgent first.

        Parameters
        ----------
        region : str, optional
            Country that telephone numbers without one are of (ISO 3166, two letters); that of the office's holidays
            by default, or else the US.

        Returns
        -------
        pandas.DataFrame
            As of :func:`schedopt.records.quality.worklist`: ids and words, no names.
        """
        return self.session.do("worklist", lambda call: found_gaps(call, region))

    def retention(self, years: int) -> pd.DataFrame:
        """What may be disposed of today: people by the years that the office keeps records, documentation after six.

        Parameters
        ----------
        years : int
            How long the office keeps patients' records after they were last added to.

        Returns
        -------
        pandas.DataFrame
            As of :func:`schedopt.records.privacy.retention`.
        """

        def body(call: Call) -> pd.DataFrame:
            call.may("read", "people", ("person", "birth_date"))
            call.may("read", "restrictions", ("person", "kind"))
            return retention(_kept(call), dt.date.fromisoformat(call.today), years)

        return self.session.do("retention", body)

    def without_people(self, random: np.random.Generator) -> dict[str, pd.DataFrame]:
        """People and what is about them, without the eighteen classes of identifiers (45 CFR 164.514(b)(2)).

        Parameters
        ----------
        random : numpy.random.Generator
            Draws the new ids.
        """
        return self.session.do(
            "de-identify", lambda call: safe_harbor(_frames(call), today=_today(call), random=random)
        )

    def for_expert(
        self, random: np.random.Generator, how: Coarseness | None = None, *, k: int = 5, suppress: bool = False
    ) -> Release:
        """The same with dates shifted by person, for an expert to determine how small the risk is."""

        def body(call: Call) -> Release:
            return expert_determination(
                _frames(call), today=_today(call), random=random, how=how, k=k, suppress=suppress
            )

        return self.session.do("de-identify", body)


def may_see_gaps(call: Call) -> bool:
    """Whether whoever calls may know of gaps in people's records."""
    return all(call.policy.allows(call.roles, call.purpose, "read", "people", name) for name in _CHECKED)


def found_gaps(call: Call, region: str | None = None, *, of_all: bool = True) -> pd.DataFrame:
    """The work list of gaps in the records, in a call.

    Parameters
    ----------
    call : Call
        By whoever may know of gaps.
    region : str, optional
        Whose numbers and addresses they are; by default the country of the office's holidays.
    of_all : bool
        Also gaps that everybody on file has in the same words: what the office keeps of nobody.
    """
    call.may("read", "people", _CHECKED)
    call.may("read", "coverage", ("patient", "insurer"))
    office, _ = load_office(call, Scope(None, call.today, whole=False))
    holidays = office.settings.holidays
    people = _rows(call, Person)
    given = Records(
        today=dt.date.fromisoformat(call.today), region=region or (holidays.country if holidays else "US"),
        patients=office.patients, requests=office.requests, visit_types=office.visit_types,
        appointments=office.appointments or (), cancellations=office.cancellations or (), coverage=office.coverage,
        networks=office.networks, terms=office.terms, authorisations=office.authorisations, referrals=office.referrals,
        people=people, restrictions=_rows(call, Restriction),
    )  # fmt: skip
    found = worklist(given)
    if of_all or found.empty:
        return found
    who = found.groupby(["check", "detail"])["about"].transform("nunique")
    return found[who < len(people)].reset_index(drop=True)


def _today(call: Call) -> dt.date:
    return dt.date.fromisoformat(call.today)


def _rows(call: Call, row_class: type[Any]) -> tuple[Any, ...]:
    """The rows of a table of people that are true today; those who were merged are left out."""
    found = facts.known(call.connection, row_class.table_name, on=call.today)
    cells = _cells(call, [fact for fact in found if "merged_into" not in fact.cells])
    return adapter(row_class).validate_python(cells)


def _cells(call: Call, rows: list[Fact]) -> list[dict[str, str]]:
    """Cells of rows, opened where their key is there."""
    keys: dict[str | None, bytes] = {None: call.keys.office}
    keys.update(call.keys.of({fact.owner for fact in rows if fact.owner is not None}))
    return [
        {**fact.cells, **(fact.opened(keys[fact.owner]) if fact.sealed is not None and fact.owner in keys else {})}
        for fact in rows
    ]


def _frames(call: Call) -> Mapping[str, pd.DataFrame]:
    """Tables about people, for who may read all of them."""
    names = readable(call)
    call.may("read", "people", [name for name in kinds()["people"].columns if name != "soc_sec_id"])
    found = {}
    tables = [row_class for row_class in fact_tables() if "patient" in row_class.model_fields]
    for table in (Person.table_name, *(row_class.table_name for row_class in tables), Consent.table_name):
        kind = kinds()[table]
        columns = [name for name in kind.columns if name in names or kind.name != "people"]
        columns = [name for name in columns if kind.name != "patients" or name not in ("name", "birth_date", "group")]
        call.may("read", kind.name, columns)
        cells = _cells(call, facts.known(call.connection, kind.name, on=call.today))
        found[kind.name] = pd.DataFrame(
            [{name: row.get(name, "") for name in columns} for row in cells], columns=columns
        )
    return {name: frame for name, frame in found.items() if len(frame)}


def _kept(call: Call) -> list[Kept]:
    """People and consents, with when they were last added to."""
    f, e = schema.facts.c, schema.entries
    last = dict[str, str]()
    query = sa.select(f.patient, sa.func.max(e.c.at)).join(e, e.c.number == f.since).group_by(f.patient)
    for patient, at in call.connection.execute(query.where(f.patient.is_not(None))):
        last[patient] = at[:10]
    held = {
        fact.cells["person"]
        for fact in facts.known(call.connection, Restriction.table_name)
        if fact.cells["kind"] == "legal_hold"
    }
    found = []
    for fact in facts.known(call.connection, Person.table_name, on=call.today):
        day = dt.date.fromisoformat(last.get(str(fact.patient), call.today))
        person = str(fact.owner)
        found.append(Kept(person, "patient", day, person in held, _of_age(call, fact)))
    return found


def _of_age(call: Call, fact: Fact) -> dt.date | None:
    """When somebody comes of age, at eighteen; None where that is not known."""
    if call.keys.is_destroyed(str(fact.owner)):
        return None
    born = opened(call, fact).get("birth_date")
    if born is None:
        return None
    day = dt.date.fromisoformat(born)
    return dt.date(day.year + 18, day.month, min(day.day, 28))
