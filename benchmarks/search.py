"""How long a search takes: ``python -m benchmarks.search``. See benchmarks/README.md for the records it wants.

Parts of 2, 3 and 4 Han characters are drawn at random from the texts of public records: ``frequent`` ones as they come
(what many texts have is drawn most), ``rare`` ones from those that a sample of the texts has only once. Each is
searched for once to warm the database, and then timed: gathering and counting (``found``), and the whole page through
Django without anything kept from before (``page``). ``again`` is the page for the next visitor who asks the same.
"""

import argparse
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.core.cache import caches  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from articles.search import Search  # noqa: E402
from publishing.freshness import Stamp  # noqa: E402
from publishing.search import searchable_models  # noqa: E402

SAMPLE = 2000  # records of each kind whose texts are drawn from


def texts() -> list[str]:
    drawn = []
    for model in searchable_models():
        if model._meta.model_name != "periodreport":  # which no search of the site finds
            drawn += model.objects.public().order_by("?").values_list("search_text", flat=True)[:SAMPLE]
    return drawn


def parts(drawn: list[str], length: int, count: int, rng: random.Random, *, rare: bool) -> list[str]:
    runs = [run for text in drawn for run in re.findall("[\u4e00-\u9fff]+", text) if len(run) >= length]
    found = Counter(run[place : place + length] for run in runs for place in range(len(run) - length + 1))
    if rare:
        return rng.sample(sorted(part for part, times in found.items() if times == 1), count)
    return rng.choices(list(found), list(found.values()), k=count)


def seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def search(part: str) -> Search:
    found = Search(part)
    found.facets  # noqa: B018 - counts them
    return found


def at(client: Client, part: str, *, is_kept: bool) -> float:
    if not is_kept:
        for shelf in caches.all():
            shelf.clear()
        Stamp.now()  # asks for the hours to come, which is once for each change and not for each search
    return seconds(lambda: client.get("/search/", {"q": part}))


def line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p50, p95, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1]
    return f"{name} {p50 * 1000:.1f} / {p95 * 1000:.1f} / {most * 1000:.1f}"


def measure(wanted: list[str], client: Client) -> str:
    for part in wanted:
        search(part)
    found = [seconds(lambda part=part: search(part)) for part in wanted]
    page = [at(client, part, is_kept=False) for part in wanted]
    again = [at(client, part, is_kept=True) for part in wanted for _twice in range(2)][1::2]
    return "; ".join([line("found", found), line("page", page), line("again", again)])


def tables() -> None:
    with connection.cursor() as cursor:
        for model in searchable_models():
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*), round(avg(length(search_text))) FROM {table}")
            count, length = cursor.fetchone()
            if connection.vendor != "postgresql":
                print(f"{table}: {count} records of {length} characters")
                continue
            building = seconds(lambda name=table: cursor.execute(f"REINDEX INDEX {name}_search"))
            cursor.execute("SELECT pg_relation_size(%s), pg_total_relation_size(%s)", [f"{table}_search", table])
            index, whole = (size / 1024 / 1024 for size in cursor.fetchone())
            print(
                f"{table}: {count} records of {length} characters; index {index:.1f} MB of {whole:.1f} MB, "
                f"built in {building:.1f} s"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--queries", type=int, default=100, help="of each length, rare and frequent")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tables()
    rng, drawn, client = random.Random(options.seed), texts(), Client()
    print("milliseconds, p50 / p95 / longest:")
    with override_settings(ALLOWED_HOSTS=["testserver"], DEBUG=False):
        for length in (2, 3, 4):
            for rare in (False, True):
                wanted = parts(drawn, length, options.queries, rng, rare=rare)
                print(f"{length} characters, {'rare' if rare else 'frequent'}: {measure(wanted, client)}", flush=True)


if __name__ == "__main__":
    main()
