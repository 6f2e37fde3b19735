"""A ledger as it was handed in: what is in it, that it never changes, and that anybody can tell."""

import hashlib
import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from branches.freezing import AlreadyFrozen, LedgerHasChanged, freeze, notices, open_gaps
from branches.frozen_content import Content, LedgerScope
from branches.models import Activity, FrozenLedger
from branches.periods import Period, Precision
from hospitals.roles import Role
from publishing.models import LogEntry
from publishing.models.append_only import WrittenOnce
from tests.factories import (
    make_activity,
    make_branch,
    make_figure,
    make_frozen_ledger,
    make_hospital,
    make_period_figure,
    make_report,
    make_user,
)
from tests.publishing.test_append_only import DOORS

pytestmark = pytest.mark.django_db

SPRING = Period.of_days(date(2023, 4, 1), date(2023, 6, 30))
YEAR = Period.of_days(date(2023, 1, 1), date(2023, 12, 31))


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", code="WN2")


@pytest.fixture
def exporter(hospital):
    return make_user(Role.EXPORTER, hospital, name="王芳")


def on(hospital, day, **fields):
    return make_activity(hospital, **({"start": day, "end": day, "public": True} | fields))


def titles(content: Content) -> set[str]:
    return {row["title"] for row in content.rows}


def cell(content: Content, header: str, row: int = 0):
    place = [column["header"] for column in content.columns].index(header)
    return content.rows[row]["cells"][place]


# ── what is in it ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_approved_records_are_in_it(hospital):
    for status in Activity.Status.values:
        digest = "1" * 64 if status in Activity.REVIEWS else ""
        make_activity(hospital, title=status, status=status, published_at=timezone.now(), submitted_digest=digest)
    assert titles(LedgerScope(hospital, None, SPRING).content()) == {"published"}


def test_four_quarters_are_the_year(hospital):
    for day in (date(2023, 1, 1), date(2023, 3, 31), date(2023, 4, 1), date(2023, 12, 31)):
        on(hospital, day, title=str(day))
    on(hospital, date(2023, 3, 30), end=date(2023, 4, 2), title="跨季度")
    quarters = [Period.around(date(2023, month, 1), Precision.QUARTER) for month in (1, 4, 7, 10)]
    found = [titles(LedgerScope(hospital, None, quarter).content()) for quarter in quarters]
    assert sum(map(len, found)) == 5
    assert set().union(*found) == titles(LedgerScope(hospital, None, YEAR).content())


def test_what_is_stated_as_a_half_year_is_in_the_half_year_and_in_no_quarter(hospital):
    make_activity(hospital, start=date(2023, 1, 1), end=date(2023, 6, 30), precision="half_year", public=True)
    half = Period.of_days(date(2023, 1, 1), date(2023, 6, 30))
    assert [len(LedgerScope(hospital, None, period).content().rows) for period in (half, SPRING, YEAR)] == [1, 0, 1]


def test_what_is_undated_is_in_none(hospital):
    make_activity(hospital, start=None, end=None, precision="unknown", public=True)
    assert LedgerScope(hospital, None, YEAR).content().rows == []


def test_a_branchs_ledger_has_what_it_held_and_joined(hospital):
    branch, other = make_branch(hospital), make_branch(hospital)
    on(hospital, date(2023, 6, 1), branch=branch, title="主办")
    on(hospital, date(2023, 6, 1), branch=other, title="参与").joint_branches.add(branch)
    on(hospital, date(2023, 6, 1), branch=other, title="别的支部")
    assert titles(LedgerScope(hospital, branch, SPRING).content()) == {"主办", "参与"}


def test_values_keep_their_types(hospital):
    activity = on(hospital, date(2023, 6, 1), title="义诊")
    make_figure(activity, "visits", "60余")
    make_figure(activity, "hours", "2.5")
    make_figure(activity, "volunteers", "几百")
    content = LedgerScope(hospital, None, SPRING).content()
    assert cell(content, "活动日期") == {"date": "2023-06-01"}
    assert cell(content, "服务人次") == {"value": 60, "precision": "at_least", "stated": "60余"}
    assert cell(content, "服务时长(小时)") == 2.5
    assert cell(content, "志愿者人数") == {"value": None, "precision": "vague", "stated": "几百"}
    assert cell(content, "场次") == ""
    assert content.totals["服务人次"].display() == "至少60（含约数1项）"


