"""Who may do what: nobody anything, but for what grants say of role, table, column, operation and purpose."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from schedopt.errors import AccessDenied

OPERATIONS = ("read", "add", "change", "end")
"""Of rows: see, write new ones, write another version, end."""


@dataclass(frozen=True)
class Grant:
    """What some roles may do.

    Attributes
    ----------
    table : str
        On which table.
    columns : tuple of str
        With which of its columns.
    allowed : mapping of str to tuple of str
        Role to operations.
    purposes : tuple of str
        For which purposes.
    """

    table: str
    columns: tuple[str, ...]
    allowed: Mapping[str, tuple[str, ...]]
    purposes: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """All grants.

    Attributes
    ----------
    roles : tuple of str
        Every role.
    purposes : mapping of str to tuple of str
        Role to the purposes for which it works.
    grants : tuple of Grant
        What they may; everything else is denied.
    """

    roles: tuple[str, ...]
    purposes: Mapping[str, tuple[str, ...]]
    grants: tuple[Grant, ...]

    @cached_property
    def _allowed(self) -> frozenset[tuple[str, str, str, str, str]]:
        return frozenset(self._rows())

    def _rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        for grant in self.grants:
            for role, operations in grant.allowed.items():
                for purpose in set(grant.purposes) & set(self.purposes[role]):
                    for operation in operations:
                        for column in grant.columns:
                            yield role, purpose, operation, grant.table, column

    def allows(self, roles: Collection[str], purpose: str, operation: str, table: str, column: str) -> bool:
        """Whether any of the roles may do this for this purpose."""
        return any((role, purpose, operation, table, column) in self._allowed for role in roles)

    def expect(
        self, roles: Collection[str], purpose: str, operation: str, table: str, columns: Collection[str], actor: str
    ) -> None:
        """Refuse what no role allows.

        Raises
        ------
        AccessDenied
            Naming the first column that is denied.
        """
        for column in columns:
            if not self.allows(roles, purpose, operation, table, column):
                who = ", ".join(sorted(roles)) or "no role"
                raise AccessDenied(f"{actor} ({who}) may not {operation} {table}.{column} for {purpose}")

    def table(self, columns: Mapping[str, Collection[str]]) -> pd.DataFrame:
        """Who may do what, one row a table and column.

        Parameters
        ----------
        columns : mapping of str to collection of str
            Table to its columns; those without a grant are listed as denied to everybody.

        Returns
        -------
        pandas.DataFrame
            ``table``, ``column``, ``purposes``, and a column for each role with the operations it may do.
        """
        rows = []
        for table, names in columns.items():
            for name in names:
                said = [grant for grant in self.grants if grant.table == table and name in grant.columns]
                purposes = dict.fromkeys(purpose for grant in said for purpose in grant.purposes)
                row = {"table": table, "column": name, "purposes": ", ".join(purposes)}
                for role in self.roles:
                    mine = dict.fromkeys(word for grant in said for word in grant.allowed.get(role, ()))
                    row[role] = ", ".join(mine)
                rows.append(row)
        return pd.DataFrame(rows, columns=["table", "column", "purposes", *self.roles])
