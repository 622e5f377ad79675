"""How well service times are described, on a table of real consultations.

    python -m benchmarks.service_times ../shared/data/hangu_clinic_service_times/Data.csv.gz

The file is Data.csv of Feng et al. 2023 (doi 10.3390/data8030047): one physician's clinic. Sessions have no dates; they
are put on days in their order.
"""

from __future__ import annotations

import argparse

import pandas as pd

from schedopt.models.history import History
from schedopt.office.history import read_history
from schedopt.uncertainty.history import fit_service

LONGEST_SECONDS = 2 * 3600


def read_consultations(file: str) -> tuple[History, int]:
    """The consultations as a history, and how many were left out: no length, or over two hours."""
    raw = pd.read_csv(file, usecols=["ID", "Session", "Visit.No", "StartTime", "ServTime"])
    good = raw["ServTime"].between(1, LONGEST_SECONDS) & raw["Visit.No"].ge(1) & raw["StartTime"].notna()
    rows = raw[good].reset_index(drop=True)
    began = pd.to_timedelta(rows["StartTime"])
    ended = began + pd.to_timedelta(rows["ServTime"], unit="s")
    frame = pd.DataFrame(
        {
            "visit": [f"V{number}" for number in range(len(rows))],
            "patient": rows["ID"],
            "provider": "physician",
            "visit_type": "consultation",
            "new": rows["Visit.No"] == 1,
            "date": (pd.Timestamp("2018-01-01") + pd.to_timedelta(rows["Session"] - 1, unit="D")).dt.date,
            "began": _clock(began),
            "ended": _clock(ended),
            "outcome": "kept",
        }
    )
    return read_history(frame), int((~good).sum())


def _clock(since_midnight: pd.Series) -> pd.Series:
    """``HH:MM:SS`` of times of the day."""
    return (pd.Timestamp("2018-01-01") + since_midnight).dt.strftime("%H:%M:%S")


def main() -> None:
    """Fit each family and the likelier one, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="the CSV file, zipped or not")
    history, left_out = read_consultations(parser.parse_args().file)
    print(f"{len(history):,} consultations of {history.visits['date'].nunique()} sessions, {left_out:,} left out")
    for family in ("lognormal", "gamma", "likelihood"):
        fitted = fit_service(history, family)
        print(f"\n{family}: Kolmogorov-Smirnov distance of all {fitted.ks:.4f}")
        print(fitted.table.to_string(index=False, float_format=lambda x: f"{x:.3f}"))


if __name__ == "__main__":
    main()
