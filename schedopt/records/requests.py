"""From the tables of requests, visit types and steps to columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from schedopt.arrays import Ints
from schedopt.errors import Fault, InputError
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.week import Requests, Steps
from schedopt.models.tables import Request, Step
from schedopt.models.type_lengths import TypeLengths
from schedopt.models.words import HIDDEN
from schedopt.records.due import planned


def make_requests(office: Office, calendar: Calendar) -> Requests:
    """The requests as columns. Names and birth dates stay behind.

    Raises
    ------
    InputError
        If patients who ask for a visit in these days are born after them.
    """
    rows, later = planned(office, calendar)
    if faults := list(_unborn(office, rows, calendar)):
        raise InputError(faults)
    types = {v.visit_type: v for v in office.visit_types}
    type_code = {name: code for code, name in enumerate(types)}
    patient_code = {p.patient: code for code, p in enumerate(office.patients)}
    provider_code = {p.provider: code for code, p in enumerate(office.providers)}
    grid, defaults = calendar.grid, office.settings.defaults
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
    lengths = TypeLengths(office)
    booked = [promised[row.request].minutes if row.request in promised else None for row in rows]
    givers = [promised[row.request].provider if minutes else None for row, minutes in zip(rows, booked, strict=True)]
    usual = [lengths.minutes(row, provider) for row, provider in zip(rows, givers, strict=True)]
    seats = [types[row.visit_type].seats for row in rows]
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
        by_provider=_by_provider(rows, lengths, tuple(provider_code), booked, grid),
        seats=np.array(seats, np.int64) if any(most > 1 for most in seats) else None,
        notice=_notice([types[row.visit_type].notice_hours for row in rows], defaults.notice_hours),
        not_due=later,
    )


def _by_provider(
    rows: Sequence[Request], lengths: TypeLengths, providers: Sequence[str], booked: Sequence[int | None], grid: int
) -> Ints | None:
    """Cells of each request with each provider, where any differ; an appointment lasts as long as it was booked for."""
    if not any(row.visit_type in lengths.differ for row in rows):
        return None
    known: dict[tuple[object, ...], list[int]] = {}
    found = []
    for row, minutes in zip(rows, booked, strict=True):
        key = row.visit_type, row.new, row.minutes, minutes
        if key not in known:
            known[key] = [minutes or lengths.minutes(row, provider) for provider in providers]
        found.append(known[key])
    return np.array(found, np.int64).reshape(len(rows), len(providers)) // grid


def _unborn(office: Office, rows: Sequence[Request], calendar: Calendar) -> Iterator[Fault]:
    """Patients who are born after the days planned, though a request of theirs is ready in them."""
    last = calendar.date(calendar.num_days - 1)
    asking = {row.patient for row in rows if row.ready is None or row.ready <= last}
    for number, row in enumerate(office.patients, start=2):
        if row.birth_date is not None and row.birth_date > last and row.patient in asking:
            words = f"expected a day up to {last}, the last day planned, as a visit is asked for"
            yield Fault("patients.csv", number, "birth_date", HIDDEN, words)


def _notice(hours: Sequence[int | None], default: int) -> Ints | None:
    """Hours of notice by request; None where no visit needs any."""
    notice = np.array([default if some is None else some for some in hours], np.int64)
    return notice if notice.any() else None


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
