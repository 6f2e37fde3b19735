"""Parts of pages that are made once for each state of the content: ``{% kept %}``, and lists entry by entry.

A part is kept under the stamp of the page (``publishing.freshness``), so it ends with any change of the content. What
it is made from is put into the context unasked (``lazily``, or a queryset), so that a part that is kept costs no query.
A preview has ``NothingKept`` for a stamp: it neither shows a kept part nor leaves one behind.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any

from django.core.cache import caches
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.functional import SimpleLazyObject

_KEPT_FOR = 60 * 60


class NothingKept:
    """The stamp of a page that is not for everybody: everything on it is made for whoever asks, and forgotten."""

    token = None
    changed_at = None

    def kept(self, key: tuple, make: Callable[[], Any], shelf: str = "default") -> Any:
        return make()


def lazily(make: Callable, *arguments: Any) -> Any:
    """``make(*arguments)`` as soon as somebody looks at it, and only once."""
    return SimpleLazyObject(partial(make, *arguments))


class Unread(SimpleLazyObject):
    """A public row of which no more than its key is known until somebody looks at the rest."""

    is_preview = False
    # Templates look for an item of this name, and what class it is, before they ask for an attribute.
    __getitem__ = None
    __class__ = property(lambda self: self.__dict__["model"])

    def __init__(self, model: type[Model], pk: int, rows: Callable[[], QuerySet]):
        super().__init__(lambda: rows().get(pk=pk))
        self.__dict__.update(pk=pk, model=model)  # an attribute set in the usual way is one of the row


def find(stamp: Any, rows: Callable[[], QuerySet], details: Callable[[], QuerySet], **lookup: Any) -> Unread | None:
    """The row of these that a page is about: ``find(stamp, Article.objects.public, Article.objects.with_details, pk=1)``.

    Whether there is one is kept as well, the stamp knows when that ends. ``details`` says how the row is read if it is;
    a queryset that fetches much is not cheap to put together, so it is not put together before.
    """
    model = rows.__self__.model

    def ask() -> int | None:
        return rows().order_by().filter(**lookup).values_list("pk", flat=True).first()

    # What is not there is asked for each time: of wrong addresses there is no end.
    key = ("found", model._meta.label, rows.__name__, *sorted(lookup.items()))
    try:
        return Unread(model, stamp.kept(key, partial(_must, ask)), details)
    except _NotThere:
        return None


def find_or_404(stamp: Any, rows: Callable, details: Callable, **lookup: Any) -> Unread:
    found = find(stamp, rows, details, **lookup)
    if found is None:
        raise Http404
    return found


class _NotThere(Exception):
    pass


def _must(ask: Callable[[], Any]) -> Any:
    found = ask()
    if found is None:
        raise _NotThere
    return found


def kept_each(
    stamp: Any, name: str, keys: Iterable[Hashable], make: Callable[[list], dict], shelf: str = "default"
) -> list:
    """What ``make`` gives for each of these keys, in their order; it is asked for those that are not kept.

    A list's entries are kept one by one: the same entry stands in many lists, and the lists are more than can be kept.
    What ``make`` does not give is left out. ``shelf``: see ``Stamp.kept``.
    """
    keys = list(keys)
    if stamp.token is None:
        made = make(keys)
        return [made[key] for key in keys if key in made]
    cache, names = caches[shelf], {key: f"{stamp.token}:{name}:{key}".replace(" ", "") for key in keys}
    found = cache.get_many(names.values())
    missing = [key for key in keys if names[key] not in found]
    if missing:
        made = {names[key]: value for key, value in make(missing).items()}
        cache.set_many(made, _KEPT_FOR)
        found |= made
    return [found[names[key]] for key in keys if names[key] in found]
