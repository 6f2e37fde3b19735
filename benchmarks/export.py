"""What a ledger costs: ``python -m benchmarks.export`` (see benchmarks/README.md).

On a throw-away PostgreSQL with sample records the ledger is written as CSV and as XLSX; beside it, in the same run, the
same columns by django-import-export, and PostgreSQL's own COPY of the same query. Each in a process of its own: time,
processor time of that process and of its database connection, how far its memory grew, and when the first rows were there.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
#: A server with a million records is given more than the 128 MB that PostgreSQL starts with.
MEMORY = "shared_buffers = 2GB\n"


def ledger_profile():
    from benchmarks.peers import CELLS
    from branches.ledger import COLUMNS, Profile

    return Profile("benchmark", "对比", tuple(column for column in COLUMNS if column.header in CELLS))


def ledger_csv(out: BinaryIO) -> None:
    from branches.models import Activity
    from publishing.spreadsheets import write_csv

    profile = ledger_profile()
    write_csv(profile.columns, profile.rows(Activity.objects.newest_first()), out)


def ledger_xlsx(out: BinaryIO) -> None:
    from branches.ledger import sheet
    from branches.models import Activity
    from publishing.spreadsheets import write_xlsx

    profile = ledger_profile()
    around = sheet(profile, unit="各医院", period="", conditions="全部", exported_by="测试")
    write_xlsx(around, profile.rows(Activity.objects.newest_first()), out)


def peer_csv(out: BinaryIO) -> None:
    from benchmarks.peers import LedgerResource

    out.write(LedgerResource().export().csv.encode())


def peer_xlsx(out: BinaryIO) -> None:
    from benchmarks.peers import LedgerResource

    out.write(LedgerResource().export().xlsx)


def copy(out: BinaryIO) -> None:
    """The limit: the database writes CSV of the ledger's own query, and nobody looks at it."""
    from django.db import connection

    from branches.models import Activity

    query, parameters = ledger_profile().query(Activity.objects.newest_first()).query.sql_with_params()
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT CSV", parameters) as rows:
        for block in rows:
            out.write(block)


WAYS: dict[str, Callable[[BinaryIO], None]] = {
    "COPY of the same query": copy,
    "ledger, CSV": ledger_csv,
    "ledger, XLSX": ledger_xlsx,
    "django-import-export, CSV": peer_csv,
    "django-import-export, XLSX": peer_xlsx,
}


def measure(way: str, folder: str) -> dict:
    """In this process, which has done nothing else but import."""
    import django

    django.setup()
    from django.db import connection

    import benchmarks.peers  # noqa: F401 - what is imported is not what an export takes

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    memory, database = peak_memory(), processor_seconds(backend)
    own, started = time.process_time(), time.perf_counter()
    with Path(folder, "export").open("wb") as file:
        out = Watched(file)
        WAYS[way](out)
        size = file.tell()
    return {
        "first": out.first - started,
        "seconds": time.perf_counter() - started,
        "own": time.process_time() - own,
        "database": processor_seconds(backend) - database,
        "growth": peak_memory() - memory,
        "size": size / 1e6,
    }


class Watched:
    """A file that remembers when the first rows were written to it, and not just what stands before them."""

    BEFORE_ROWS = 5_000  # bytes: the parts of a workbook before its worksheet are fewer

    def __init__(self, file: BinaryIO):
        self.file, self.written, self.first = file, 0, 0.0

    def write(self, block: bytes) -> int:
        self.written += len(block)
        if not self.first and self.written > self.BEFORE_ROWS:
            self.first = time.perf_counter()
        return self.file.write(block)

    def writelines(self, blocks: Iterable[bytes]) -> None:
        for block in blocks:
            self.write(block)

    def __getattr__(self, name: str):
        return getattr(self.file, name)


def peak_memory() -> float:
    """MB, of this process alone: what ``getrusage`` tells begins with what its parent had."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def processor_seconds(pid: int) -> float:
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().split()[13:15])) / TICKS


def prepare(database_name: str, activities: int) -> None:
    """As many activities as asked for, on top of what there is."""
    from django.core.management import call_command
    from django.db import connection

    from branches.models import Activity

    missing = activities - Activity.objects.count()
    if missing > 0:
        call_command("make_records", activities=missing, hospitals=40, seed=activities, into=database_name)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as a server's own autovacuum would have done
    print(f"\n{Activity.objects.count():,} activities\n", flush=True)
    connection.close()


def run(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for size in options.activities.split(","):
        prepare(options.database, int(size))
        compare(options.only.split(","))


def compare(words: list[str]) -> None:
    """Each way whose name holds one of these words."""
    print("| way | seconds | first rows after s | CPU s, process | CPU s, database | memory growth MB | file MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="hf-export-") as folder:
        for way in WAYS:
            if any(word in way for word in words):
                command = [sys.executable, "-m", "benchmarks.export", "--way", way, "--folder", folder]
                result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
                cost = json.loads(result.stdout)
                kinds = ("seconds", "first", "own", "database", "growth", "size")
                print(f"| {way} | {' | '.join(f'{cost[kind]:,.1f}' for kind in kinds)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument("--activities", default="100000", help="how many; or several numbers: 100000,1000000")
    parser.add_argument("--only", default="", help="ways whose names hold one of these words: ledger,COPY")
    parser.add_argument(
        "--keep", action="store_true", help="use the PostgreSQL of DATABASE_URL, as benchmarks.http does"
    )
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    if options.way:
        json.dump(measure(options.way, options.folder), sys.stdout)
    elif options.keep:
        options.database = os.environ["DATABASE_URL"].rpartition("/")[2]
        run(options)
    else:
        with postgres.running(configuration=MEMORY) as cluster:
            os.environ.update(cluster.environment)
            options.database = cluster.environment["DATABASE_URL"].rpartition("/")[2]
            run(options)


if __name__ == "__main__":
    main()
