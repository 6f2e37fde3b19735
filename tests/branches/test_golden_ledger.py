"""The workbook that offices get, cell by cell, against one that was looked at: ``golden/*.txt``.

After a change that is meant: ``GOLDEN=write`` before the test's command writes them anew; then read the difference.
"""

import io
import os
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from branches.ledger import PROFILES, sheet
from branches.models import Activity
from hospitals.models import Region
from publishing.spreadsheets import csv_rows, write_xlsx
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_partner,
    make_period_figure,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FOLDER = Path(__file__).parent / "golden"
#: half past seven in the morning of 1 July in Beijing; in London it is still June
MOMENT = datetime(2023, 6, 30, 23, 30, tzinfo=UTC)


@pytest.fixture
def activities():
    hospital = make_hospital(
        name="渭南市第二医院", code="WN2", slug="weinan-2", region=Region.objects.get(code="610000")
    )
    fifth, second = (
        make_branch(hospital, name=name, slug=slug, number=number)
        for name, slug, number in (("第五支部（眼科支部）", "5", 5), ("第二支部", "2", 2))
    )
    writer = make_user(name="王芳", username="wangfang")
    by = {"hospital": hospital, "created_by": writer}
    full = make_activity(
        **by, title="=1+1下乡义诊", kind="free_clinic", branch=fifth, public=True, start=date(2023, 6, 1), end=date(2023, 6, 3),
        start_time=time(7, 30), end_time=time(11, 0), place="丰原镇", host="李强", recorder="赵敏",
        summary="送医下乡。\n查视力、量血压。", results="党" * 300, clinic_registration="610500000000000018",
        remarks="内部：两人请假", brand=make_brand(branch=fifth, hospital=hospital, name="光明行", public=True),
    )  # fmt: skip
    full.joint_branches.set([second])
    full.partners.set([make_partner(hospital, name="人和小学"), make_partner(hospital, name="丰原镇卫生院")])
    for measure, stated in (("visits", "60余"), ("sessions", "3"), ("hours", "7.5"), ("volunteers", "几十")):
        make_figure(full, measure, stated)
    make_figure(full, "party_members", "12", is_internal=True)
    article = make_article(hospital, title="把门诊开到村口", public=True)
    article.activities.add(full)
    meeting = make_activity(
        **by, title="主题党日", kind="theme_day", branch=second, public=True, start=date(2023, 5, 1), end=date(2023, 5, 31),
        precision="month",
    )  # fmt: skip
    make_figure(meeting, "expected", "20")
    make_figure(meeting, "attended", "18")
    summary = make_activity(
        **by, title="上半年汇总", nature=Activity.Nature.SUMMARY, public=True, start=date(2023, 1, 1), end=date(2023, 6, 30),
        precision="half_year",
    )  # fmt: skip
    make_period_figure(make_report(hospital, public=True), activity=summary)
    make_activity(
        **by, title="没有日期的😀\ufffe", all_branches=True, public=True, start=None, end=None, precision="unknown"
    )
    make_activity(**by, title="还是草稿", start=date(2022, 1, 1), end=date(2022, 1, 1))
    Activity.objects.update(created_at=MOMENT)
    Activity.objects.filter(precision="unknown").update(reference="WN2-2023-0009")  # or it has this year's number
    return article


def the_sheet(profile):
    around = sheet(profile, unit="渭南市第二医院", period="2023年", conditions="全部", exported_by="台账员")
    facts = tuple((name, "2023-07-01 07:30" if name == "导出时间" else fact) for name, fact in around.facts)
    return replace(around, facts=facts, created=MOMENT)


def described(file) -> str:
    """A workbook in lines: its setup, then every cell that holds something or differs from its neighbour."""
    book = load_workbook(file)
    lines = []
    for page in book:
        setup, widths = page.page_setup, page.column_dimensions
        lines += [
            f"worksheet {page.title}, {page.dimensions}",
            f"print {page.print_area}, titles {page.print_title_rows}, {setup.orientation}, paper {setup.paperSize}, "
            f"fit {setup.fitToWidth} × {setup.fitToHeight} {page.sheet_properties.pageSetUpPr.fitToPage}",
            f"frozen {page.freeze_panes}, filter {page.auto_filter.ref}",
            f"merged {' '.join(sorted(map(str, page.merged_cells.ranges)))}",
            f"widths {' '.join(f'{name}={column.width:g}' for name, column in widths.items())}",
            f"heights {' '.join(f'{number}={row.height:g}' for number, row in page.row_dimensions.items() if row.height)}",
        ]
        lines += [
            f"{cell.coordinate} {cell.data_type} [{cell.number_format}]{' quoted' if cell.quotePrefix else ''}"
            f"{' wrapped' if cell.alignment.wrap_text else ''}: {cell.value!r}"
            for row in page
            for cell in row
            if cell.value is not None
        ]
    return "\n".join(lines) + "\n"


def compare(name: str, found: str) -> None:
    file = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8", newline="")
    assert found == file.read_bytes().decode("utf-8")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_the_workbook_is_the_one_that_was_looked_at(profile, activities):
    out = io.BytesIO()
    rows, _kept = profile.handed_in(Activity.objects.originals())
    write_xlsx(the_sheet(profile), profile.rows(rows.newest_first(), site="https://example.org"), out)
    compare(f"{profile.name}.txt", described(out).replace(activities.get_absolute_url(), "/articles/1/"))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_the_csv_is_the_one_that_was_looked_at(profile, activities):
    rows, _kept = profile.handed_in(Activity.objects.originals())
    found = b"".join(csv_rows(profile.columns, profile.rows(rows.newest_first(), site="https://example.org")))
    compare(f"{profile.name}.csv", found.decode("utf-8").replace(activities.get_absolute_url(), "/articles/1/"))


def test_seven_thirty_in_the_morning_of_the_first_is_the_first(activities):
    assert timezone.localtime(MOMENT).date() == date(2023, 7, 1)
    assert "填报日期" in (FOLDER / "full.csv").read_text(encoding="utf-8")
    assert "2023-06-30" not in (FOLDER / "full.csv").read_text(encoding="utf-8")
