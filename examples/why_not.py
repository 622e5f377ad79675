"""Ask why a request was left out of a plan, and what it would take to place it."""

import datetime as dt

import schedopt

office = schedopt.read_office("examples/office")
problem = schedopt.assemble(office, dt.date(2026, 11, 30))
plan = schedopt.plan(problem, time_limit=20)

print(plan.left_out["cause"].value_counts().to_string(), end="\n\n")  # an overview: how many for which cause

left_out = plan.left_out.sort_values("sessions_left", ascending=False)
for request in left_out["request"].head(2):
    told = schedopt.explain(plan, request)
    print(request, *told.sentences, sep="\n  ")
    print(told.rules[["rule", "source", "sessions"]].to_string(index=False))
    if not told.alternatives.empty:
        print("Other places, cheapest first, and what each would change or break:")
        print(told.alternatives.head(3).to_string(index=False))
    print()
