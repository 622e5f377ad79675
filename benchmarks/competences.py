"""No expired competence stands behind a planned visit: random small offices are planned, and every visit looked at.

python -m benchmarks.competences --offices 1000
"""

from __future__ import annotations

import argparse
import datetime as dt
import time

import numpy as np

import schedopt
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence

FIRST = dt.date(2026, 11, 30)
PROVIDERS, THINGS, TYPES = ("DR1", "DR2", "DR3"), ("life", "scan"), ("talk", "check")
SECONDS = 0.05
"""For which each office is searched."""


def random_office(chance: np.random.Generator) -> Office:
    """Three providers, three days, eight requests; competences and credentials end around the days planned."""
    days = [FIRST + dt.timedelta(days=number) for number in range(3)]

    def around() -> dt.date | None:
        return None if chance.random() < 0.3 else FIRST + dt.timedelta(days=int(chance.integers(-3, 5)))

    held = [
        StaffCompetence(
            staff=name if chance.random() < 0.5 else f"S-{name}", competence=what, level=int(chance.integers(1, 3)),
            valid_until=around(),
        )
        for name in PROVIDERS
        for what in THINGS
        if chance.random() < 0.85
    ]  # fmt: skip
    whose = [{"role": "doctor"}, {"duty": "aid"}, *({"visit_type": kind} for kind in TYPES),
             {"visit_type": "check", "visit_role": "second"}]  # fmt: skip
    asks = [
        Requirement(competence=str(chance.choice(THINGS)), level=int(chance.integers(1, 3)), **one)
        for one in whose
        if chance.random() < 0.4
    ]
    credentials = [
        tables.Credential(provider=name, credential="scan", valid_until=around())
        for name in PROVIDERS
        if chance.random() < 0.7
    ]
    more = {
        "competences": tuple(Competence(competence=what, levels=2) for what in THINGS),
        "staff": tuple(
            Staff(
                staff=f"S-{name}", role=str(chance.choice(["doctor", "nurse"])), provider=name,
                duties=("aid",) if chance.random() < 0.4 else (),
            )
            for name in PROVIDERS
        ),
        "staff_competences": tuple(held), "requirements": tuple(asks),
    }  # fmt: skip
    return Office(
        settings=Settings(time_zone="UTC", grid_minutes=15, days=3), sites=(tables.Site(site="MAIN"),),
        providers=tuple(tables.Provider(provider=name) for name in PROVIDERS),
        visit_types=(tables.VisitType(visit_type="talk", minutes=30, credential="scan"),
                     tables.VisitType(visit_type="check", minutes=15)),
        roles=(tables.Role(visit_type="check", role="second", providers="DR2; DR3"),),
        patients=tuple(tables.Patient(patient=f"N{k}") for k in range(8)),
        requests=tuple(
            tables.Request(request=f"R{k}", patient=f"N{k}", visit_type=str(chance.choice(TYPES))) for k in range(8)
        ),
        shifts=tuple(
            tables.Shift(provider=name, site="MAIN", date=day, start="08:00", end="10:00")
            for name in PROVIDERS
            for day in days
        ),
        credentials=tuple(credentials), **more,
    )  # fmt: skip


def lacking(office: Office, visit: schedopt.Visit) -> int:
    """How many competences and credentials lack behind a visit, by reading the tables one by one."""
    kind = next(row for row in office.visit_types if row.visit_type == visit.visit_type)
    staff = {row.provider: row for row in office.rows(Staff) or ()}
    credentials = {(row.provider, row.credential): row.valid_until for row in office.credentials or ()}
    count = 0
    for part, provider in zip((None, "second"), (visit.provider, *visit.others), strict=False):
        until = credentials.get((provider, "scan"), dt.date.min)
        good = until is None or until >= visit.date
        if part is None and kind.credential:
            count += not good
        me = staff[provider]
        for row in office.rows(Requirement) or ():
            mine = row.role == me.role or row.duty in me.duties
            if mine or (row.visit_type, row.visit_role) == (visit.visit_type, part):
                held = any(
                    one.staff in (provider, me.staff) and one.competence == row.competence and one.level >= row.level
                    and (one.valid_until is None or one.valid_until >= visit.date)
                    for one in office.rows(StaffCompetence) or ()
                )  # fmt: skip
                count += not (held or (row.competence == "scan" and row.level == 1 and good))
    return count


def main() -> None:
    """Plan offices, and say how many visits there were and what lacked behind them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began, visits, bad, left_out = time.perf_counter(), 0, 0, 0
    for number in range(asked.offices):
        office = random_office(np.random.default_rng([asked.seed, number]))
        plan = schedopt.plan(schedopt.assemble(office, FIRST), time_limit=SECONDS)
        visits += len(plan.visits)
        bad += sum(lacking(office, visit) > 0 for visit in plan.visits)
        left_out += len(office.requests) - len(plan.visits)
    seconds = time.perf_counter() - began
    print(f"offices {asked.offices:,}, visits {visits:,}, requests left out {left_out:,}, {seconds:.0f} s")
    print(f"visits behind which a competence or credential lacks: {bad:,}")


if __name__ == "__main__":
    main()
