"""How many visitors the public pages serve: ``python -m benchmarks.http`` (see benchmarks/README.md).

On a throw-away PostgreSQL with sample records it starts gunicorn as in production, and beside it the same gunicorn
with a bare page. Each page is measured right after the bare one, round after round, because the machine may have
other work: what counts is the ratio of the two. Standard library and the project's own requirements only.
"""

import argparse
import contextlib
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.load import Connection, request_of
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
CONNECTIONS = 16
FIRST_VISITS = 24
TICKS = os.sysconf("SC_CLK_TCK")
SERVERS: dict[int, subprocess.Popen] = {}  # by port
#: what an editor's saving does, without changing a word
CHANGE = "UPDATE hospitals_hospital SET hotline = hotline WHERE id = (SELECT min(id) FROM hospitals_hospital)"


@dataclass
class Page:
    """A kind of page; its requests are (path, known ETag)."""

    name: str
    requests: list[tuple[str, str]]
    once: bool = False  # what was kept for one address is of no use to the next
    rates: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    halves: list[float] = field(default_factory=list)  # p50 of each round, ms
    slowest: list[float] = field(default_factory=list)  # p99
    work: list[float] = field(default_factory=list)  # ms of processor time a request, of site and database
    restless: list[float] = field(default_factory=list)  # × of bare while something changes every second
    first: float = 0.0  # ms of the first visit after a change
    again: float = 0.0  # ms of the second
    length: float = 0.0


BARE = Page("bare", [("/", "")])


def environment(database: dict[str, str], folder: str) -> dict[str, str]:
    """That of a server, with what it writes in a throw-away folder."""
    return {
        **os.environ,
        **database,
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": f"{folder}/static",
        "MEDIA_ROOT": f"{folder}/media",
        "WORKERS": str(WORKERS),
        "THREADS": str(THREADS),
    }


def prepare(database_name: str, activities: int, articles: int, hospitals: int) -> None:
    """Tables, static files and, where there are none, the sample records."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from branches.models import Activity

    if not Activity.objects.exists():
        numbers = {"activities": activities, "articles": articles, "hospitals": hospitals}
        call_command("make_records", **numbers, into=database_name)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as a server's own autovacuum would have done


def pages_to_measure(rng: Random) -> Iterator[Page]:
    """Many addresses of each kind, so that no page is fast for being the only one."""
    from django.urls import reverse

    from articles.models import Article
    from branches.models import Activity, Branch
    from hospitals.models import Hospital
    from publishing.paging import PER_PAGE

    articles, activities = Article.objects.public(), Activity.objects.public()
    last = -(-activities.count() // PER_PAGE)
    slugs = list(Hospital.objects.public().values_list("slug", flat=True))

    def page(name: str, paths: Iterable[str], *, once: bool = False) -> Page:
        return Page(name, [(path, "") for path in paths], once)

    def some(values: Iterable) -> list:
        values = list(values)
        return rng.sample(values, min(60, len(values)))

    yield page("home", ["/"])
    yield page("hospital list", ["/hospitals/"])
    yield page("hospital", [f"/hospitals/{slug}/" for slug in slugs])
    branches = Branch.objects.public().select_related("hospital").order_by("pk")
    yield page("branch", [branch.get_absolute_url() for branch in some(branches)])
    yield page("brand wall", ["/brands/"])
    yield page("activity list, page 1", ["/activities/"])
    yield page(f"activity list, page {last}", [f"/activities/?page={last - number}" for number in range(5)])
    yield page("activity list, filtered", filters(rng, slugs))
    yield page("article list", ["/articles/"])
    keys = some(articles.values_list("pk", flat=True))
    yield page("article", [f"/articles/{key}/" for key in keys])
    references = some(activities.values_list("reference", flat=True))
    yield page("activity", [f"/activities/{reference}/" for reference in references])
    searches = [f"/search/?q={term}" for term in terms(rng, articles, activities)]
    yield page("search", some(searches))
    yield page("search, each term once", searches, once=True)
    for name, url_name in (("article feed", "article_feed"), ("activity feed", "activity_feed")):
        yield page(name, [reverse(url_name)])
    for name, paths in API_PAGES.items():
        yield page(name, paths)
    every = list(articles.values_list("pk", flat=True))
    yield page("article, each once", [f"/articles/{key}/" for key in rng.sample(every, len(every))], once=True)
    yield page("article, 304", [f"/articles/{key}/" for key in keys])


API_PAGES = {"API, activities": ["/api/v1/activities/"], "API, articles": ["/api/v1/articles/"]}


def filters(rng: Random, slugs: list[str]) -> list[str]:
    """What people choose: a hospital, a kind and a time, all three or two of them."""
    from branches.models import Activity

    kinds = [kind["slug"] for kind in Activity.objects.public().kinds_and_years()[0]]
    chosen = []
    for _number in range(60):
        parts = {"hospital": rng.choice(slugs), "kind": rng.choice(kinds), "period": rng.choice(range(2020, 2026))}
        parts.pop(rng.choice(["hospital", "kind", "period", "none"]), None)
        chosen.append("/activities/?" + "&".join(f"{name}={value}" for name, value in parts.items()))
    return chosen


def terms(rng: Random, *querysets) -> list[str]:
    """Pieces of two to four characters of the titles, each searched for once."""
    from urllib.parse import quote

    titles = [title for rows in querysets for title in rows.order_by("pk").values_list("title", flat=True)[:3000]]
    found = set()
    for title in rng.choices(titles, k=20_000) if titles else []:
        if len(found) == 2000:
            break
        length = rng.randint(2, 4)
        start = rng.randrange(max(1, len(title) - length))
        found.add(title[start : start + length])
    return [quote(term) for term in rng.sample(sorted(found), len(found))]


@contextlib.contextmanager
def serving(application: str, variables: dict[str, str], log: Path) -> Iterator[int]:
    """gunicorn with the configuration of deploy/, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-c", "deploy/gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "--max-requests", "0"]
    command = [sys.executable, "-m", "gunicorn", *options, application]
    with (
        log.open("w") as output,
        subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=output) as server,
    ):
        SERVERS[port] = server
        try:
            wait_for(port, log, server)
            yield port
        finally:
            server.terminate()


