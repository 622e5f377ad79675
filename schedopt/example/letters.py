"""How patients of the invented office wish to be written to, what visits are called, and whom to call in again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

_WORDS = (
    ("check-up", "en", "Check-up", ""), ("check-up", "es", "Chequeo", ""), ("check-up", "ht", "Konsiltasyon", ""),
    ("check-up", "pt", "Consulta de rotina", ""), ("check-up", "vi", "Khám tổng quát", ""),
    ("ultrasound", "en", "Ultrasound", "Please do not eat for 6 hours before."),
    ("ultrasound", "es", "Ecografía", "Por favor, no coma nada durante las 6 horas anteriores."),
    ("ultrasound", "ht", "Ekografi", "Tanpri pa manje pandan 6 èdtan anvan."),
    ("ultrasound", "pt", "Ultrassom", "Por favor, não coma nada durante as 6 horas anteriores."),
    ("ultrasound", "vi", "Siêu âm", "Xin đừng ăn trong 6 giờ trước đó."),
)  # fmt: skip
_CHANNELS = ("mail", "letter", "phone", "")
_ONE_IN, _RECALLED = 12, 8


def letter_frames(frames: Mapping[str, pd.DataFrame], seed: int, week: dt.date) -> dict[str, pd.DataFrame]:
    """The tables of letters; random numbers are of their own, so that no other table changes.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The office's other tables: patients and visit types are looked at.
    seed : int
        Of the office.
    week : datetime.date
        First day planned.
    """
    chance, patients = np.random.default_rng([seed, 31]), frames["patients"]["patient"].tolist()
    kinds = set(frames["visit_types"]["visit_type"])
    some = sorted(chance.permutation(len(patients))[: len(patients) // _ONE_IN + 1].tolist())
    wishes = [
        (patients[place], str(chance.choice(_CHANNELS)), str(chance.choice(("", "24", "72"))))
        for place in some
    ]  # fmt: skip
    recalls = [
        (f"C{number + 1}", patients[place], "check-up", (week + dt.timedelta(days=int(days))).isoformat())
        for number, (place, days) in enumerate(zip(some[:_RECALLED], chance.integers(20, 90, len(some)), strict=False))
    ]  # fmt: skip
    words = [row for row in _WORDS if row[0] in kinds]
    return {
        "wishes": pd.DataFrame(wishes, columns=["patient", "channel", "lead_hours"], dtype="str"),
        "visit_words": pd.DataFrame(words, columns=["visit_type", "language", "called", "prepare"], dtype="str"),
        "recalls": pd.DataFrame(recalls, columns=["recall", "patient", "visit_type", "due"], dtype="str"),
    }
