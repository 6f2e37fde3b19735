"""At which level of 省、市、县 records are told apart: codes of six digits, two to a level, 00 where a level is not named."""

from collections.abc import Collection

LEVELS = (2, 4, 6)


def level_of(codes: Collection[str], known: Collection[str]) -> int:
    """How many digits: the first level on which the codes differ and to which all of them are coded.

    ``known``: the codes of which there is a region, since a list can be narrowed to these only.
    """
    reached = LEVELS[0]
    for length in LEVELS:
        rolled = {rolled_up(code, length) for code in codes}
        if any(code[length - 2 : length] == "00" for code in codes) or not rolled <= set(known):
            break
        reached = length
        if len(rolled) > 1:
            break
    return reached


def rolled_up(code: str, length: int) -> str:
    """370828 to four digits: 370800."""
    return code[:length].ljust(LEVELS[-1], "0")
