"""The ledger from a shell or a timer: the same rows as from the admin, a whole file or none."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from branches import ledger
from publishing.models import LogEntry
from tests.factories import make_activity, make_hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", slug="weinan-2")


def export(folder: Path, profile="full", format="csv", **options) -> Path:
    output = folder / f"台账.{format}"
    call_command("export_ledger", profile=profile, format=format, output=output, verbosity=0, **options)
    return output


def titles(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return [row["活动主题"] for row in csv.DictReader(rows)]


@pytest.mark.parametrize(
    ("profile", "expected"), [("full", ["公开的", "草稿"]), ("short", ["公开的"]), ("public", ["公开的"])]
)
def test_each_ledger_holds_what_it_holds_in_the_admin(tmp_path, hospital, profile, expected):
    make_activity(hospital, title="草稿", start=date(2023, 1, 1), end=date(2023, 1, 1))
    make_activity(hospital, title="公开的", start=date(2023, 2, 1), end=date(2023, 2, 1), public=True)
    make_activity(hospital, title="撤回的", status="withdrawn")
    assert titles(export(tmp_path, profile)) == expected


def test_a_revision_under_way_is_no_second_row(tmp_path, hospital, django_user_model):
    activity = make_activity(hospital, title="公开的", public=True)
    activity.revise(by=django_user_model.objects.create(username="admin", is_superuser=True))
    assert titles(export(tmp_path)) == ["公开的"]


def test_only_the_hospital_that_was_named(tmp_path, hospital):
    make_activity(hospital, title="本院")
    make_activity(make_hospital(), title="别家")
    assert titles(export(tmp_path, hospital="weinan-2")) == ["本院"]


def test_dates_match_by_overlap(tmp_path, hospital):
    make_activity(hospital, title="六月一日", start=date(2023, 6, 1), end=date(2023, 6, 1))
    make_activity(hospital, title="上半年", start=date(2023, 1, 1), end=date(2023, 6, 30), precision="half_year")
    make_activity(hospital, title="七月", start=date(2023, 7, 1), end=date(2023, 7, 1))
    found = titles(export(tmp_path, start=date(2023, 6, 1), end=date(2023, 6, 30)))
    assert set(found) == {"六月一日", "上半年"}


def test_a_sheet_says_whose_and_of_which_time_it_is(tmp_path, hospital):
    file = export(tmp_path, "short", "xlsx", hospital="weinan-2", start=date(2023, 1, 1), end=date(2023, 6, 30))
    assert load_workbook(file).active["A1"].value == "渭南市第二医院2023年1月1日至6月30日党建活动台账"


def test_every_export_is_in_the_log(tmp_path, hospital):
    make_activity(hospital)
    export(tmp_path, hospital="weinan-2")
    entry = LogEntry.objects.get(verb=LogEntry.Verb.EXPORT)
    assert (entry.institution, "共1条" in entry.reason) == (hospital.name, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"hospital": "nowhere"}, "没有网址名为“nowhere”的医院。现有的有：weinan-2。"),
        ({"start": date(2023, 2, 1), "end": date(2023, 1, 1)}, "结束日期早于开始日期"),
    ],
)
def test_what_cannot_be_exported_is_said_and_writes_nothing(tmp_path, hospital, options, said):
    with pytest.raises(CommandError, match=said):
        export(tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path, hospital):
    with pytest.raises(CommandError, match="写不进文件.*请检查文件夹"):
        export(tmp_path / "没有")


def test_a_date_that_is_none_is_explained(tmp_path, hospital):
    with pytest.raises(CommandError, match="“2023年”不是日期，要写成2023-06-01这样"):
        call_command(
            "export_ledger", "--profile=full", "--format=csv", "--from=2023年", f"--output={tmp_path / '台账.csv'}"
        )


def test_stopped_in_the_middle_it_leaves_the_old_file_as_it_was(tmp_path, hospital, monkeypatch):
    make_activity(hospital, title="旧的")
    file = export(tmp_path)
    before = file.read_bytes()

    def broken(self, activities, site=""):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(ledger.Profile, "rows", broken)
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path)
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (before, [file])
