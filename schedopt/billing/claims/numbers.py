"""Numbers by which payers know providers, claims and lines."""

from __future__ import annotations

_PREFIX = "80840"
"""What stands before an identifier when its check digit is worked out: health, United States."""

MOST_LINES = 50
"""Lines of a professional claim."""


def is_npi(number: str) -> bool:
    """Whether a number is a national provider identifier: ten digits, of which the last one checks the others."""
    if not (len(number) == 10 and number.isascii() and number.isdigit() and number[0] in "12"):
        return False
    return _luhn(_PREFIX + number) == 0


def npi_of(nine: str) -> str:
    """The identifier that begins with nine digits."""
    return f"{nine}{-_luhn(f'{_PREFIX}{nine}0') % 10}"


def _luhn(digits: str) -> int:
    """The sum of the digits, every second one from the right doubled, modulo 10."""
    doubled = (divmod(2 * int(digit), 10) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(tens + ones for tens, ones in doubled)) % 10


def line_control(claim: str, line: int) -> str:
    """The number that a line of a claim goes by, and that a payer gives back."""
    return f"{claim}{line:02d}"


def claim_and_line(control: str) -> tuple[str, int] | None:
    """The claim and the line that a control number names; None where it is none of ours."""
    claim, line = control[:-2], control[-2:]
    if not claim or not (line.isascii() and line.isdigit()) or int(line) == 0:
        return None
    return claim, int(line)
