"""Good-faith estimates of a store: made, kept, written for the patient, and compared with bills."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from schedopt.billing.claims.tables import BillingOffice, Encounter, ProviderNumbers
from schedopt.billing.fees.prices import Prices, wanted_of
from schedopt.billing.shares.good_faith import SUBSTANTIAL, GoodFaithEstimate, Item, compared, due_day
from schedopt.billing.shares.good_faith_text import Addressee, Party, good_faith_text
from schedopt.billing.shares.tables import GoodFaith, GoodFaithItem
from schedopt.errors import Fault, InputError, StoreError
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.fees import may_see_prices, prices_of
from schedopt.registry.money.rows import Changes, kept, owners_of
from schedopt.registry.money.visits import Visit, expect_services, visits_of
from schedopt.registry.persons import current_person
from schedopt.registry.tables import opened, self_paid
from schedopt.store import facts
from schedopt.store.session import Call, random_id
from schedopt.store.words import told

_PERSON = ("person", "name", "given_name", "surname", "birth_date")
_OVER = ["estimate", "provider", "expected", "billed", "over", "may_be_disputed"]


class GoodFaithAsked(NamedTuple):
    """What a good-faith estimate is asked for.

    Attributes
    ----------
    requests : tuple of str
        Visits of one patient, the primary service first.
    asked : datetime.date or None
        When the visit was scheduled, or the patient asked; None: today.
    on_request : bool
        The patient has asked for it.
    day : datetime.date or None
        Of visits that have no booking; None: they are not scheduled.
    diagnoses : tuple of str
        ICD-10 codes, where they are known.
    separate : tuple of str
        What is expected too, and will be scheduled apart, in words.
    """

    requests: tuple[str, ...]
    asked: dt.date | None = None
    on_request: bool = False
    day: dt.date | None = None
    diagnoses: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()


class GoodFaithEstimates(Asked):
    """What a store is asked of good-faith estimates."""

    def good_faith(self, wanted: GoodFaithAsked) -> GoodFaithEstimate:
        """Make and keep the good-faith estimate of visits, by what the office asks for what they are billed as.

        Raises
        ------
        InputError
            If it is not known what the office asks for one of the services.
        StoreError
            If there are no such requests, or they are of several patients.
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> GoodFaithEstimate:
            may_see_prices(call)
            names = _names(call)
            for row_class in (GoodFaith, GoodFaithItem):
                call.may("add", row_class.table_name, kinds()[row_class.table_name].columns)
            visits = visits_of(call, wanted.requests, wanted.day)
            prices = prices_of(call)
            expect_services(prices, visits)
            today = dt.date.fromisoformat(call.today)
            first = next((visit.day for visit in visits if visit.day is not None), None)
            made = GoodFaithEstimate(
                random_id("g"), visits[0].patient, today,
                due_day(wanted.asked or today, first, on_request=wanted.on_request),
                tuple(_items(prices, visits, today, wanted.diagnoses, names)), wanted.separate,
            )  # fmt: skip
            _keep(call, made)
            return made

        return self._do("make good-faith estimate", body, about=" ".join(wanted.requests))

    def good_faith_text(self, estimate: str) -> str:
        """A good-faith estimate that was kept, as the document for the patient.

        Parameters
        ----------
        estimate : str
            Its id.

        Raises
        ------
        StoreError
            If there is none, or nothing is kept of the patient any more.
        AccessDenied
            If the actor may not read who the patient is.
        """

        def body(call: Call) -> str:
            for table, columns in (("people", _PERSON), ("providers", ("provider", "name"))):
                call.may("read", table, columns)
            for row_class in (BillingOffice, ProviderNumbers):
                call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)
            found = _read(call, [estimate])
            if estimate not in found:
                raise StoreError(f"expected the id of a good-faith estimate, not {told(estimate)}")
            made = found[estimate]
            patient = _addressee(call, made.patient)
            office, providers = _parties(call)
            return good_faith_text(made, patient, office, providers)

        return self.session.do("write good-faith estimate", body, about=estimate)

    def over_estimates(self, least: int = SUBSTANTIAL) -> pd.DataFrame:
        """Good-faith estimates with providers who have billed more than was expected of them.

        A visit's newest estimate counts. What was billed is what stands in table ``encounters``.

        Parameters
        ----------
        least : int
            Cents over what was expected from which on they are listed; by default those of which the patient may
            dispute the bill.

        Returns
        -------
        pandas.DataFrame
            ``estimate``, ``provider``, ``expected``, ``billed`` and ``over`` (cents), ``may_be_disputed``; the most
            over first.
        """

        def body(call: Call) -> pd.DataFrame:
            estimates = _newest(_read(call, None).values())
            call.may("read", Encounter.table_name, ("request", "line", "procedure", "units", "charge"))
            billed = defaultdict[str, int](int)
            for fact in facts.known(call.connection, Encounter.table_name):
                row = Encounter.model_validate({**fact.cells})
                billed[row.request] += row.charge
            rows = []
            for one in estimates:
                for over in compared(one.expected, _by_provider(one, billed)):
                    if over.over >= least:
                        rows.append((one.estimate, over.provider, over.expected, over.billed, over.over,
                                     over.may_be_disputed))  # fmt: skip
            rows.sort(key=lambda row: (-row[4], row[0], row[1]))
            return pd.DataFrame(rows, columns=_OVER)

        return self.session.do("compare good-faith estimates", body)


