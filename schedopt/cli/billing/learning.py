"""``schedopt billing learn``: what decided claims say of how much is collected."""

from __future__ import annotations

from schedopt.cli.billing.told import FOR
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out


@speaks_plainly
def learn(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """Learn from decided claims how likely visits are paid, for the plans that come: table collection.

    Exit status: 0 learnt and written; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.learn_collection()
    headings = {
        "insurer": "insurer", "visit_type": "visit type", "allowed": "allowed", "chance": "chance", "low": "from",
        "high": "to", "bad_debt": "bad debt", "claims": "claims",
    }  # fmt: skip
    numbers = {name: found[name].map("{:.3f}".format) for name in ("chance", "low", "high")} if out is None else {}
    tell_table(found.assign(**numbers).fillna(""), headings, out, "No claim is decided yet.")
