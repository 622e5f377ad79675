"""The command line: plan, check, explain, recommend, replan, fill, example."""

from schedopt.cli.commands import app

__all__ = ["app"]
