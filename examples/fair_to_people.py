"""See what each group of patients gets, and what it takes that no group waits much longer than all."""

import datetime as dt

import pandas as pd

import schedopt

people = pd.DataFrame({"patient": [f"N{n}" for n in range(22)], "group": ["centre"] * 12 + ["valley"] * 10})
frames = {
    "patients": people,
    "requests": people.assign(request="R" + people["patient"], visit_type="visit", urgency=[3] * 12 + [1] * 10)[
        ["request", "patient", "visit_type", "urgency"]
    ],
    "providers": pd.DataFrame({"provider": ["DR1"]}),
    "visit_types": pd.DataFrame({"visit_type": ["visit"], "minutes": [30]}),
    "shifts": pd.DataFrame({"weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]}).assign(
        provider="DR1", site="MAIN", start="08:00", end="10:00"
    ),
}

for fairness in ({}, {"column": "group", "most_days": 1.0}, {"column": "group", "most_days": 0.2}):
    office = schedopt.office_from_frames(frames, {"fairness": fairness, "weights": {"fair_access": 20}})
    plan = schedopt.plan(schedopt.assemble(office, dt.date(2026, 11, 30)), time_limit=10)
    beyond = plan.costs.set_index("part")["quantity"].get("fair_access", "not counted")
    print(fairness or "without the rule")
    print(f"cost: {plan.cost:,} points; days beyond what is allowed: {beyond}")
    table = schedopt.equity(plan, people)
    print(table[["group", "requests", "left_out", "access_wait_all_days"]].round(2).to_string(index=False))
