"""PyJobShop, in a process of its own.

It could live beside this library (both ask for the same OR-Tools), but a process can be given up: on large weeks the
model alone takes minutes to build. The model is in :mod:`benchmarks.peers.jobshop_model`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.instances import Instance
from benchmarks.peers.interpreter import folder_of, run
from benchmarks.peers.protocol import Answer, Task, answer_from


@dataclass(frozen=True)
class PyJobShop:
    """PyJobShop with OR-Tools.

    Attributes
    ----------
    python : str
        The interpreter that has it.
    """

    python: str = sys.executable
    name: str = "PyJobShop"
    cannot_say: tuple[str, ...] = (
        "idle minutes in the cost: they are left away",
        "minutes of overtime in the cost: sessions end on time",
        "minutes of waiting between steps in the cost: only their limit is kept",
        "a price of a mode: every request has a second job instead, as long as its visit is dear",
        "a preferred time of day within a session: a session that is not wholly inside costs as one outside",
        "several windows of one day together: the widest in each session only",
        "a bound: what it proves is of that other problem",
    )

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Hand the instance over, and read the visits."""
        folder_of("pyjobshop", self.python)
        with TemporaryDirectory() as folder:
            source, target = Path(folder, "task.json"), Path(folder, "answer.json")
            given = {"time_limit": task.time_limit, "workers": task.workers, "seed": task.seed}
            source.write_text(json.dumps({"instance": dict(instance)} | given), encoding="utf-8")
            command = [self.python, "-m", "benchmarks.peers.jobshop_model", str(source), str(target)]
            run(command, task.time_limit, self.name)
            return answer_from(json.loads(target.read_text(encoding="utf-8")))
