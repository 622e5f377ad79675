"""``schedopt store`` and ``schedopt audit``: make a store, fill it, look after it, and see who did what in it."""

from schedopt.cli.store.commands import audit_app, store_app

__all__ = ["audit_app", "store_app"]
