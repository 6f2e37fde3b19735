"""``import_ledger``: the same import from a shell, everything or nothing."""

import pytest
from django.core.management import CommandError, call_command

from branches.models import Activity
from hospitals.roles import Role
from tests.branches.intake import row, workbook
from tests.factories import make_activity, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    hospital = make_hospital(slug="weinan-2")
    make_user(Role.REPORTER, hospital, username="wn")

    def run(content: bytes, *options, by="wn", to="weinan-2") -> str:
        path = tmp_path / "台账.xlsx"
        path.write_bytes(content)
        call_command("import_ledger", str(path), "--hospital", to, "--by", by, *options)
        return capsys.readouterr().out

    run.hospital = hospital
    return run


def test_more_rows_than_a_request_takes_become_drafts(run):
    out = run(workbook(*[row(活动主题=f"第{number}次") for number in range(2_010)]))
    assert "新建2010条草稿" in out and Activity.objects.drafts().count() == 2_010


def test_a_dry_run_writes_nothing(run):
    assert "新建1行" in run(workbook(row()), "--dry-run") and not Activity.objects.exists()


def test_a_row_that_cannot_be_taken_stops_it_and_is_named_with_its_column(run):
    with pytest.raises(CommandError, match="第4行：活动日期"):
        run(workbook(row(), row(活动主题="乙", 活动日期="昨天")))
    assert not Activity.objects.exists()


def test_possible_duplicates_are_left_out_unless_asked_for(run):
    make_activity(run.hospital, title="下乡义诊")
    run(workbook(row()))
    assert Activity.objects.count() == 1
    run(workbook(row()), "--with-doubtful")
    assert Activity.objects.count() == 2


@pytest.mark.parametrize(("wrong", "words"), [({"by": "nobody"}, "nobody"), ({"to": "nowhere"}, "weinan-2")])
def test_a_wrong_name_is_told(run, wrong, words):
    with pytest.raises(CommandError, match=words):
        run(workbook(row()), **wrong)


def test_whoever_does_not_report_there_cannot_import(run):
    make_user(Role.EXPORTER, run.hospital, username="ex")
    with pytest.raises(CommandError, match="权限"):
        run(workbook(row()), by="ex")


def test_a_file_that_is_no_ledger_is_told(run):
    with pytest.raises(CommandError, match="空"):
        run(b"")
