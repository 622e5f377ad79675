"""The sources that say what an office has and keeps: those of this package, and those that others install."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from pydantic import BaseModel, create_model

from schedopt.billing.source import BILLING
from schedopt.models.office import Office, Settings, Weights
from schedopt.models.source import Demand, Source, Supply
from schedopt.models.tables import Row
from schedopt.models.tables.fields import noted
from schedopt.operations.source import OPERATIONS
from schedopt.records.source import RECORDS
from schedopt.rosters.source import ROSTERS

HOUSE = (RECORDS, ROSTERS, BILLING, OPERATIONS)
"""The sources of this package, in the order in which their tables are documented."""
GROUP = "schedopt.sources"
"""The entry points by which a distribution names sources of its own."""


def sources() -> tuple[Source, ...]:
    """The sources of this package, then those that installed distributions name, by name.

    Raises
    ------
    ValueError
        If sources contradict each other, or an entry point names no source.
    """
    return _sources(tuple(sys.path))


@cache
def _sources(_path: tuple[str, ...]) -> tuple[Source, ...]:
    found = (*HOUSE, *_installed())
    if wrong := list(_contradictions(found)):
        raise ValueError("; ".join(wrong))
    return found


def _installed() -> Iterator[Source]:
    """Sources named by entry points, each once."""
    points = {(point.name, point.value): point for point in entry_points(group=GROUP)}
    for name, value in sorted(points):
        source = points[name, value].load()
        if not isinstance(source, Source):
            raise ValueError(f"expected the entry point {name} of {GROUP}, {value}, to be a Source")
        yield source


def _contradictions(found: Sequence[Source]) -> Iterator[str]:
    """What cannot be told apart, or leads nowhere, in words."""
    sections = [section for source in found for section in source.sections]
    yield from repeated("source", (source.name for source in found))
    yield from repeated("table", (row_class.table_name for row_class in all_tables(found)))
    yield from repeated("section of office.toml", (section.section_name for section in sections))
    yield from repeated(
        "price", [*noted(Weights, "price"), *(name for section in sections for name in noted(section, "price"))]
    )
    for source in found:
        if source not in HOUSE:
            yield from _taken("table", Office, [row_class.table_name for row_class in source.row_classes])
            yield from _taken("section of office.toml", Settings, [section.section_name for section in source.sections])
    keyed = {row_class.table_name for row_class in all_tables(found) if len(row_class.key) == 1}
    for row_class in all_tables(found):
        for column, target in noted(row_class, "references").items():
            if target not in keyed:
                yield f"expected {row_class.table_name}.{column} to refer to a table with a key, found {target!r}"
    for words, values in (("sessions", [s.supply for s in found]), ("requests", [s.demand for s in found])):
        if sum(value is not None for value in values) != 1:
            yield f"expected one source of {words}"


def repeated(words: str, names: Iterable[str]) -> Iterator[str]:
    """What stands there more than once, in words."""
    yield from (f"expected one {words} {name!r}" for name, times in Counter(names).items() if times > 1)


def _taken(words: str, model: type[BaseModel], names: Iterable[str]) -> Iterator[str]:
    """Names that mean something else to a model already, in words."""
    for name in names:
        if name in model.model_fields or hasattr(model, name):
            yield f"expected another {words} than {name!r}"


def all_tables(found: Iterable[Source]) -> tuple[type[Row], ...]:
    """The row classes of the tables of sources, in order."""
    return tuple(row_class for source in found for row_class in source.row_classes)


def as_asked(found: Iterable[Source]) -> list[Source]:
    """Sources in the order in which their rules are asked."""
    return sorted(found, key=lambda source: source.asked)


def supply_of(found: Iterable[Source]) -> Supply:
    """How sessions and pools are made."""
    return next(source.supply for source in found if source.supply is not None)


def demand_of(found: Iterable[Source]) -> Demand:
    """How requests and steps are made."""
    return next(source.demand for source in found if source.demand is not None)


@cache
def settings_class(found: tuple[Source, ...]) -> type[Settings]:
    """The settings with the sections of all sources: one that needs no key is there by default, others are not."""
    more = {section.section_name: section for source in found for section in source.sections}
    fields = {name: section for name, section in more.items() if name not in Settings.model_fields}
    if not fields:
        return Settings
    needy = {
        name for name, section in fields.items() if any(key.is_required() for key in section.model_fields.values())
    }
    declared: dict[str, Any] = {
        name: (section | None, None) if name in needy else (section, section()) for name, section in fields.items()
    }
    return create_model("Settings", __base__=Settings, **declared)


def whole_settings(settings: Settings, found: tuple[Source, ...]) -> Settings:
    """The same settings with the sections of all sources, those that they lack by default."""
    kind = settings_class(found)
    if isinstance(settings, kind):
        return settings
    return kind.model_validate({name: section for name, section in settings if name in kind.model_fields})
