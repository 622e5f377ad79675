"""The command line: plan, check, conflict, explain, recommend, replan, fill, publish, example."""

from schedopt.cli.commands import app

__all__ = ["app"]
