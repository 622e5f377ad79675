"""A store as its users see it."""

from __future__ import annotations

from schedopt.registry.audited import Audited
from schedopt.registry.booked import Booked
from schedopt.registry.looked_over import LookedOver
from schedopt.registry.money.billed import Billed
from schedopt.registry.operations.operated import Operated
from schedopt.registry.persons import Persons
from schedopt.registry.protected import Protected
from schedopt.registry.tables import Tables
from schedopt.registry.who_is_who import WhoIsWho


class Store(Operated, Billed, Booked, Tables, Persons, WhoIsWho, Protected, LookedOver, Audited):
    """An office that lives in a store: its tables, people and bookings, planned from and published to.

    Made by :func:`~schedopt.registry.opening.create_store`, opened by :func:`~schedopt.registry.opening.open_store`.
    """
