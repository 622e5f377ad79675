"""Plan an office that is nowhere a file: two physicians, and treatments that share one laser."""

import datetime as dt

import pandas as pd

import schedopt

patients = [f"N{number}" for number in range(1, 13)]
tables = {
    "providers": pd.DataFrame({"provider": ["ADA", "BEN"]}),
    "visit_types": pd.DataFrame(
        {"visit_type": ["check-up", "treatment"], "minutes": [20, 40], "pools": ["", "laser"], "fee": [90, 250]}
    ),
    "patients": pd.DataFrame({"patient": patients, "own_provider": ["ADA", "BEN"] * 6}),
    "requests": pd.DataFrame(
        {"request": [f"R{p}" for p in patients], "patient": patients, "visit_type": ["check-up", "treatment"] * 6}
    ),
    "pools": pd.DataFrame({"pool": ["LASER-1"], "site": ["MAIN"], "kind": ["laser"], "capacity": [1]}),
    "shifts": pd.DataFrame(
        {"provider": ["ADA", "BEN"], "site": "MAIN", "weekday": "Monday", "start": "08:00", "end": ["12:00", "11:00"]}
    ),
}
settings = {"name": "Two physicians, one laser", "days": 5, "weights": {"continuity": 15}}

problem = schedopt.assemble(schedopt.office_from_frames(tables, settings), dt.date(2026, 11, 30))
plan = schedopt.plan(problem, time_limit=10)
print(schedopt.summary(plan))
print(plan.schedule[["provider", "start", "end", "visit_type", "patient"]].to_string(index=False))
print(plan.pools[["pool", "date", "used_minutes", "open_minutes"]].to_string(index=False))
