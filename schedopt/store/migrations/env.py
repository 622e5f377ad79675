"""Alembic asks for this file; revisions are run by ``schedopt.store.migrate``."""
