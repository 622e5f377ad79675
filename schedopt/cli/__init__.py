"""The command line: plan, check, explain, example."""

from schedopt.cli.commands import app

__all__ = ["app"]
