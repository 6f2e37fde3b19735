"""A full ledger, read into an empty hospital and written again, says the same.

What differs, and why: 序号 (counts the rows of a sheet), 活动编号 (a new record has a new number), 医院名称 (the other hospital's),
填报人 and 填报日期 (whoever imports, today), 状态 and the reviewers (all are drafts that nobody has reviewed), 照片数 and
新闻链接 (pictures and articles are not in a ledger). Announced numbers in 数据原文 belong to period reports, not to
activities; the house's own name in 党组织名称 becomes that of the other house.
"""

import csv
import io
from datetime import date, time
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import django as examples

from branches.intake.plan import plan_of, read_ledger
from branches.intake.writing import write
from branches.ledger import SHORT_LEDGER
from branches.models import Activity, ActivityKind, Brand, Initiative, Measure
from branches.periods import Period, Precision
from hospitals.models import Hospital
from hospitals.roles import Role
from publishing.quantities import parse
from tests.branches.intake import exported
from tests.factories import (
    make_activity,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_initiative,
    make_partner,
    make_user,
)

DIFFERENT = {
    "序号", "活动编号", "医院名称", "状态", "填报人", "填报日期", "初审人", "复审人", "终审人", "照片数", "新闻链接",
}  # fmt: skip


def twin_of(hospital) -> Hospital:
    """An empty hospital with branches, brands and initiatives of the same names."""
    twin = make_hospital(party_committee="另一家医院党委")
    branches = {
        one.name: make_branch(twin, name=one.name, slug=one.slug, number=one.number, position=one.position)
        for one in hospital.branches.all()
    }
    for brand in Brand.objects.of_hospital(hospital).originals():
        branch = brand.branch and branches[brand.branch.name]
        make_brand(twin, name=brand.name, branch=branch, is_current=brand.is_current, public=True)
    for initiative in Initiative.objects.of_hospital(hospital).originals():
        make_initiative(twin, name=initiative.name, public=True)
    return twin


def imported(content: bytes, hospital) -> None:
    user = make_user(Role.REPORTER, hospital)
    plan = plan_of(read_ledger(content), hospital, user)
    assert not plan.having("refused"), [row.problems for _line, row in plan.having("refused")][:3]
    with transaction.atomic():
        write(plan, by=user, with_doubtful=True, source="往返")


def said(hospital) -> list[tuple]:
    """Every row of a hospital's ledger, without what cannot be the same."""
    found = csv.DictReader(io.StringIO(exported(hospital, "csv").decode("utf-8-sig")))
    return sorted(tuple(_same_words(row, hospital).items()) for row in found)


def _same_words(row: dict, hospital) -> dict:
    row = {header: cell for header, cell in row.items() if header not in DIFFERENT}
    own_figures = [piece for piece in row["数据原文"].split("；") if not piece.startswith("阶段报数")]
    houses = (hospital.party_committee, hospital.name)
    organiser = "（本院）" if row["党组织名称"] in houses else row["党组织名称"]
    return row | {"数据原文": "；".join(own_figures), "党组织名称": organiser}


class TheDemo(TestCase):
    @classmethod
    def setUpTestData(cls):
        with override_settings(DEBUG=True):  # the demo goes nowhere else
            call_command("load_demo", "--no-pictures", verbosity=0, stdout=io.StringIO())
        cls.hospitals = list(Hospital.objects.all())

    def test_its_ledgers_come_back_equal(self):
        count = 0
        for place, hospital in enumerate(self.hospitals):
            twin = twin_of(hospital)
            imported(exported(hospital, ["xlsx", "csv"][place % 2]), twin)
            assert said(twin) == said(hospital)
            count += Activity.objects.of_hospital(twin).count()
        assert count == 113

    def test_a_ledger_read_into_its_own_hospital_changes_nothing(self):
        for place, hospital in enumerate(self.hospitals):
            content = exported(hospital, ["csv", "xlsx"][place % 2])
            plan = plan_of(read_ledger(content), hospital, make_user(Role.REPORTER, hospital))
            assert set(plan.counts) <= {"unchanged"}


