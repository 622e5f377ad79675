"""Who is who in a store: persons who may be one, what was decided of them, and who is surely one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from schedopt.records.identity import Index, Model, duplicates
from schedopt.records.people import Decision, Person
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.merging import Merged, merge
from schedopt.store import facts
from schedopt.store.facts import Fact
from schedopt.store.session import Call

COMPARED = (
    "given_name", "surname", "suffix", "name", "birth_date", "sex", "street_number", "address_1", "address_2",
    "suburb", "state", "postcode", "phone", "soc_sec_id",
)  # fmt: skip
"""Columns of people by which it is found out."""


class WhoIsWho(Asked):
    """What is asked of a store about persons who may be one."""

    def duplicates(self, model: Model | None = None) -> pd.DataFrame:
        """Pairs of persons who may be one, the likeliest first; those that were decided to be different are left out.

        Parameters
        ----------
        model : Model, optional
            How fields agree, as :func:`schedopt.records.identity.train` learns it; by default one that is shipped.

        Returns
        -------
        pandas.DataFrame
            As of :func:`schedopt.records.identity.duplicates`, with ids of persons in ``left`` and ``right``, and
            ``decided`` (``later`` or empty).
        """
        return self.session.do("duplicates", lambda call: _duplicates(call, model))

    def merge_sure(self, model: Model | None = None) -> pd.DataFrame:
        """Merge those persons who are surely one: number and demographics agree, and nobody has decided otherwise.

        Returns
        -------
        pandas.DataFrame
            ``kept``, ``lost`` (persons), ``entry`` (to take it back): one row a merge.
        """
        found = self.duplicates(model)
        sure = found[found["sure"] & (found["decided"] == "")]
        rows = []
        for kept, lost in sure[["left", "right"]].itertuples(index=False):
            merged = self._do("merge", partial(_merged, keep=kept, lose=lost), about=f"{kept} {lost}")
            if merged is not None:
                rows.append((kept, lost, merged.entry))
        return pd.DataFrame(rows, columns=["kept", "lost", "entry"])


def _duplicates(call: Call, model: Model | None) -> pd.DataFrame:
    call.may("read", "people", COMPARED)
    call.may("read", "decisions", Decision.model_fields)
    people = [fact for fact in facts.known(call.connection, Person.table_name, on=call.today) if fact.sealed]
    found = duplicates(compared(call, people), model)
    decided = {
        (fact.cells["person"], fact.cells["other"]): fact.cells["decided"]
        for fact in facts.known(call.connection, Decision.table_name)
    }
    pairs = zip(found["left"], found["right"], strict=True)
    words = [decided.get((min(pair), max(pair)), "") for pair in pairs]
    found = found.assign(decided=pd.array(words, dtype="str"))
    return found[found["decided"] != "different"].reset_index(drop=True)


def _merged(call: Call, keep: str, lose: str) -> Merged | None:
    """Merge two, unless one of them has been merged meanwhile."""
    for person in (keep, lose):
        found = facts.known(call.connection, Person.table_name, by="key", values=[key_of(person)], on=call.today)
        if not found or "merged_into" in found[-1].cells:
            return None
    return merge(call, keep, lose)


def compared(call: Call, people: list[Fact]) -> pd.DataFrame:
    """People as they are compared, by their ids; whose key was destroyed is left out."""
    keys = call.keys.of({str(fact.owner) for fact in people})
    there = [fact for fact in people if str(fact.owner) in keys]
    return frame_of([fact.opened(keys[str(fact.owner)]) for fact in there], [str(fact.owner) for fact in there])


def frame_of(cells: list[dict[str, str]], ids: list[str]) -> pd.DataFrame:
    """Cells of people in the columns that are compared."""
    rows = [asked_of(one) for one in cells]
    names = ("given_name", "surname", "date_of_birth", *(name for name in COMPARED[5:]))
    return pd.DataFrame({name: [row.get(name, "") for row in rows] for name in names}, index=ids, dtype=object)


def asked_of(cells: Mapping[str, str]) -> dict[str, str]:
    """A person's cells as they are compared: a name that is written as a whole is given name and surname."""
    given, surname = cells.get("given_name", ""), cells.get("surname", "")
    if not given and not surname:
        given, _, surname = cells.get("name", "").rpartition(" ")
    found = {name: cells[name] for name in COMPARED[5:] if name in cells}
    surname = f"{surname} {cells['suffix']}" if "suffix" in cells else surname
    return {**found, "given_name": given, "surname": surname, "date_of_birth": cells.get("birth_date", "")}


def ranked(call: Call, cells: Mapping[str, str], people: list[Fact]) -> list[str]:
    """Of some people those who may be the one whose cells these are, the likeliest first."""
    asked = asked_of(cells)
    there = compared(call, people)
    if there.empty or not any(asked.values()):
        return []
    return [str(person) for person in Index(there).matches(asked)["right"]]
