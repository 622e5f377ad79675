"""An office that lives in a store: its tables, people and bookings, planned from and published to."""

from schedopt.registry.opening import create_store, open_store
from schedopt.registry.persons import Registered
from schedopt.registry.store import Store

__all__ = ["Registered", "Store", "create_store", "open_store"]
