"""Rows of an office's tables that answers to a store's own questions have written: they stay when a folder comes in."""

from __future__ import annotations

from collections.abc import Mapping

from schedopt.billing.coverage.tables import AskedCoverage, AskedPermission
from schedopt.models.tables import Authorisation, Eligibility, Referral
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.permitted import as_referral
from schedopt.registry.money.rows import kept
from schedopt.store import facts
from schedopt.store.session import Call


def heard(call: Call) -> Mapping[str, frozenset[str]]:
    """Keys of such rows, by table; tables of which there are none are left out."""
    reviews = [one.row for one in kept(call, AskedPermission)]
    asked = {(one.row.patient, one.row.insurer, one.row.asked_for) for one in kept(call, AskedCoverage)}
    referral = kinds()[Referral.table_name]
    found = {
        Authorisation.table_name: {key_of(row.review) for row in reviews if row.kind == "authorisation"},
        Referral.table_name: {
            referral.key(referral.cells(as_referral(row))[0]) for row in reviews if row.kind == "referral"
        },
        Eligibility.table_name: {
            one.fact.key
            for one in (kept(call, Eligibility) if asked else ())
            if (one.row.patient, one.row.insurer, one.row.asked_for) in asked
        },
    }
    there = {
        name: {fact.key for fact in facts.known(call.connection, name)} & keys for name, keys in found.items() if keys
    }
    return {name: frozenset(keys) for name, keys in there.items() if keys}
