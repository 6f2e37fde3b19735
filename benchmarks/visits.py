"""A visitor who asks for pages of the site through Django, and what the visits took: for ``benchmarks.statistics``."""

import math
import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks.export import processor_seconds

Visit = tuple[float, float]  # seconds by the clock, of the processors


class Visitor:
    """Asks for pages, and writes before them."""

    def __init__(self, rng: random.Random, user=None):
        from django.test import Client

        from branches.models import ActivityKind
        from hospitals.models import Hospital

        self.rng, self.client = rng, Client()
        self.kinds = list(ActivityKind.objects.values_list("pk", flat=True))
        self.hospitals = list(Hospital.objects.order_by("pk"))
        if user:
            self.client.force_login(user)

    def write(self, hospital, *, draft=False) -> None:
        """As an editor does: an activity of this hospital gets another place and kind, and its figures other values.

        Always others than it had: what stays as it was costs less.
        """
        from django.db.models import F

        from branches.models import Activity, Figure

        rows = Activity.objects.drafts() if draft else Activity.objects.published()
        some = rows.filter(hospital=hospital).order_by("-pk").values_list("pk", "kind")[:20]
        activity, kind = self.rng.choice(list(some))
        other = self.rng.choice([key for key in self.kinds if key != kind])
        Activity.objects.filter(pk=activity).update(place=f"{self.rng.random()}", kind=other)
        Figure.objects.filter(activity=activity, value__isnull=False).update(value=F("value") + 1)

    def save(self, hospital, *, draft=False) -> Visit:
        """What the request costs after its answer."""
        from branches import tallies

        self.write(hospital, draft=draft)
        return self._timed(lambda: (tallies.make_outdated(), tallies.make_outdated_groups()))[0]

    def visit(self, path: str) -> Visit:
        taken, response = self._timed(lambda: self.client.get(path))
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
        return taken

    def _timed(self, do: Callable) -> tuple[Visit, Any]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        own, database, started = time.process_time(), processor_seconds(backend), time.perf_counter()
        result = do()
        taken = time.perf_counter() - started
        return (taken, time.process_time() - own + processor_seconds(backend) - database), result


def said(visits: list[Visit]) -> str:
    cells = []
    for values in zip(*visits, strict=True):
        ordered = sorted(values)
        within = ordered[math.ceil(0.95 * len(ordered)) - 1]  # what 95 of 100 took at most, by the nearest rank
        cells.append(f"{1000 * ordered[len(ordered) // 2]:,.0f} / {1000 * within:,.0f}")
    return " | ".join(cells)


def line(name: str, visits: int, visit: Callable[[], Visit]) -> list[Visit]:
    taken = [visit() for _number in range(visits)]
    print(f"| {name} | {visits} | {said(taken)} |", flush=True)
    return taken
