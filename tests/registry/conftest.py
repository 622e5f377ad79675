"""What tests of rows, bookings and plans in a store share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.race import office
from schedopt.registry import Store
from tests.stores import new_store


def with_desk(store: Store) -> None:
    """Bring an office into a store, and somebody at its desk."""
    store.import_office(office())
    store.set_actor("dora", ["desk"])


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with an office, and with somebody at the desk."""
    with new_store(prepare=with_desk) as made:
        yield made
        assert made.check().empty
        assert made.verify() == []


@pytest.fixture
def desk(store: Store) -> Store:
    """The same asked by the desk."""
    return store.by("dora", "treatment")
