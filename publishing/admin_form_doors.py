"""Addresses beside the form of a record (``7/unfinished/``) and the same beside that of a new one (``unfinished/``)."""

from collections.abc import Callable

from django.urls import URLPattern, path, reverse


class FormDoors:
    """Part of ``PublishableAdmin``: what its parts share that have such addresses. ``key``: of a record; 0 or None for a new one."""

    def door_paths(self, page: str, view: Callable) -> list[URLPattern]:
        view, name, address = self.admin_site.admin_view(view), self._name(page), f"{page.replace('_', '-')}/"
        return [path(address, view, name=f"{name}_new"), path(f"<int:object_id>/{address}", view, name=name)]

    def door_of(self, page: str, key: int | None) -> str:
        name = f"admin:{self._name(page)}"
        return reverse(name, args=[key]) if key else reverse(f"{name}_new")

    def row_behind(self, request, key: int | None):
        """One that the person may open. Not ``get_object``: this is never the saving of a record."""
        return self.rows(request).filter(pk=key).first() if key else None

    def may_fill_in(self, request, record) -> bool:
        """May change the record now; where there is none, make one."""
        return self.has_change_permission(request, record) if record else self.has_add_permission(request)
