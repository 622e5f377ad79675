"""How well no-shows can be foretold, on a table of real appointments.

    python -m benchmarks.noshow ../shared/data/kaggle_noshow_2016/KaggleV2-May-2016.csv.gz

The file is the Kaggle table "Medical Appointment No Shows" (Vitoria, Brazil, 2016). Predictions are for days later than
all that the model has seen.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from schedopt.models.history import History
from schedopt.office.history import read_history
from schedopt.uncertainty.history import fit_attendance

COLUMNS = ("PatientId", "AppointmentID", "ScheduledDay", "AppointmentDay", "Age", "No-show")
_OLDEST = 110


def read_appointments(file: str) -> tuple[History, dict[str, int]]:
    """The table as a history, and how many rows were read and left out for which reason.

    Neighbourhood, welfare and illnesses are not taken along: they are groups, or say which patient it is. Ids are read
    as text, as five are in scientific notation.
    """
    raw = pd.read_csv(file, usecols=list(COLUMNS), dtype=str, keep_default_na=False)
    booked = pd.to_datetime(raw["ScheduledDay"], utc=True).dt.date
    date = pd.to_datetime(raw["AppointmentDay"], utc=True).dt.date
    age = pd.to_numeric(raw["Age"]).to_numpy(np.int64)
    backwards, odd_age = (booked > date).to_numpy(bool), (age < 0) | (age > _OLDEST)
    twice = raw["AppointmentID"].duplicated().to_numpy(bool)
    good = ~(backwards | odd_age | twice)
    frame = pd.DataFrame(
        {
            "visit": raw["AppointmentID"],
            "patient": raw["PatientId"],
            "provider": "clinic",
            "visit_type": "visit",
            "booked": booked,
            "date": date,
            "outcome": raw["No-show"].map({"No": "kept", "Yes": "no-show"}),
            "age": age,
        }
    )[good]
    counts = {
        "rows": len(raw), "booked after the day of the visit": int(backwards.sum()),
        f"age below 0 or above {_OLDEST}": int(odd_age.sum()), "ids that stand there twice": int(twice.sum()),
        "ids in scientific notation, kept": int(raw["PatientId"].str.contains("E").sum()), "used": int(good.sum()),
    }  # fmt: skip
    return read_history(frame), counts


def main() -> None:
    """Fit, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="the CSV file, zipped or not")
    parser.add_argument("--days-ahead", type=int, default=7, help="days before the visit at which it is predicted")
    parser.add_argument("--blocks", type=int, default=6, help="blocks of days; each is predicted by those before it")
    args = parser.parse_args()
    history, counts = read_appointments(args.file)
    for what, number in counts.items():
        print(f"{number:>9,}  {what}")
    begin = time.perf_counter()
    judged = fit_attendance(history, days_ahead=args.days_ahead, blocks=args.blocks).assessment
    seconds = time.perf_counter() - begin
    print(f"\nPredicted {args.days_ahead} days ahead, or at booking where that is later; {seconds:.1f} s")
    print(f"{judged.visits:,} later visits, {judged.share:.1%} no-shows")
    print(f"AUC                {judged.auc:.4f}")
    print(f"Brier score        {judged.brier:.4f}  (predicting the share for all: {judged.brier_of_share:.4f})")
    print(f"calibration error  {judged.calibration_error:.4f}\n")
    print(judged.calibration.to_string(index=False, float_format=lambda x: f"{x:.3f}"))


if __name__ == "__main__":
    main()