def test_sums_stand_in_the_order_of_the_columns(hospital):
    on(hospital, date(2023, 6, 1), figures={"visits": "1", "hours": "2", "sessions": "3"})
    content = LedgerScope(hospital, None, SPRING).content()
    assert list(content.totals) == ["场次", "服务人次", "服务时长(小时)"]


def test_the_same_ledger_gives_the_same_hash(hospital):
    on(hospital, date(2023, 6, 1))
    scope = LedgerScope(hospital, None, SPRING)
    assert scope.content().sha256 == scope.content().sha256


def test_days_that_are_a_quarter_are_called_one():
    assert str(SPRING) == "2023年第二季度"
    assert str(YEAR) == "2023年"
    assert str(Period.of_days(date(2023, 4, 1), date(2023, 5, 31))) == "2023年4月1日至5月31日"


# ── the verb ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_when_and_what_are_kept(hospital, exporter):
    on(hospital, date(2023, 6, 1))
    frozen = make_frozen_ledger(hospital, by=exporter, note="报市卫健委")
    assert (frozen.made_by_name, frozen.row_count, frozen.note) == ("王芳", 1, "报市卫健委")
    assert frozen.reference == f"WN2-{timezone.localdate().year}-BS01"
    assert frozen.sha256 == hashlib.sha256(frozen.content.encode()).hexdigest()
    entry = LogEntry.objects.get(verb=LogEntry.Verb.CREATE)
    assert (entry.user, entry.institution) == (exporter, "渭南市第二医院")
    assert frozen.sha256 in entry.reason


def test_an_override_by_the_platforms_administrator_is_marked(hospital):
    make_frozen_ledger(hospital)
    assert LogEntry.objects.get(verb=LogEntry.Verb.CREATE).is_override


def test_numbers_run_within_a_hospital_and_a_year(hospital):
    made = []
    for day in (1, 2):
        on(hospital, date(2023, 6, day))
        made.append(make_frozen_ledger(hospital))
    made.append(make_frozen_ledger(make_hospital()))
    assert [frozen.number for frozen in made] == [1, 2, 1]


def test_what_fails_leaves_no_gap_in_the_numbers(hospital, exporter):
    with pytest.raises(LedgerHasChanged):
        freeze(LedgerScope(hospital, None, SPRING), by=exporter, seen="0" * 64)
    assert make_frozen_ledger(hospital).number == 1


@pytest.mark.parametrize(("role", "may"), [(role, role in {Role.EXPORTER, Role.MANAGER}) for role in Role])
def test_the_exporter_and_the_manager_freeze_and_nobody_else(hospital, role, may):
    person = make_user(role, hospital)
    if may:
        assert make_frozen_ledger(hospital, by=person)
    else:
        with pytest.raises(PermissionDenied):
            make_frozen_ledger(hospital, by=person)
        assert LogEntry.objects.filter(verb=LogEntry.Verb.REFUSED, user=person).exists()


def test_an_exporter_of_another_hospital_does_not_freeze(hospital):
    with pytest.raises(PermissionDenied):
        make_frozen_ledger(hospital, by=make_user(Role.EXPORTER, make_hospital()))
    assert not FrozenLedger.objects.exists()


def test_a_ledger_that_has_changed_since_it_was_seen_is_not_frozen(hospital, exporter):
    scope = LedgerScope(hospital, None, SPRING)
    seen = scope.content().sha256
    on(hospital, date(2023, 6, 1))
    with pytest.raises(LedgerHasChanged):
        freeze(scope, by=exporter, seen=seen)
    assert not FrozenLedger.objects.exists()
    assert LogEntry.objects.filter(verb=LogEntry.Verb.REFUSED, user=exporter).exists()


def test_the_same_content_is_frozen_once(hospital, exporter):
    first = make_frozen_ledger(hospital, by=exporter)
    with pytest.raises(AlreadyFrozen) as refusal:
        make_frozen_ledger(hospital, by=exporter)
    assert refusal.value.frozen == first


def test_the_same_rows_of_another_unit_or_time_are_another_ledger(hospital):
    make_frozen_ledger(hospital)
    make_frozen_ledger(hospital, make_branch(hospital))
    make_frozen_ledger(hospital, start=date(2023, 1, 1), end=date(2023, 12, 31))
    assert FrozenLedger.objects.count() == 3


