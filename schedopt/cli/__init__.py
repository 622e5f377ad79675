"""The command line: plan, check, conflict, explain, publish, example."""

from schedopt.cli.commands import app

__all__ = ["app"]
