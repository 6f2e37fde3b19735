"""What a checkout promises before any of its code runs."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-postgres.txt"]
SOURCES = [lock.replace(".txt", ".in") for lock in LOCKS]


def chosen_packages(source: str) -> list[str]:
    lines = (ROOT / source).read_text(encoding="utf-8").splitlines()
    return [match.group() for line in lines if (match := re.match(r"[a-z0-9][\w.-]*", line))]


def locked_requirements(lock: str) -> list[str]:
    """Each requirement with the lines that continue it."""
    text = re.sub(r"\\\n\s*", "", (ROOT / lock).read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def versions(lock: str) -> dict[str, str]:
    return dict(re.match(r"([\w.-]+)==(\S+)", line).groups() for line in locked_requirements(lock))


def files_of_the_repository() -> list[Path]:
    """What is committed or would be; without git, everything but what a checkout makes for itself."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0")
        files = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        made_here = {".venv", "var", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
        files = [file for file in ROOT.rglob("*") if not made_here & set(file.relative_to(ROOT).parts)]
    return [file for file in files if file.is_file()]


def lines_with(pattern: str) -> list[str]:
    found = []
    for file in files_of_the_repository():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a document
        name = file.relative_to(ROOT)
        found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if re.search(pattern, line)]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_an_exact_version_and_hashes(lock: str) -> None:
    loose = [line for line in locked_requirements(lock) if not re.match(r"[\w.-]+==\S+.*--hash=sha256:", line)]
    assert not loose


@pytest.mark.parametrize("lock", LOCKS)
def test_every_chosen_package_is_locked(lock: str) -> None:
    assert set(chosen_packages(lock.replace(".txt", ".in"))) <= set(versions(lock))


def test_tests_run_on_the_versions_that_production_runs() -> None:
    runtime, development = versions("requirements.txt"), versions("requirements-dev.txt")
    both = runtime.keys() & development.keys()
    assert {name: development[name] for name in both} == {name: runtime[name] for name in both}


@pytest.mark.parametrize("file", [*LOCKS, *SOURCES, "pyproject.toml"])
def test_no_requirement_names_where_it_is_fetched_from(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|\s@\s|--(extra-)?index-url|--find-links", text)


def test_there_is_no_lock_file_that_names_hosts() -> None:
    names = {file.name for file in files_of_the_repository()}
    assert not names & {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "package-lock.json", "yarn.lock"}


def test_no_file_names_a_package_host() -> None:
    # Assembled, so that the test does not find itself.
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "registry" + ".npmjs", "deb.debian" + ".org"]
    assert not lines_with("|".join(map(re.escape, hosts)))


def test_no_file_names_a_folder_of_one_machine() -> None:
    folders = ["/" + name + "/" for name in ("root", "home", "Users", "tmp")]
    assert not lines_with(rf"(?<![\w.}}\]-])({'|'.join(folders)})\w")


def test_every_chosen_package_says_why_it_is_there_and_no_other_does() -> None:
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    reasons = set(re.findall(r"^\| ([\w-]+) \|", text, re.MULTILINE)) - {"package"}
    assert reasons == {package for source in SOURCES for package in chosen_packages(source)}


def test_every_target_of_the_makefile_is_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (help .*)$", text, re.MULTILINE).group(1).split()
    public = [target for target in targets if not target.startswith("test-")]
    assert all(re.search(rf"^{target}:.*## \S", text, re.MULTILINE) for target in public)


def make_programs(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def no_postgres(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any PostgreSQL; the folder is where Debian's would be."""
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(postgres, "_wheel_folder", lambda: None)
    return tmp_path / "debian"


def test_a_machine_without_postgresql_is_told_how_to_get_it_in_both_languages(no_postgres: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)apt-get install postgresql.*No PostgreSQL"):
        postgres.find_programs(no_postgres)


def test_a_link_on_the_path_leads_to_the_folder_that_has_all_programs(no_postgres: Path, tmp_path: Path) -> None:
    real = make_programs(tmp_path / "real", *postgres.PROGRAMS)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").symlink_to(real / "postgres")
    assert postgres.find_programs(no_postgres) == real


def test_the_newest_of_debians_versions_is_taken(no_postgres: Path) -> None:
    for version in ("9.6", "15", "17"):
        make_programs(no_postgres / version / "bin", *postgres.PROGRAMS)
    assert postgres.find_programs(no_postgres) == no_postgres / "17" / "bin"


def test_a_folder_without_initdb_is_passed_over(no_postgres: Path) -> None:
    make_programs(no_postgres / "17" / "bin", "postgres", "pg_ctl")
    complete = make_programs(no_postgres / "15" / "bin", *postgres.PROGRAMS)
    assert postgres.find_programs(no_postgres) == complete


def test_a_wrong_pg_bin_is_refused_rather_than_passed_over(no_postgres: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_programs(no_postgres / "17" / "bin", *postgres.PROGRAMS)
    monkeypatch.setenv("PG_BIN", str(no_postgres / "nowhere"))
    with pytest.raises(SystemExit, match="PG_BIN"):
        postgres.find_programs(no_postgres)


def test_a_server_is_gone_after_its_block_even_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), postgres.running() as cluster:
        assert cluster.folder.exists()
        raise ZeroDivisionError
    assert not cluster.folder.exists()


def test_a_server_is_gone_even_when_the_process_that_started_it_is_killed() -> None:
    program = """
import os, signal
from tests import postgres
with postgres.running() as cluster:
    print(cluster.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    # What cleans up shares the error output, so this waits for it to finish.
    killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL
    assert not Path(killed.stdout.strip()).exists()


def test_a_server_keeps_its_text_in_utf8() -> None:
    with postgres.running() as cluster:
        url, host = cluster.environment["DATABASE_URL"], cluster.environment["PGHOST"]
        with psycopg.connect(url, host=host) as connection:
            assert connection.execute("SELECT length('红帆'), current_setting('server_encoding')").fetchone() == (
                2,
                "UTF8",
            )