def test_a_branch_of_another_hospital_is_refused_at_its_field(hospital, exporter):
    with pytest.raises(ValidationError) as refusal:
        make_frozen_ledger(hospital, make_branch(make_hospital()), by=exporter)
    assert list(refusal.value.message_dict) == ["branch"]


def test_too_many_rows_are_refused_with_what_to_do(hospital, exporter, monkeypatch):
    monkeypatch.setattr("branches.freezing.MOST_ROWS", 1)
    for day in (1, 2):
        on(hospital, date(2023, 6, day))
    with pytest.raises(ValidationError) as refusal:
        make_frozen_ledger(hospital, by=exporter)
    assert "一次最多封存1条" in refusal.value.message_dict["year"][0]


# ── it never changes ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_whatever_becomes_of_the_records_the_frozen_ledger_stays(hospital):
    activity = on(hospital, date(2023, 6, 1), title="原来的题目")
    frozen = make_frozen_ledger(hospital)
    Activity.objects.filter(pk=activity.pk).update(title="改过的题目", status=Activity.Status.WITHDRAWN)
    kept = FrozenLedger.objects.get(pk=frozen.pk)
    assert titles(Content(kept.content)) == {"原来的题目"}
    assert kept.is_intact


@pytest.mark.parametrize("door", DOORS)
def test_no_door_of_the_application_changes_or_deletes_one(hospital, door):
    frozen = make_frozen_ledger(hospital)
    before = FrozenLedger.objects.filter(pk=frozen.pk).values().get()
    with pytest.raises(WrittenOnce):
        DOORS[door](frozen, {"content": "{}"})
    assert FrozenLedger.objects.filter(pk=frozen.pk).values().get() == before


@pytest.mark.parametrize("statement", ["UPDATE {table} SET content = '{{}}'", "DELETE FROM {table}"])
def test_the_database_itself_refuses_where_it_can(hospital, statement):
    """PostgreSQL has a trigger; SQLite is for trying out, and there the models refuse."""
    frozen = make_frozen_ledger(hospital)
    if connection.vendor == "postgresql":
        sql = statement.format(table=FrozenLedger._meta.db_table)
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    else:
        with pytest.raises(WrittenOnce):
            frozen.delete() if "DELETE" in statement else frozen.save()
    assert FrozenLedger.objects.get().is_intact


def test_a_copy_that_was_tampered_with_is_found_out(hospital):
    on(hospital, date(2023, 6, 1), figures={"visits": "60"})
    frozen = make_frozen_ledger(hospital)
    frozen.content = frozen.content.replace("60", "90")
    assert not frozen.is_intact


def test_the_unit_the_branch_and_the_account_of_one_stay(hospital, exporter):
    branch = make_branch(hospital)
    make_frozen_ledger(hospital, branch, by=exporter)
    for row in (branch, exporter):
        with pytest.raises(ProtectedError):
            row.delete()


def _another(frozen, **fields):
    fields = {"number": 2, "sha256": "1" * 64} | fields
    values = {field.attname: getattr(frozen, field.attname) for field in frozen._meta.concrete_fields}
    return FrozenLedger(**(values | {"id": None} | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 1},
        {"sha256": None},
        {"end": date(2023, 1, 1)},
        {"precision": "unknown"},
    ],
    ids=["number", "content", "dates", "precision"],
)
@pytest.mark.parametrize("of_branch", [True, False], ids=["branch", "hospital"])
def test_the_database_keeps_numbers_contents_and_dates_in_order(hospital, fields, of_branch):
    frozen = make_frozen_ledger(hospital, make_branch(hospital) if of_branch else None)
    if "sha256" in fields:
        fields = {"sha256": frozen.sha256}
    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenLedger.objects.bulk_create([_another(frozen, **fields)])


# ── it can still be read after the columns have changed ───────────────────────────────────────────────────────────────


def test_columns_that_were_renamed_since_keep_their_old_names(hospital):
    on(hospital, date(2023, 6, 1), figures={"visits": "60余"}, title="义诊")
    data = json.loads(make_frozen_ledger(hospital).content)
    for column in data["columns"]:
        column["header"] = f"旧{column['header']}"
    data["columns"] = data["columns"][:30]
    for row in data["rows"]:
        row["cells"] = row["cells"][:30]
    data["totals"] = {}
    sheet = Content(json.dumps(data)).sheet(is_short=True, facts=(), created=timezone.now())
    assert [column.header for column in sheet.columns][:4] == ["旧序号", "旧党组织名称", "旧活动类别", "旧活动主题"]
    assert sheet.columns[3].value(data["rows"][0]) == "义诊"


