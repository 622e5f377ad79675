"""The commands about the office around the schedule."""

from __future__ import annotations

import typer


def add_operations(app: typer.Typer) -> None:
    """Add them to all commands."""
