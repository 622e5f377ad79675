"""Tables about money that an office brings as files, into a store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from schedopt.billing.fees.tables import overlaps
from schedopt.billing.money_tables import GIVEN
from schedopt.errors import Fault, InputError
from schedopt.models.discretion import discretion_of
from schedopt.models.table import Table
from schedopt.models.tables.fields import Row
from schedopt.office.keys import duplicates
from schedopt.office.read import read_table
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import Wanted, bring_to
from schedopt.registry.kinds import kinds
from schedopt.registry.tables import about, unknown_references
from schedopt.store.session import Call


class Given(Asked):
    """What is brought to a store of payers, contracts and the like."""

    def import_money(self, folder: str | Path) -> pd.DataFrame:
        """Bring the tables about money whose files stand in a folder to what these say; others stay as they are.

        Parameters
        ----------
        folder : str or Path
            With CSV files named after tables of :data:`schedopt.billing.money_tables.GIVEN`.

        Returns
        -------
        pandas.DataFrame
            ``table`` and ``changed`` (rows written, changed or ended).

        Raises
        ------
        InputError
            With every fault of every file.
        AccessDenied
            If the actor may not.
        """
        tables = read_given(Path(folder))

        def body(call: Call) -> dict[str, int]:
            changed, faults = dict[str, int](), list[Fault]()
            for name, table in tables.items():
                kind, wanted = kinds()[name], list[Wanted]()
                for row in table.rows:
                    open_, sealed = kind.cells(row)
                    patient, request, owner = about(call, open_)
                    wanted.append(Wanted(kind.key(open_), open_, sealed, patient, request, owner if sealed else None))
                changed[name] = bring_to(call, kind, wanted)
            for name, table in tables.items():
                faults.extend(unknown_references(call, kinds()[name], table))
            if faults:
                raise InputError(faults)
            return changed

        changed = self._do("import money", body, source=Path(folder).name)
        return pd.DataFrame({"table": list(changed), "changed": list(changed.values())})


def read_given(folder: Path) -> Mapping[str, Table]:
    """Tables about money whose files stand in a folder.

    Raises
    ------
    InputError
        With every fault of every file, or if there is none of them.
    """
    by_file: dict[str, type[Row]] = {f"{row_class.table_name}.csv": row_class for row_class in GIVEN}
    tables, faults = dict[str, Table](), list[Fault]()
    for file, row_class in by_file.items():
        if not (folder / file).is_file():
            continue
        table, found = read_table(row_class, folder / file)
        faults.extend(found)
        if table is not None:
            faults.extend(duplicates(table, discretion_of({table.name: table})))
            faults.extend(overlaps(table))
            tables[table.name] = table
    if not tables and not faults:
        faults.append(Fault(str(folder), None, None, None, f"expected a folder with one of {', '.join(by_file)}"))
    if faults:
        raise InputError(faults)
    return tables
