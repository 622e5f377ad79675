"""Plan a week of the bundled office, print its figures, and write it into a folder."""

import datetime as dt

import schedopt

office = schedopt.read_office("examples/office")
problem = schedopt.assemble(office, dt.date(2026, 11, 30))
plan = schedopt.plan(problem, time_limit=20, workers=2, seed=1)

print(schedopt.summary(plan))
print(plan.schedule[["request", "provider", "site", "date", "arrive", "start", "end"]].head())
print(plan.left_out[["request", "priority", "cause"]].head())
print(f"{len(schedopt.check(problem, plan.assignment).breaches)} rules broken")

schedopt.write_plan(plan, "out/week")