def wait_for(port: int, log: Path, server: subprocess.Popen) -> None:
    for _try in range(300):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if Connection(port).ask(request_of("/healthz")).status < 500:
                return
        time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text()}")


def drive(port: int, page: Page, seconds: float, at_least: int = 1) -> dict:
    """Let benchmarks.load measure; an answer that is no success spoils the figure and stops everything."""
    job = {"port": port, "requests": page.requests, "at_random": not page.once}
    job |= {"seconds": seconds, "at_least": at_least, "connections": CONNECTIONS}
    command = [sys.executable, "-m", "benchmarks.load"]
    result = subprocess.run(command, cwd=ROOT, input=json.dumps(job), capture_output=True, text=True, check=True)
    outcome = json.loads(result.stdout)
    if not set(outcome["statuses"]) <= {"200", "304"}:
        raise SystemExit(f"{page.name}: {outcome['statuses']}")
    return outcome


def know(port: int, page: Page) -> None:
    """Give a page's requests the ETags that a browser would have kept."""
    connection = Connection(port)
    page.requests = [(path, connection.ask(request_of(path)).etag) for path, _etag in page.requests]
    connection.close()


def measure_rates(port: int, bare: int, page: Page, seconds: float) -> None:
    if "304" in page.name:
        know(port, page)
    if not page.once:
        drive(port, page, seconds, 30 * len(page.requests))  # so that each worker has seen each page
    at_best = drive(bare, BARE, max(1.0, seconds / 2))["rate"]
    if page.once:
        change()
    before = processor_seconds(port)
    outcome = drive(port, page, seconds)
    page.work.append((processor_seconds(port) - before) * 1000 / (outcome["rate"] * seconds))
    page.rates.append(outcome["rate"])
    page.ratios.append(outcome["rate"] / at_best)
    page.halves.append(outcome["p50"] * 1000)
    page.slowest.append(outcome["p99"] * 1000)
    page.length = outcome["length"]
    with changing_every_second():
        page.restless.append(drive(port, page, seconds)["rate"] / at_best)


