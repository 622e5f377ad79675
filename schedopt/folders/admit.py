"""A plan's folder admitted to newer data of its office."""

from __future__ import annotations

from pathlib import Path

from schedopt.answers.desk.admit import admitted
from schedopt.folders.read import read_parts
from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan


def admit_folder(folder: str | Path, office: Office) -> Plan:
    """What :func:`schedopt.admit` gives for the plan of a folder and the data that its office has by now.

    Parameters
    ----------
    folder : path
        Where the plan was written.
    office : Office
        Read anew, or extended. Requests that it does not have any more are dropped.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        As :func:`schedopt.read_plan` raises it.
    """
    record, problem, _ = read_parts(folder, office)
    return admitted(record.visits, record.fingerprint, problem)
