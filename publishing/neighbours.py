"""The records next to another in a list: the links to the one above and the one below at the foot of its page."""

from typing import NamedTuple, Self

from django.db.models import Model, QuerySet


class Neighbour(NamedTuple):
    title: str
    url: str


class Neighbours(NamedTuple):
    """Plain data, so that it may be kept."""

    above: Neighbour | None
    below: Neighbour | None

    @classmethod
    def of(cls, above: QuerySet, below: QuerySet) -> Self:
        """From the rows on either side, each in the order in which one walks away from the record."""
        return cls(_link(above.first()), _link(below.first()))


def _link(record: Model | None) -> Neighbour | None:
    return Neighbour(str(record), record.get_absolute_url()) if record else None
