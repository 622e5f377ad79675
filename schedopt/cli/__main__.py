"""``python -m schedopt.cli``."""

from schedopt.cli.commands import app

app(prog_name="schedopt")
