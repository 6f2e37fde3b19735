"""How rows of sums take the place of others: by one maker at a time, group by group, and those of everybody last."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from branches.models.tally import EVERYBODY, GroupSums, Sums
from branches.tally_sums import Place, add_group


def held(model: type[GroupSums], groups: set[int]) -> set[int]:
    """Those of the groups that nobody else holds; until the end of the transaction nobody else can."""
    marks = model.objects.marks().filter(group__in=groups)
    new = groups - set(marks.values_list("group", flat=True))
    model.objects.bulk_create([model(group=group, sums={}) for group in sorted(new)], ignore_conflicts=True)
    own = marks.order_by("group").select_for_update(no_key=True, skip_locked=True)
    return set(own.values_list("group", flat=True))


def add_up(
    model: type[GroupSums],
    due: set[tuple[int, Place]],
    parts: QuerySet,
    whose: Callable[[Sums], int],
    add: Callable[[dict, Sums], None],
) -> set[Place]:
    """Makes the sums of groups that are due from these parts, each part of the group ``whose`` says. Gives what changed."""
    made: dict[tuple, dict] = {(group, year, measure): {} for group, (year, measure) in due}
    measures = {measure for _group, _year, measure in made}
    of_measures = Q(measure__in=measures - {None}) | (Q(measure=None) if None in measures else Q(pk__in=[]))
    of_years = Q(year__in={year for _group, year, _measure in made})
    for part in parts.filter(of_measures, of_years).iterator():
        if (sums := made.get((whose(part), part.year, part.measure_id))) is not None:
            add(sums, part)
    there = model.objects.filter(of_measures, of_years, group__in={group for group, _place in due})
    kept = {place: row for row in there if (place := (row.group, row.year, row.measure_id)) in made}
    rows = {
        (group, year, measure): model.of(sums, group=group, year=year, measure_id=measure)
        for (group, year, measure), sums in made.items()
        if sums or (year, measure) == (0, None)
    }
    return {(year, measure) for _group, year, measure in replace(model, kept, rows)}


def add_up_everybody(model: type[GroupSums], places: set[Place]) -> None:
    """From the groups, of which those of these places have changed."""
    if places:
        _hold_everybody(model)
        add_up(
            model, {(EVERYBODY, place) for place in places}, model.objects.of_some(), lambda part: EVERYBODY, add_group
        )


def _hold_everybody(model: type[GroupSums]) -> None:
    """Waits for whoever makes the sums of everybody: the next statement sees what they wrote of their groups.

    Who comes this far holds groups and waits for nobody else, so that nobody waits in a circle.
    """
    mark = model.objects.of_everybody().marks()
    is_held = False
    while not is_held:  # the row that was waited for may have been replaced
        model.objects.bulk_create([model(group=EVERYBODY, sums={})], ignore_conflicts=True)
        is_held = bool(mark.select_for_update(no_key=True).values_list("pk"))


def replace(model: type[Sums], kept: dict[tuple, Sums], made: dict[tuple, Sums]) -> set[tuple]:
    """Puts rows in the place of those that are kept, where they differ; gives the places."""
    differing = {place for place in kept.keys() | made.keys() if not _is_same(kept.get(place), made.get(place))}
    model._default_manager.filter(pk__in=[row.pk for place, row in kept.items() if place in differing]).delete()
    model._default_manager.bulk_create([row for place, row in made.items() if place in differing])
    return differing


def _is_same(row: Sums | None, other: Sums | None) -> bool:
    """Whether both say the same; an hour is said by tallies alone."""
    return (
        bool(row and other)
        and row.groupings == other.groupings
        and getattr(row, "due", None) == getattr(other, "due", None)
    )
