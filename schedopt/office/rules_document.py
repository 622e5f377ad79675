"""docs/rules.md, made from the classes of rules and couplings: what a schedule must keep, and what it pays for."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import schedopt.billing
import schedopt.models.couplings
import schedopt.records
import schedopt.rosters
from schedopt.models.couplings import Coupling
from schedopt.models.office import Weights
from schedopt.models.rules import Confines, Forbids, Prices, PricesTimes, Rule

_HEAD = """\
# The rules

<!-- Written by schedopt.office.rules_document.rules_document(); do not edit. -->

A rule has a name, a source that states it, and a reason in words. The name stands in reports and in `plan.json`; the
reason is what a coordinator reads when a request was left out. Rules about a single visit either forbid it, confine
its times, or price it. Rules that tie several visits together are *couplings*. Prices are points; `[weights]` in
`office.toml` sets them ([tables.md](tables.md#officetoml)).

A *fixed* promise has been agreed with the patient, so it goes before the rules marked *gives way*: those are not asked
about it. All others hold for promises too; one that breaks them is reported as a conflict and not placed.

Rules about an optional table are there where the table is: without `coverage.csv`, insurance forbids nothing.
"""
_SOURCES = {"rosters": "who works, where and with what", "records": "who asks for what", "billing": "who pays"}
_DOES = ((Forbids, "forbids"), (Confines, "confines"), (Prices, "prices"), (PricesTimes, "prices times"))
_RULES_HEAD = """\
| name | does | what it says | reason given | fixed promise | price | counted in |
| --- | --- | --- | --- | --- | --- | --- |"""
_COUPLINGS_HEAD = """\
## Couplings

Rules that tie several visits together. A fixed promise keeps them too.

| name | source | what it says | reason given | price |
| --- | --- | --- | --- | --- |"""


def rules_document() -> str:
    """The text of docs/rules.md.

    Returns
    -------
    str
        Markdown: a table of the rules of each source, and one of the couplings.
    """
    rules = [kind for kind in _classes(schedopt.rosters, schedopt.records, schedopt.billing) if issubclass(kind, Rule)]
    blocks = [_HEAD]
    for source, words in _SOURCES.items():
        mine = [_rule(kind) for kind in rules if kind.source == source]
        blocks += [f"## {source.capitalize()}: {words}\n", _RULES_HEAD, *mine, ""]
    couplings = [kind for kind in _classes(schedopt.models.couplings) if issubclass(kind, Coupling)]
    return "\n".join([*blocks, _COUPLINGS_HEAD, *map(_coupling, couplings), ""])


def _classes(*packages: ModuleType) -> Iterator[type[Any]]:
    """Every class with a name for people in these packages, in the order in which it is written down."""
    for package in packages:
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            module = import_module(found.name)
            for kind in vars(module).values():
                here = inspect.isclass(kind) and kind.__module__ == module.__name__
                if here and hasattr(kind, "name") and not inspect.isabstract(kind):
                    yield kind


def _rule(kind: type[Rule]) -> str:
    does = next(word for family, word in _DOES if issubclass(kind, family))
    priced = does.startswith("prices")
    promise = "" if priced else "gives way" if kind.waived else "holds"
    return _row(
        f"`{kind.name}`", does, _first_sentence(kind), kind.reason, promise, _price(kind.name) if priced else "",
        kind.unit if priced else "",
    )  # fmt: skip


def _coupling(kind: type[Coupling]) -> str:
    prices = "; ".join(_price(name) for name in inspect.get_annotations(kind) if name in Weights.model_fields)
    return _row(f"`{kind.name}`", kind.source, _first_sentence(kind), kind.reason, prices)


def _price(name: str) -> str:
    weight = {"waited": "access"}.get(name, name)  # days already waited cost what days still to wait do
    return f"`{weight}`: {Weights.model_fields[weight].description}"


def _first_sentence(kind: type) -> str:
    """What a class's docstring says first; without its own, nothing."""
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split()).partition(". ")[0].removesuffix(".")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
