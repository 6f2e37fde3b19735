"""How far one number is from another where either may not be exact: what can be said, and no more."""

from decimal import Decimal

from publishing.numerals import number_text
from publishing.quantities import Precision, Quantity, Total

MINUS = "\N{MINUS SIGN}"


def signed(value: Decimal, unit: str = "") -> str:
    """−40, +3, 0."""
    sign = "" if not value else MINUS if value < 0 else "+"
    return f"{sign}{number_text(abs(value))}{unit}"


def marker(difference: Decimal, after: Quantity | Total, before: Quantity | Total) -> str:
    """On which side of ``after`` less ``before`` the true difference lies: 至少, 至多, 约, or '' where both are exact.

    A number that is a floor (60余) may be more: where only the later one is, the difference may be more, where only the
    earlier one is, it may be less. Of what fell, 至少−12 says that it fell by twelve or by more.
    """
    if after.is_exact and before.is_exact:
        return ""
    if before.is_exact and _is_floor(after):
        return "至多" if difference < 0 else "至少"
    if after.is_exact and _is_floor(before):
        return "至多" if difference > 0 else "至少"
    return "约"


def _is_floor(number: Quantity | Total) -> bool:
    if isinstance(number, Total):
        return not number.is_exact and not number.approximate
    return number.precision == Precision.AT_LEAST
