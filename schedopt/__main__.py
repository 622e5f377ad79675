"""``python -m schedopt``: the command line, where the scripts of the environment are not on the path."""

from schedopt.cli import app

app(prog_name="schedopt")
