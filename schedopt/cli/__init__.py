"""The command line: plan, check, explain, publish, example."""

from schedopt.cli.commands import app

__all__ = ["app"]
