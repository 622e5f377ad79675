"""How Hypothesis looks for counterexamples, and what tests of several rooms share.

``repeat``, the default, tries the same cases each time. ``anew`` draws others each time, in the same time;
what it finds becomes an ``@example`` or a property of its own. ``quick`` repeats and does not simplify what it
finds; ``deep`` draws twenty times as many, anew. How many a test tries is said by :func:`tests.effort.examples`.

Choose with the environment variable ``HYPOTHESIS_PROFILE``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.effort import CASES
from tests.postgres import LACKING, Server, is_here, server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile(
    "repeat",
    derandomize=True,
    deadline=None,
    max_examples=CASES,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "anew",
    parent=settings.get_profile("repeat"),
    derandomize=False,
    suppress_health_check=[*HealthCheck],  # how cases are drawn is judged where it is the same each time
)
settings.register_profile("deep", parent=settings.get_profile("anew"), max_examples=20 * CASES)
settings.register_profile("quick", parent=settings.get_profile("repeat"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Compile once what many tests run, while the processes that test gather their tests: else each would."""
    if session.config.getoption("numprocesses", None) and not session.config.option.collectonly:
        from tests.compiling import compile_all

        compile_all()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL that runs as long as the tests of this process."""
    if not is_here():
        pytest.skip(LACKING)
    with server() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that runs as long as the tests of a file: while it does, nothing else can run an event loop here."""
    from tests.browser import CHROMIUM, LACKING, chromium

    if not CHROMIUM.exists():
        pytest.skip(LACKING)
    with chromium() as found:
        yield found
