"""Paginators of lists that may grow for ever: what lies beyond ``MOST_COUNTED`` rows is not counted, so that a page costs the
same however long the list is.
"""

from functools import cached_property

from django.core.paginator import EmptyPage, Page, Paginator

MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """``count`` is at most MOST_COUNTED, and there are no pages beyond: such rows are found by narrowing the list down."""

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        return self._counted > MOST_COUNTED


class OpenPaginator(CappedPaginator):
    """Where more was not counted, the pages go on: the last that is known is the one after the last that was looked at."""

    _beyond = 0  # the furthest page that is known to have rows

    @property
    def num_pages(self) -> int:
        return max(super().num_pages + self.is_cut, self._beyond)

    def validate_number(self, number) -> int:
        try:
            return super().validate_number(number)
        except EmptyPage:
            number = int(number)
            if not (self.is_cut and number > 0 and self._has_rows(number)):
                raise
            self._beyond = number + self._has_rows(number + 1)
            return number

    def page(self, number) -> Page:
        number = self.validate_number(number)
        if not self.is_cut:
            return super().page(number)
        start = (number - 1) * self.per_page
        return self._get_page(self.object_list[start : start + self.per_page], number, self)

    def _has_rows(self, number: int) -> bool:
        start = (number - 1) * self.per_page
        return bool(self.object_list.values_list("pk")[start : start + 1])
