"""``schedopt store`` and ``schedopt audit``: make a store, fill it, look after it, and see who did what in it."""

from schedopt.cli.store.commands import audit_app, people_app, store_app
from schedopt.cli.store.persons import worklist

__all__ = ["audit_app", "people_app", "store_app", "worklist"]
