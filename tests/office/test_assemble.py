"""How much work it is to assemble an office."""

from __future__ import annotations

from unittest import mock

from schedopt.arrays import Flags, Ints
from schedopt.example.frames import WEEK, example_frames, example_settings
from schedopt.models.problem.options import Options
from schedopt.office.assemble import assemble
from schedopt.office.read import office_from_frames


def _copied(sites: int) -> tuple[int, int]:
    """Requests of an invented network, and how many options were copied to assemble it."""
    office = office_from_frames(example_frames(sites=sites, providers=4 * sites), example_settings())
    copied, take = 0, Options.take

    def counted(options: Options, rows: Ints | Flags, **columns: Ints) -> Options:
        nonlocal copied
        taken = take(options, rows, **columns)
        copied += len(taken)
        return taken

    with mock.patch.object(Options, "take", counted):
        problem = assemble(office, WEEK)
    return len(problem.week.requests), copied


def test_work_grows_with_the_requests() -> None:
    """Four times the sites, with four times the providers and requests, take about four times the copies."""
    (few, small), (many, large) = _copied(1), _copied(4)
    assert large / small < 1.3 * many / few
