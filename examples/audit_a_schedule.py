"""Check a schedule that somebody typed: which rules does it break, and what does it cost? Nothing is planned."""

import datetime as dt

import pandas as pd

import schedopt

office = schedopt.read_office("examples/office")
problem = schedopt.assemble(office, dt.date(2026, 11, 30))

typed = pd.DataFrame(
    [
        ("R2", "DR1", "2026-11-30", "11:00"),  # as it was promised
        ("R6", "DR3", "2026-11-30", "08:00"),  # before the patient is ready
        ("R7", "DR1", "2026-11-30", "11:10"),  # while the physician is still with R2
        ("R1", "DR1", "2026-11-30", "06:00"),  # before the session begins
    ],
    columns=["request", "provider", "date", "start"],
)
schedule, misread = schedopt.read_schedule(problem, typed)
audit = schedopt.check(problem, schedule)

for row in misread.itertuples():
    print(f"{row.request}: {row.detail}")
mine = audit.breaches[audit.breaches["request"].isin(typed["request"])]
for row in mine.itertuples():
    print(f"{row.request} breaks {row.rule} (stated by {row.source}): {row.detail}")
print(f"{len(audit.breaches) - len(mine)} further breaches, of promises that the schedule leaves out")
print(f"{len(schedule.placed)} visits, {audit.cost:,} points, most of them for requests left out:")
print(audit.costs[audit.costs["points"] > 0].to_string(index=False))
