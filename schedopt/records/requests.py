"""From the tables of requests, visit types and steps to columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from schedopt.models.calendar import Calendar
from schedopt.models.office import Office
from schedopt.models.tables import Request, Step
from schedopt.models.week import Ints, Requests, Steps


def planned(office: Office, calendar: Calendar) -> tuple[Request, ...]:
    """The requests to be planned: all but those promised for a day outside the days planned."""
    elsewhere = {a.request for a in office.appointments or () if not calendar.covers(a.date)}
    return tuple(row for row in office.requests if row.request not in elsewhere)


def make_requests(office: Office, calendar: Calendar) -> Requests:
    """The requests as columns. Names and birth dates stay behind."""
    types = {v.visit_type: v for v in office.visit_types}
    type_code = {name: code for code, name in enumerate(types)}
    patient_code = {p.patient: code for code, p in enumerate(office.patients)}
    provider_code = {p.provider: code for code, p in enumerate(office.providers)}
    rows, grid, defaults = planned(office, calendar), calendar.grid, office.settings.defaults
    promised = {a.request: a for a in office.appointments or ()}

    def cells(minutes: Sequence[int]) -> Ints:
        return np.array(minutes, np.int64) // grid

    def promise(row: Request) -> tuple[int, int, bool]:
        appointment = promised.get(row.request)
        if appointment is None:
            return -1, -1, False
        start = calendar.cell(calendar.day(appointment.date), appointment.start)
        return provider_code[appointment.provider], start, appointment.mark == "fixed"

    promises = [promise(row) for row in rows]
    usual = [row.minutes or types[row.visit_type].minutes for row in rows]
    booked = [promised[row.request].minutes if row.request in promised else None for row in rows]
    return Requests(
        ids=tuple(row.request for row in rows),
        patient=np.array([patient_code[row.patient] for row in rows], np.int64),
        visit_type=np.array([type_code[row.visit_type] for row in rows], np.int64),
        length=cells([minutes or all_minutes for minutes, all_minutes in zip(booked, usual, strict=True)]),
        buffer_before=cells([types[row.visit_type].buffer_before for row in rows]),
        buffer_after=cells([types[row.visit_type].buffer_after for row in rows]),
        priority=np.array([row.priority or defaults.priority for row in rows], np.int64),
        new=np.array([row.new for row in rows], bool),
        ready=np.array([0 if row.ready is None else calendar.day(row.ready) for row in rows], np.int64),
        promised_provider=np.array([provider for provider, _, _ in promises], np.int64),
        promised_start=np.array([start for _, start, _ in promises], np.int64),
        fixed=np.array([fixed for _, _, fixed in promises], bool),
        patient_ids=tuple(patient_code),
        visit_type_ids=tuple(type_code),
        usual=cells(usual) if any(booked) else None,
    )


def make_steps(office: Office, requests: Requests, kind_ids: Sequence[str], grid: int) -> Steps:
    """The steps of all requests, in order, the provider step among them."""
    further: dict[str, list[Step]] = defaultdict(list)
    for step in sorted(office.steps or (), key=lambda s: s.order):
        further[step.visit_type].append(step)
    kind_code = {name: code for code, name in enumerate(kind_ids)}
    columns: dict[str, list[int]] = {name: [] for name in ("request", "length", "max_wait", "need_step", "need_kind")}
    offset, provider_step = [0], []

    def add(request: int, cells: int, wait: int, pools: Sequence[str]) -> None:
        columns["need_step"].extend([len(columns["request"])] * len(pools))
        columns["need_kind"].extend(kind_code[kind] for kind in pools)
        columns["request"].append(request)
        columns["length"].append(cells)
        columns["max_wait"].append(wait)

    own_pools = [v.pools for v in office.visit_types]
    for r, (visit_type, length) in enumerate(zip(requests.visit_type.tolist(), requests.length.tolist(), strict=True)):
        steps = further[requests.visit_type_ids[visit_type]]
        wait = 0
        for step in (s for s in steps if s.order < 0):
            add(r, step.minutes // grid, wait, step.pools)
            wait = step.max_wait // grid
        provider_step.append(len(columns["request"]))
        add(r, length, wait, own_pools[visit_type])
        for step in (s for s in steps if s.order > 0):
            add(r, step.minutes // grid, step.max_wait // grid, step.pools)
        offset.append(len(columns["request"]))
    arrays = {name: np.array(values, np.int64) for name, values in columns.items()}
    return Steps(offset=np.array(offset, np.int64), provider_step=np.array(provider_step, np.int64), **arrays)
