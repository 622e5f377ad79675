"""How Hypothesis looks for counterexamples.

``repeat``, the default, tries the same cases each time. ``anew`` draws others each time, in the same time;
what it finds becomes an ``@example`` or a property of its own. ``quick`` repeats and does not simplify what it
finds; ``deep`` searches long and anew.

Choose with the environment variable ``HYPOTHESIS_PROFILE``.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "repeat",
    derandomize=True,
    deadline=None,
    max_examples=50,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "anew",
    parent=settings.get_profile("repeat"),
    derandomize=False,
    suppress_health_check=[*HealthCheck],  # how cases are drawn is judged where it is the same each time
)
settings.register_profile("deep", parent=settings.get_profile("anew"), max_examples=2_000)
settings.register_profile("quick", parent=settings.get_profile("repeat"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))