@pytest.mark.django_db
def test_the_short_ledger_is_read_too():
    hospital, twin = make_hospital(), make_hospital()
    branch = make_branch(hospital, name="五支部")
    make_branch(twin, name="五支部")
    make_activity(branch=branch, title="下乡义诊", figures={"visits": "几百", "party_members": "12"}, host="王芳")
    imported(exported(hospital, profile=SHORT_LEDGER), twin)
    activity = Activity.objects.of_hospital(twin).get()
    assert (activity.title, activity.host) == ("下乡义诊", "王芳")
    assert sorted(figure.in_words for figure in activity.figures.all()) == ["参加党员数12人", "服务人次几百人次"]


HOSTILE = [
    "=1+1",
    "+8613912345678",
    "@SUM(A1)",
    "-2+3",
    "'=1",
    "\t=1",
    "😀🎈活动",
    "a,b;c\"d'",
    "第一行\n第二行",
    "_x0041_",
    "０１２",
]
TEXT = st.one_of(
    st.sampled_from([text.strip() for text in HOSTILE]),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), min_size=1, max_size=30).map(str.strip),
)
TITLE = TEXT.filter(bool)
NUMBERS = ["12", "60余", "近20", "约15", "几百", "2万余", "1500余", "0", "30场以上", "三十余", "超10万", "数十", "12.5"]
PERIODS = st.builds(
    lambda day, precision, days: Period(
        (first := Period.around(day, precision)).start,
        date.fromordinal(day.toordinal() + days) if precision == Precision.DAY else first.end,
        precision,
    ),
    st.dates(date(1950, 1, 1), date(2024, 12, 31)),
    st.sampled_from([precision for precision in Precision if precision != Precision.UNKNOWN]),
    st.integers(0, 40),
) | st.just(Period(None, None, Precision.UNKNOWN))


class AnyActivity(examples.TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        title=TITLE, place=TEXT, summary=TEXT, remarks=TEXT, host=TEXT, period=PERIODS,
        hours=st.tuples(st.times(), st.times()) | st.none(),
        stated=st.dictionaries(st.sampled_from(["visits", "party_members", "households", "hours", "screened"]), st.sampled_from(NUMBERS)),
        own=st.dictionaries(st.sampled_from(["走访科室", "听讲座师生", "受益群众"]), st.sampled_from([*NUMBERS[:5], "10余个"])),
        partners=st.lists(st.sampled_from(["人和小学", "=社区", "教育（卫生）中心"]), unique=True),
        kind=st.sampled_from(["free_clinic", "study", "other"]),
        through=st.sampled_from(["xlsx", "csv"]),
    )  # fmt: skip
    def test_comes_back_equal(self, *, period, hours, stated, own, partners, kind, through, **texts):
        hospital = make_hospital()
        begin, end = (moment.replace(second=0, microsecond=0) for moment in hours) if hours else (None, None)
        if hours and end < begin and not (period.end and period.end > period.start):
            begin, end = end, begin
        days = {"start": period.start, "end": period.end, "precision": period.precision}
        activity = make_activity(hospital, kind=kind, start_time=begin, end_time=end, **days, **texts)
        activity.further_kinds.set(ActivityKind.objects.filter(slug__in=["theme_day"]))
        activity.partners.set([make_partner(hospital, name=name) for name in partners])
        for slug, words in stated.items():
            if Measure.objects.get(slug=slug).unit == "小时" or parse(words).value in (
                None,
                *map(Decimal, range(200000)),
            ):
                make_figure(activity, slug, words)
        for label, words in own.items():
            make_figure(activity, None, words, label=label, unit="人" if "个" not in words else "个")
        twin = make_hospital()
        imported(exported(hospital, through), twin)
        assert said(twin) == said(hospital)


def test_times_past_midnight_come_back(db):
    hospital, twin = make_hospital(), make_hospital()
    make_activity(hospital, start_time=time(22), end_time=time(6), end=date(2023, 6, 2))
    imported(exported(hospital), twin)
    back = Activity.objects.of_hospital(twin).get()
    assert (back.start_time, back.end_time, back.end) == (time(22), time(6), date(2023, 6, 2))