# ── who sees which ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def three(hospital):
    own, other = make_branch(hospital), make_branch(hospital)
    return [make_frozen_ledger(hospital, branch) for branch in (own, other, None)]


@pytest.mark.parametrize("role", Role.values)
def test_all_staff_of_the_hospital_see_them(hospital, three, role):
    assert FrozenLedger.objects.editable_by(make_user(role, hospital)).count() == 3


def test_a_reporter_of_one_branch_sees_that_branchs_only(hospital, three):
    person = make_user(Role.REPORTER, hospital)
    person.memberships.get().branches.add(three[0].branch)
    assert list(FrozenLedger.objects.editable_by(person)) == [three[0]]
    assert [person.has_perm("branches.view_frozenledger", frozen) for frozen in three] == [True, False, False]


def test_another_hospital_and_people_without_a_role_see_none(three):
    for person in (
        make_user(Role.MANAGER, make_hospital()),
        make_user(),
        make_user(is_superuser=True, is_active=False),
    ):
        assert not FrozenLedger.objects.editable_by(person).exists()


# ── what a colleague would say before ─────────────────────────────────────────────────────────────────────────────────


def said(scope) -> dict[str, list[str]]:
    return {str(one.text)[:8]: [row.title for row in one.activities] for one in notices(scope, scope.content())}


def test_what_would_not_be_in_it_is_said_with_its_records(hospital):
    make_activity(hospital, title="草稿")
    make_activity(hospital, title="待审", status=Activity.Status.FIRST_REVIEW, submitted_digest="1" * 64)
    make_activity(hospital, title="撤回的", status=Activity.Status.WITHDRAWN)
    make_activity(hospital, title="去年的草稿", start=date(2022, 6, 1))
    make_activity(
        hospital, title="上半年", start=date(2023, 1, 1), end=date(2023, 6, 30), precision="half_year", public=True
    )
    make_activity(hospital, title="没有日期", start=None, end=None, precision="unknown", public=True)
    make_activity(make_hospital(), title="别家的草稿")
    found = said(LedgerScope(hospital, None, SPRING))
    assert sorted(found["还没有审核通过，"]) == ["待审", "草稿"]
    assert found["写明的时间不全在"] == ["上半年"]
    assert found["时间未载明，不在"] == ["没有日期"]


def test_what_lacks_a_figure_that_was_asked_for_is_said(hospital):
    on(hospital, date(2023, 6, 1), title="缺人次", figures={"sessions": "1"})
    on(
        hospital,
        date(2023, 6, 1),
        title="齐全",
        figures={"sessions": "1", "visits": "60余"} | dict.fromkeys(("medical_staff",), "5"),
    )
    lacking = {activity.title for activity in Activity.objects.lacking_figures()}
    assert lacking == {activity.title for activity in Activity.objects.all() if activity.unreported}
    assert "缺人次" in said(LedgerScope(hospital, None, SPRING))["有该填的数据没有"]


def test_a_revision_under_way_is_said(hospital):
    activity = on(hospital, date(2023, 6, 1), title="在修订")
    activity.revise(by=make_user(Role.REPORTER, hospital))
    assert said(LedgerScope(hospital, None, SPRING))["正在修订，封存的"] == ["在修订"]


def test_a_report_of_nothing_says_so(hospital):
    assert "这段时间没有已发" in said(LedgerScope(hospital, None, SPRING))


def test_a_time_that_is_not_over_says_so(hospital):
    scope = LedgerScope(hospital, None, Period.around(timezone.localdate(), Precision.YEAR))
    assert "这段时间还没有过" in said(scope)


def test_announced_numbers_that_are_not_borne_out_are_said(hospital):
    make_period_figure(make_report(hospital, public=True), "sessions", "193")
    make_period_figure(make_report(hospital), "sessions", "500")
    make_period_figure(make_report(hospital, branch=make_branch(hospital), public=True), "sessions", "7")
    on(hospital, date(2023, 6, 1), figures={"sessions": "12"})
    half = Period.of_days(date(2023, 1, 1), date(2023, 6, 30))
    (gap,) = open_gaps(LedgerScope(hospital, None, half))
    assert (gap.announced.display(), gap.recorded_number, gap.status) == ("193", "12", "待补录")
    assert open_gaps(LedgerScope(hospital, None, SPRING)) == []
