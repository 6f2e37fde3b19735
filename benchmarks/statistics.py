"""What statistics and the office's list cost: ``python -m benchmarks.statistics`` (see benchmarks/README.md).

On a throw-away PostgreSQL with sample records each page is asked for through Django: by the first visitor after an office has
published (whose request has made the hospital's sums anew, after its answer), by the first after a program has written
(who waits for the sums), and by the next one; in the same run, first visits with all sums made from the records. Of each
the time and the processor time of this process and of its database connection, p50 and p95.
"""

import argparse
import importlib
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock

from benchmarks.export import MEMORY
from benchmarks.visits import Visit, Visitor, line, said
from tests import postgres


def prepare(options: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import records
    from branches.models import Activity

    call_command("migrate", verbosity=0)
    records.make(options.database, options.activities, options.hospitals, options.seed)
    started = time.perf_counter()
    call_command("rebuild_tallies")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE branches_tally, branches_grouptally, branches_hospitalchange")
        cursor.execute("SELECT count(*), pg_total_relation_size('branches_tally') / 1000000 FROM branches_tally")
        rows, size = cursor.fetchone()
    taken = time.perf_counter() - started
    print(f"\n{Activity.objects.count():,} activities; tallies: {rows:,} rows, {size} MB, {taken:.0f} s\n", flush=True)


@contextmanager
def from_the_records() -> Iterator[None]:
    """As it was before: no sum is kept."""
    from branches import sums

    with mock.patch.multiple(sums, KEPT={}, KEPT_WHOLE={}):
        yield


def statistics(rng: random.Random, visits: int, direct: int) -> list[Visit]:
    """Gives the visits to pages of statistics, as those below do."""
    from branches.cuts import ways_of
    from branches.models import Measure
    from branches.statistics import Scope

    visitor, measures = (
        Visitor(rng),
        list(Measure.objects.filter(slug__in=["visits", "sessions", "audience", "screened"])),
    )
    print("| page | visit | number | ms p50 / p95 | processor ms p50 / p95 |\n|---|---|---|---|---|", flush=True)
    visitor.visit("/statistics/")
    pages: list[Visit] = []
    for name, own in (("all hospitals", False), ("one hospital", True)):

        def page(own=own, by=False):
            where = rng.choice(visitor.hospitals)
            year, measure = rng.choice([None, *range(2019, 2027)]), rng.choice([None, None, *measures])
            scope = Scope(where if own else None, year, measure)
            return where, scope.page(**({"by": rng.choice(list(ways_of(scope)))} if by else {}))

        made, first, apart, waiting, again, before = [], [], [], [], [], []
        for _number in range(visits):
            where, path = page()
            made.append(visitor.save(where))
            first.append(visitor.visit(path))
            again.append(visitor.visit(path))
            visitor.write(where)
            waiting.append(visitor.visit(path))
            where, path = page(by=True)
            visitor.save(where)
            apart.append(visitor.visit(path))
        for _number in range(direct):
            where, path = page()
            visitor.write(where)
            with from_the_records():
                before.append(visitor.visit(path))
        for visit, taken in (
            ("first after a publication", first), ("the same, taken apart (by=…)", apart), ("next", again),
            ("first after a program's write", waiting), ("the same, sums from the records", before),
            ("(the sums, made by who published)", made),
        ):  # fmt: skip
            if taken:
                print(f"| {name} | {visit} | {len(taken)} | {said(taken)} |", flush=True)
        pages += [*first, *apart, *again, *waiting]
    return pages


def other_pages(rng: random.Random, visits: int) -> None:
    visitor = Visitor(rng)
    pages = {"home": "/", "hospital list": "/hospitals/", "activity list": "/activities/"}

    def visit(path: str) -> Visit:
        visitor.save(rng.choice(visitor.hospitals))
        return visitor.visit(path)

    for name, path in pages.items():
        line(f"{name} | first after a publication", visits, partial(visit, path))


def office_list(rng: random.Random, visits: int) -> list[Visit]:
    from branches.models import ActivityKind
    from hospitals.models import Membership, User

    office, _made = User.objects.get_or_create(username="benchmark-office", is_staff=True, is_superuser=True)
    manager, _made = User.objects.get_or_create(username="benchmark-manager", is_staff=True)
    everything = Visitor(rng, office)
    where = everything.hospitals[7]
    Membership.objects.get_or_create(user=manager, hospital=where, role="manager")
    own, kinds = Visitor(rng, manager), list(ActivityKind.objects.values_list("pk", flat=True)[:10])

    def chosen(by: str) -> str:
        return f"statistics/?by={by}&year={rng.choice(['', *range(2019, 2027)])}"

    cases: list[tuple[str, Visitor, Callable[[], str]]] = [
        ("first page", everything, lambda: ""),
        ("first page, one hospital's manager", own, lambda: ""),
        ("of a status", everything, lambda: f"?status__exact={rng.choice(['draft', 'published', 'withdrawn'])}"),
        ("of a kind", everything, lambda: f"?kind__id__exact={rng.choice(kinds)}"),
        ("of a hospital", everything, lambda: f"?hospital__id__exact={rng.choice(everything.hospitals).pk}"),
        ("of a year", everything, lambda: f"?ordered_on__year={rng.randrange(2019, 2027)}"),
        ("page 200", everything, lambda: "?p=200"),
        ("page 10,000", everything, lambda: "?p=10000"),
        ("search of two characters", everything, lambda: f"?q={rng.choice(['义诊', '讲座', '筛查', '党课', '慰问'])}"),
    ]  # fmt: skip
    print("\n| list of activities in the admin | number | ms p50 / p95 | processor ms p50 / p95 |\n|---|---|---|---|")
    everything.visit("/admin/branches/activity/")

    def visit(visitor: Visitor, query: Callable[[], str]) -> Visit:
        visitor.save(where)
        return visitor.visit(f"/admin/branches/activity/{query()}")

    for name, visitor, query in cases:
        line(name, visits, partial(visit, visitor, query))
    of_manager = partial(visit, own, lambda: f"statistics/?year={rng.randrange(2019, 2027)}&by=month")
    pages, made = line("统计 of one hospital's manager", visits, of_manager), []

    def table(by: str, more: str) -> Visit:
        made.append(everything.save(rng.choice(everything.hospitals), draft=bool(more)))
        return everything.visit(f"/admin/branches/activity/{chosen(by)}{more}")

    for words, more in (("", ""), (", drafts too", "&unpublished=1")):
        for by in ("kind", "group", "month", "quarter", "year", "region", "hospital", "brand"):
            pages += line(f"统计 of all hospitals by {by}{words}", visits, partial(table, by, more))
    print(f"| (the sums, made by who saved) | {len(made)} | {said(made)} |", flush=True)

    def after_a_program() -> Visit:
        hospital = rng.choice(everything.hospitals)
        everything.write(hospital, draft=True)
        taken = everything.visit(f"/admin/branches/activity/{chosen('kind')}&unpublished=1")
        everything.save(hospital, draft=True)
        return taken

    return pages + line("by kind, drafts too, first after a program's write", visits, after_a_program)


def office_conditions(rng: random.Random, visits: int) -> list[Visit]:
    """Of all hospitals some kinds, some months or days, and what of that no sum is kept of."""
    from branches.models import ActivityKind
    from hospitals.models import User

    visitor = Visitor(rng, User.objects.get(username="benchmark-office"))
    groups = sorted(set(ActivityKind.objects.values_list("group", flat=True)))

    def year() -> str:
        return f"year={rng.randrange(2019, 2026)}"

    def kind() -> str:
        return f"kind={rng.choice(visitor.kinds)}"

    def group() -> str:
        return f"group={rng.choice(groups)}"

    days, drafts = "since=2023-02-10&until=2023-05-03", "&unpublished=1"
    cases: list[tuple[str, Callable[[], str]]] = [
        ("of a kind, a year, by month", lambda: f"{kind()}&{year()}&by=month"),
        ("of a kind, all years, by hospital", lambda: f"{kind()}&by=hospital"),
        ("of a kind, all years, by region", lambda: f"{kind()}&by=region"),
        ("of a group of kinds, all years, by kind", lambda: f"{group()}&by=kind"),
        ("of a group of kinds, all years, by month, drafts too", lambda: f"{group()}&by=month{drafts}"),
        ("of a group of kinds, a year, by hospital", lambda: f"{group()}&{year()}&by=hospital"),
        ("of a group of kinds, a year, by region", lambda: f"{group()}&{year()}&by=region"),
        ("of a month, by kind", lambda: f"{year()}&part=-05&by=kind"),
        ("of a quarter, by kind", lambda: f"{year()}&part=Q3&by=kind"),
        ("of a half-year, by kind", lambda: f"{year()}&part=H2&by=kind"),
        ("of a half-year, by hospital", lambda: f"{year()}&part=H2&by=hospital"),
        ("of a half-year, by region", lambda: f"{year()}&part=H2&by=region"),
        ("of a half-year, by region, drafts too", lambda: f"{year()}&part=H2&by=region{drafts}"),
        ("of the months of three years, by kind", lambda: "since=2022-03-01&until=2025-05-31&by=kind"),
        ("from one day to another, by kind", lambda: f"{days}&by=kind"),
        ("of a half-year, by hospital, drafts too", lambda: f"{year()}&part=H2&by=hospital{drafts}"),
        ("of a group of kinds, all years, by hospital, drafts too", lambda: f"{group()}&by=hospital{drafts}"),
        ("of a group of kinds, a half-year, by region", lambda: f"{group()}&{year()}&part=H2&by=region"),
        ("from one day to another, by hospital", lambda: f"{days}&by=hospital"),
        ("from one day to another of another year, by kind", lambda: "since=2023-02-10&until=2025-05-13&by=kind"),
        (
            "from one day to another of another year, by hospital",
            lambda: "since=2023-02-10&until=2025-05-13&by=hospital",
        ),
    ]

    def visit(query: Callable[[], str]) -> Visit:
        visitor.save(rng.choice(visitor.hospitals))
        return visitor.visit(f"/admin/branches/activity/statistics/?{query()}")

    own = [line(f"统计 of all hospitals, {name}", visits, partial(visit, query)) for name, query in cases]
    return [taken for pages in own for taken in pages]


def run(options: argparse.Namespace) -> None:
    importlib.import_module("config.wsgi")  # as a worker of the server begins
    from django.core.signals import request_finished
    from django.test import override_settings

    # What is made after an answer, which Django's test client would wait for, is measured by itself.
    request_finished.disconnect(dispatch_uid="branches.finish")
    prepare(options)
    rng = random.Random(options.seed)
    with override_settings(ALLOWED_HOSTS=["testserver"], DEBUG=False):
        pages = statistics(rng, options.visits, options.direct)
        other_pages(rng, options.visits)
        pages += office_list(rng, options.visits)
        pages += office_conditions(rng, options.visits)
    print(f"| all visits above to pages of statistics | {len(pages)} | {said(pages)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.statistics", description=__doc__)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--hospitals", type=int, default=990, help="as many as make_records knows names for")
    parser.add_argument("--visits", type=int, default=40, help="of each sort")
    parser.add_argument("--direct", type=int, default=5, help="of those whose sums are made from the records")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="use the PostgreSQL of DATABASE_URL")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    if options.keep:
        options.database = os.environ["DATABASE_URL"].rpartition("/")[2]
        run(options)
        return
    with postgres.running(configuration=MEMORY) as cluster:
        os.environ.update(cluster.environment)
        options.database = cluster.environment["DATABASE_URL"].rpartition("/")[2]
        run(options)


if __name__ == "__main__":
    main()
