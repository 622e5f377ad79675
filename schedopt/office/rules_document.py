"""docs/rules.md, made from the classes of rules and couplings: what a schedule must keep, and what it pays for."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from schedopt.models.problem import couplings
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.rules import Confines, Forbids, Prices, PricesTimes, Rule
from schedopt.models.source import Source
from schedopt.models.tables.fields import noted
from schedopt.office.settings import sections
from schedopt.office.sources import HOUSE, as_asked, settings_class

_HEAD = """\
# The rules

<!-- Written by schedopt.office.rules_document.rules_document(); do not edit. -->

A rule has a name, a source that states it, and a reason in words. Reports and `plan.json` use the name; the reason is
what a coordinator reads when a request was left out. Rules about a single visit forbid it, confine its times, or price
it. Rules that tie several visits together are *couplings*. Prices are in points and are set in `[weights]` of
`office.toml` ([tables.md](tables.md#officetoml)).

A *fixed* promise has been agreed with the patient. Rules marked *gives way* do not apply to it. All other rules apply
to promises too; a promise that breaks one is reported as a conflict and left out.

A rule about an optional table exists only if the office has that table: without `coverage.csv`, insurance forbids
nothing.
"""
_DOES = ((Forbids, "forbids"), (Confines, "confines"), (Prices, "prices"), (PricesTimes, "prices times"))
_RULES_HEAD = """\
| name | does | what it says | reason given | fixed promise | price | counted in |
| --- | --- | --- | --- | --- | --- | --- |"""
_COUPLINGS_HEAD = """\
## Couplings

Rules that tie several visits together. A fixed promise keeps them too.

| name | source | what it says | reason given | price |
| --- | --- | --- | --- | --- |"""


def rules_document(found: tuple[Source, ...] = HOUSE) -> str:
    """The text of docs/rules.md.

    Parameters
    ----------
    found : tuple of Source
        Whose rules and couplings; by default those of this package.

    Returns
    -------
    str
        Markdown: a table of the rules of each source, and one of the couplings.
    """
    prices = _prices(found)
    blocks = [_HEAD]
    for source in as_asked(found):
        rules = [_rule(kind, prices) for kind in classes(source.room) if issubclass(kind, Rule)]
        if rules:
            blocks += [f"## {source.name.capitalize()}: {source.about}\n", _RULES_HEAD, *rules, ""]
    rooms = [couplings.__name__, *(source.room for source in as_asked(found))]
    ties = [_coupling(kind, prices) for room in rooms for kind in classes(room) if issubclass(kind, Coupling)]
    return "\n".join([*blocks, _COUPLINGS_HEAD, *ties, ""])


def classes(room: str) -> Iterator[type[Any]]:
    """Every class with a name for people in a module or package, in the order in which it is written down."""
    home = import_module(room)
    inside = [found.name for found in walk_packages(getattr(home, "__path__", ()), f"{room}.")]
    for module in (home, *map(import_module, inside)):
        for kind in vars(module).values():
            here = inspect.isclass(kind) and kind.__module__ == module.__name__
            if here and hasattr(kind, "name") and not inspect.isabstract(kind):
                yield kind


def _prices(found: tuple[Source, ...]) -> dict[str, str]:
    """What each price of office.toml is paid for, by name: its setting and the setting's words."""
    words = {}
    for section, part in sections(settings_class(found)).items():
        for name in noted(part, "price"):
            key = name if section == "weights" else f"{section}.{name}"
            words[name] = f"`{key}`: {part.model_fields[name].description}"
    return words


def _rule(kind: type[Rule], prices: Mapping[str, str]) -> str:
    does = next(word for family, word in _DOES if issubclass(kind, family))
    priced = does.startswith("prices")
    price = _price(kind.name, prices) if priced else ""
    promise = "" if priced else "gives way" if kind.waived else "holds"
    unit = kind.unit if priced else ""
    return _row(f"`{kind.name}`", does, _first_sentence(kind), kind.reason, promise, price, unit)


def _coupling(kind: type[Coupling], prices: Mapping[str, str]) -> str:
    paid = "; ".join(prices[name] for name in inspect.get_annotations(kind) if name in prices)
    return _row(f"`{kind.name}`", kind.source, _first_sentence(kind), kind.reason, paid)


def _price(name: str, prices: Mapping[str, str]) -> str:
    return prices.get({"waited": "access"}.get(name, name), "")  # days already waited cost what days still to wait do


def _first_sentence(kind: type) -> str:
    """What a class's docstring says first; without its own, nothing."""
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split()).partition(". ")[0].removesuffix(".")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