def processor_seconds(port: int) -> float:
    """What the processes of a server and, on this machine, of its database have used so far. Linux only.

    Other work on the machine makes a page slower, but hardly makes it cost more.
    """
    with contextlib.suppress(OSError):
        pids = [*workers_of(SERVERS[port].pid), *database_pids()]
        return sum(sum(map(int, Path(f"/proc/{pid}/stat").read_text().split()[13:15])) for pid in pids) / TICKS
    return 0.0


def workers_of(master: int) -> list[str]:
    return Path(f"/proc/{master}/task/{master}/children").read_text().split()


def database_pids() -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [pid for (pid,) in cursor.fetchall()]
    connection.close()
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


@contextlib.contextmanager
def changing_every_second() -> Iterator[None]:
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(1):
            change()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def change() -> None:
    """Something the public may read is written: everything that was kept is worthless."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(CHANGE)
    connection.close()


def measure_first_visits(port: int, page: Page) -> None:
    """One visitor alone: the page right after a change, and once more."""
    connection, firsts, agains = Connection(port), [], []
    for number in range(FIRST_VISITS):
        request = request_of(page.requests[number % len(page.requests)][0])
        change()
        firsts.append(connection.ask(request).seconds * 1000)
        agains.append(connection.ask(request).seconds * 1000)
    connection.close()
    page.first, page.again = statistics.median(firsts), statistics.median(agains)


def report(pages: list[Page], bare: Page) -> str:
    rate, work = statistics.median(bare.rates), statistics.median(bare.work)
    lines = [
        f"bare WSGI page of 30 kB: {rate:,.0f} requests/s, {work:.2f} ms of processor time a request",
        "",
        "| page | kB | requests/s | × of bare | CPU ms a request | p50 ms | p99 ms | × while something changes each second "
        "| first visit after a change, ms | the next, ms |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for page in pages:
        rate, ratio, work, half, slow, restless = (
            statistics.median(values)
            for values in (page.rates, page.ratios, page.work, page.halves, page.slowest, page.restless)
        )
        lines.append(
            f"| {page.name} | {page.length / 1000:.0f} | {rate:,.0f} | {ratio:.3f} | {work:.2f} | {half:.1f} | {slow:.1f} "
            f"| {restless:.3f} | {page.first:.1f} | {page.again:.1f} |"
        )
    return "\n".join(lines)


def measure(database: dict[str, str], options: argparse.Namespace) -> str:
    with tempfile.TemporaryDirectory(prefix="hf-http-") as folder:
        variables = environment(database, folder)
        os.environ.update(variables)
        import django

        django.setup()
        from django.db import connection

        prepare(connection.settings_dict["NAME"], options.activities, options.articles, options.hospitals)
        with (
            serving("config.wsgi", variables, Path(folder, "site.log")) as port,
            serving("benchmarks.bare", variables, Path(folder, "bare.log")) as bare,
        ):
            pages = list(pages_to_measure(Random(options.seed)))
            pages = [page for page in pages if is_wanted(page, options.only)]
            connection.close()
            rounds(port, bare, pages, options)
            best = Page("bare", BARE.requests)
            for _time in range(3):
                before = processor_seconds(bare)
                best.rates.append(drive(bare, BARE, 2)["rate"])
                best.work.append((processor_seconds(bare) - before) * 1000 / (best.rates[-1] * 2))
        return report(pages, best)


def is_wanted(page: Page, only: str) -> bool:
    return any(part in page.name for part in only.split(",")) if only else True


def rounds(port: int, bare: int, pages: list[Page], options: argparse.Namespace) -> None:
    for number in range(options.rounds):
        for page in pages:
            measure_rates(port, bare, page, options.seconds)
            print(f"round {number + 1}: {page.name} {page.ratios[-1]:.3f}", file=sys.stderr, flush=True)
    for page in pages:
        if "304" not in page.name:
            measure_first_visits(port, page)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http", description=__doc__)
    parser.add_argument("--activities", type=int, default=33_400, help="nine in ten are public: 1,000 pages")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--hospitals", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of each page in each round")
    parser.add_argument("--only", default="", help="pages whose names hold one of these words: article,search")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep",
        action="store_true",
        help="use the PostgreSQL of DATABASE_URL; it gets the sample records only if it has no activity yet",
    )
    options = parser.parse_args()
    if options.keep:
        print(measure({}, options))
        return
    with postgres.running() as cluster:
        print(measure(cluster.environment, options))


if __name__ == "__main__":
    main()