def _items(
    prices: Prices, visits: Sequence[Visit], today: dt.date, diagnoses: tuple[str, ...], names: Mapping[str, str]
) -> Iterable[Item]:  # fmt: skip
    items, faults = list[Item](), list[Fault]()
    for visit in visits:
        for one in prices.services[visit.visit_type]:
            wanted = wanted_of(one, visit.day or today)
            charge = prices.charge(wanted)
            if charge is None:
                words = f"expected what the office asks for {wanted.name} on {wanted.day}"
                faults.append(Fault("charges", None, "procedure", one.procedure, words))
                continue
            items.append(
                Item(visit.request, visit.provider, visit.day, one.procedure, wanted.modifiers, one.units, charge,
                     names.get(visit.visit_type) or visit.visit_type, diagnoses)
            )  # fmt: skip
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return items


def _names(call: Call) -> Mapping[str, str]:
    """Visit types in words."""
    call.may("read", "visit_types", ("visit_type", "name"))
    found = facts.known(call.connection, "visit_types")
    return {fact.cells["visit_type"]: fact.cells.get("name", "") for fact in found}


def _keep(call: Call, made: GoodFaithEstimate) -> None:
    changes = Changes()
    changes.add(
        GoodFaith(
            estimate=made.estimate, patient=made.patient, made=made.made, due=made.due,
            separate="; ".join(made.separate),
        ), made.patient,
    )  # fmt: skip
    for number, item in enumerate(made.items, start=1):
        row = GoodFaithItem(
            estimate=made.estimate, item=number, patient=made.patient, request=item.request, provider=item.provider,
            day=item.day, procedure=item.procedure, modifiers=" ".join(item.modifiers), units=item.units,
            charge=item.charge, about=item.about, diagnoses=" ".join(item.diagnoses),
        )  # fmt: skip
        changes.add(row, made.patient, item.request)
    changes.write(call)


def _read(call: Call, wanted: Sequence[str] | None) -> dict[str, GoodFaithEstimate]:
    """Estimates by id; those of visits of which the payer's side may learn nothing are left out for payment."""
    for row_class in (GoodFaith, GoodFaithItem):
        call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)
    which = {} if wanted is None else {"by": "key", "values": [key_of(name) for name in wanted]}
    heads = [one.row for one in kept(call, GoodFaith, **which)]
    of = {"by": "patient", "values": {row.patient for row in heads}}
    rows = [one.row for one in kept(call, GoodFaithItem, **of)]
    secret = frozenset[str]()
    if call.purpose == "payment":
        secret = self_paid(call)
    items, hidden = defaultdict[str, list[Item]](list), set[str]()
    for row in rows:
        if row.request in secret:
            hidden.add(row.estimate)
        items[row.estimate].append(
            Item(row.request, row.provider, row.day, row.procedure, tuple(row.modifiers.split()), row.units,
                 row.charge, row.about, tuple(row.diagnoses.split()))
        )  # fmt: skip
    return {
        row.estimate: GoodFaithEstimate(
            row.estimate, row.patient, row.made, row.due, tuple(items[row.estimate]),
            tuple(filter(None, row.separate.split("; "))),
        )
        for row in heads if row.estimate not in hidden
    }  # fmt: skip


def _newest(estimates: Iterable[GoodFaithEstimate]) -> list[GoodFaithEstimate]:
    """Estimates that are the newest of all their visits, in the order in which they were made."""
    last = dict[str, str]()
    ordered = list(estimates)
    for one in ordered:
        last.update(dict.fromkeys((item.request for item in one.items), one.estimate))
    return [one for one in ordered if any(last[item.request] == one.estimate for item in one.items)]


def _by_provider(made: GoodFaithEstimate, billed: Mapping[str, int]) -> dict[str, int]:
    """What each provider billed for the visits of an estimate; of visits without a bill, nothing is said."""
    visits = dict.fromkeys((item.request, item.provider) for item in made.items)
    found = defaultdict[str, int](int)
    for request, provider in visits:
        if request in billed:
            found[provider] += billed[request]
    return found


def _addressee(call: Call, patient: str) -> Addressee:
    owner = owners_of(call, [patient]).get(patient)
    if owner is None:
        raise StoreError(f"expected patient {told(patient)} to be kept")
    call.people.add(owner)
    said = opened(call, current_person(call, owner))
    name = said.get("name") or " ".join(filter(None, (said.get("given_name"), said.get("surname"))))
    return Addressee(name, said.get("birth_date", "unknown"))


def _parties(call: Call) -> tuple[Party, dict[str, Party]]:
    """The office, and providers by id, as patients are told of them."""
    row = next((one.row for one in kept(call, BillingOffice)), None)
    office = Party("this office")
    if row is not None:
        place = f"{row.address}, {row.city}, {row.state} {row.postcode[:5]}"
        office = Party(row.name, row.npi, row.tax_id, place)
    numbers = {one.row.provider: one.row for one in kept(call, ProviderNumbers)}
    providers = dict[str, Party]()
    for fact in facts.known(call.connection, "providers"):
        name = fact.cells["provider"]
        of = numbers.get(name)
        known = "" if of is None else " ".join(filter(None, (of.given_name, of.surname)))
        providers[name] = Party(known or fact.cells.get("name") or name, "" if of is None else of.npi)
    return office, providers
