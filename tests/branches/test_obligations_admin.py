"""What branches have to hold, in the admin: who keeps items and exemptions, the board, its sheet and paper."""

import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from branches.models import ActivityKind, Exemption, Obligation
from hospitals.roles import Role
from publishing.models import LogEntry
from tests.admin_pages import count_queries, errors, posted
from tests.factories import (
    make_activity,
    make_branch,
    make_exemption,
    make_hospital,
    make_obligation,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

BOARD = "/admin/branches/obligation/board/"
READERS = [role for role in Role if role != Role.MANAGER]


@pytest.fixture(autouse=True)
def no_norms(db):
    Obligation.objects.all().delete()


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", slug="wn")


@pytest.fixture
def branch(hospital):
    """Of a hospital that has recorded something since 2019, so that its years can be chosen."""
    make_activity(hospital, kind="other", start=date(2019, 1, 1), end=date(2019, 1, 1), public=True)
    return make_branch(hospital, name="第五支部", founded_on=date(2019, 1, 1))


@pytest.fixture
def signed_in(client, hospital):
    def sign_in(role=Role.EXPORTER, *branches, **fields):
        user = make_user(role, hospital, **fields)
        if branches:
            user.memberships.get().branches.set(branches)
        client.force_login(user)
        return user

    return sign_in


def change_page(row) -> str:
    return reverse(f"admin:branches_{row._meta.model_name}_change", args=[row.pk])


def text_of(response) -> str:
    return response.content.decode()


# ── who keeps items and exemptions ────────────────────────────────────────────────────────────────────────────────────


def new_item(client, **changes):
    address = reverse("admin:branches_obligation_add")
    kind = ActivityKind.objects.get(slug="home_visit")
    typed = {"name": "送医上门", "kinds": [str(kind.pk)], "valid_from": "2023-01-01"}
    return client.post(address, posted(client.get(address), **typed | changes))


def test_a_manager_keeps_the_items_of_the_own_hospital(client, signed_in, hospital):
    signed_in(Role.MANAGER)
    new_item(client, hospital=make_hospital().pk)
    assert Obligation.objects.get().hospital == hospital


def test_a_manager_of_several_hospitals_has_to_say_whose_item_it_is(client, signed_in):
    signed_in(Role.MANAGER).memberships.create(hospital=make_hospital(), role=Role.MANAGER)
    assert "hospital" in errors(new_item(client, hospital=""))
    assert not Obligation.objects.exists()


def test_the_administrator_keeps_the_items_of_the_platform(admin_client, hospital):
    new_item(admin_client, hospital="")
    item = Obligation.objects.get()
    assert item.hospital is None
    page = admin_client.get(change_page(item))
    assert "全平台" in text_of(page)
    admin_client.post(change_page(item), posted(page, name="改了名", hospital=hospital.pk))
    item.refresh_from_db()
    assert (item.name, item.hospital) == ("改了名", None)


def test_the_administrator_keeps_a_hospitals_item_and_never_moves_it(admin_client, hospital):
    item = make_obligation(hospital=hospital)
    admin_client.post(change_page(item), posted(admin_client.get(change_page(item)), hospital=""))
    item.refresh_from_db()
    assert item.hospital == hospital


def test_a_manager_reads_the_items_of_the_platform_and_does_not_change_them(client, signed_in):
    item = make_obligation(name="主题党日")
    signed_in(Role.MANAGER)
    page = client.get(change_page(item))
    assert page.status_code == 200 and not page.context["has_change_permission"]
    refused = client.post(change_page(item), {"name": "被改", "version": item.version})
    item.refresh_from_db()
    assert (refused.status_code, item.name) == (403, "主题党日")


@pytest.mark.parametrize("role", READERS)
def test_the_others_read_and_change_nothing(client, signed_in, hospital, branch, role):
    rows = [make_obligation(hospital=hospital), make_exemption(branch=branch)]
    signed_in(role)
    for row in rows:
        assert client.get(change_page(row)).status_code == 200
        assert client.post(change_page(row), {"version": 1}).status_code == 403
        assert client.get(reverse(f"admin:branches_{row._meta.model_name}_add")).status_code == 403


@pytest.mark.parametrize("make", [make_obligation, make_exemption])
def test_rows_of_another_hospital_are_not_there(client, signed_in, make):
    row = make(hospital=make_hospital())
    signed_in(Role.MANAGER)
    assert client.get(change_page(row)).status_code == 302
    assert client.post(change_page(row), {"version": 1}).status_code != 200


def exempt(client, **typed):
    address = reverse("admin:branches_exemption_add")
    return client.post(address, posted(client.get(address), starts_on="2023-03-01", **typed))


def test_an_exemption_says_who_entered_it(client, signed_in, branch):
    user = signed_in(Role.MANAGER)
    exempt(client, branch=branch.pk, reason="书记外出")
    exemption = Exemption.objects.get()
    assert (exemption.decided_by, exemption.hospital) == (user, branch.hospital)
    assert LogEntry.objects.filter(verb="create", about_id=str(exemption.pk), user=user).exists()


def test_who_corrects_an_exemption_does_not_become_who_entered_it(client, signed_in, branch):
    first = make_user(name="孙丽")
    exemption = make_exemption(branch=branch, decided_by=first)
    signed_in(Role.MANAGER)
    client.post(change_page(exemption), posted(client.get(change_page(exemption)), reason="改了原因"))
    exemption.refresh_from_db()
    assert (exemption.reason, exemption.decided_by) == ("改了原因", first)


def test_an_exemption_may_be_of_an_item_of_the_platform(client, signed_in, branch):
    item = make_obligation()
    signed_in(Role.MANAGER)
    exempt(client, branch=branch.pk, obligation=item.pk, reason="没有党小组")
    assert Exemption.objects.get().obligation == item


def test_an_exemption_without_a_reason_is_refused_at_its_field(client, signed_in, branch):
    signed_in(Role.MANAGER)
    assert "reason" in errors(exempt(client, branch=branch.pk, reason=""))


@pytest.mark.parametrize("what", ["branch", "obligation"])
def test_an_exemption_takes_nothing_from_another_hospital(client, signed_in, branch, what):
    elsewhere = make_hospital()
    others = {"branch": make_branch(elsewhere), "obligation": make_obligation(hospital=elsewhere)}
    signed_in(Role.MANAGER)
    assert what in errors(exempt(client, reason="原因", **{"branch": branch.pk} | {what: others[what].pk}))
    assert not Exemption.objects.exists()


def test_not_even_the_administrator_exempts_from_another_hospitals_item(admin_client, branch):
    item = make_obligation(hospital=make_hospital())
    refused = exempt(admin_client, hospital=branch.hospital.pk, branch=branch.pk, obligation=item.pk, reason="原因")
    assert "属于另一家医院" in errors(refused)["obligation"]


def test_a_limited_reporter_sees_the_exemptions_of_their_branches(client, signed_in, hospital, branch):
    other = make_branch(hospital)
    make_exemption(branch=branch, reason="甲原因")
    make_exemption(branch=other, reason="乙原因")
    make_exemption(hospital, reason="各支部原因")
    signed_in(Role.REPORTER, branch)
    text = text_of(client.get(reverse("admin:branches_exemption_changelist")))
    assert [reason in text for reason in ("甲原因", "乙原因", "各支部原因")] == [True, False, True]


def test_dates_of_a_branch_out_of_order_are_refused_in_its_form(client, signed_in, branch):
    signed_in(Role.MANAGER)
    page = client.get(change_page(branch))
    refused = client.post(change_page(branch), posted(page, founded_on="2020-05-01", dissolved_on="2020-04-30"))
    assert "撤销日期早于成立日期" in text_of(refused)


# ── the board ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def board(client, **query):
    return client.get(BOARD, query)


def cells(response) -> list[str]:
    """The words of each cell of the items' tables, signs and all."""
    found = re.findall(r'<td class="duty-\w+">(.*?)</td>', text_of(response), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


@pytest.fixture
def item():
    return make_obligation("theme_day", name="主题党日")


def record(branch, *parts, **fields):
    return make_activity(branch=branch, kind="theme_day", start=date(*parts), end=date(*parts), **fields)


def test_a_state_is_a_sign_and_a_word(client, signed_in, branch, item):
    record(branch, 2023, 1, 5, public=True)
    make_exemption(branch=branch, starts_on=date(2023, 2, 1), ends_on=date(2023, 2, 28), reason="书记外出")
    signed_in()
    assert cells(board(client, year=2023))[:3] == ["✓ 完成 1月5日", "– 免除 书记外出", "● 逾期 限4月10日"]


def test_what_is_done_leads_to_what_proves_it(client, signed_in, branch, item):
    activity = record(branch, 2023, 1, 5, public=True)
    signed_in()
    assert f'href="{activity.get_absolute_url()}"' in text_of(board(client, year=2023))


def test_of_many_proofs_three_are_named(client, signed_in, branch, item):
    for number in range(1, 6):
        record(branch, 2023, 1, number, public=True)
    signed_in()
    assert cells(board(client, year=2023))[0] == "✓ 完成 1月1日 1月2日 1月3日 等5次"


def test_a_draft_that_would_prove_it_is_shown_and_does_not_count(client, signed_in, branch, item):
    draft = record(branch, 2023, 1, 5)
    signed_in()
    page = board(client, year=2023)
    assert cells(page)[0] == "● 逾期 限2月10日 草稿"
    assert reverse("admin:branches_activity_change", args=[draft.pk]) in text_of(page)


def test_what_is_open_leads_to_its_form_filled_in(client, signed_in, branch, item):
    signed_in(Role.REPORTER)
    (address,) = set(re.findall(r'href="(/admin/branches/activity/add/[^"]*)"', text_of(board(client, year=2023))))
    page = client.get(address.replace("&amp;", "&"))
    form = page.context["adminform"].form
    kind = ActivityKind.objects.get(slug="theme_day")
    assert [str(form[name].value()) for name in ("kind", "branch", "hospital")] == [
        str(key) for key in (kind.pk, branch.pk, branch.hospital_id)
    ]


def test_of_an_item_of_several_kinds_the_kind_is_chosen_there(client, signed_in, branch):
    make_obligation("theme_day", "study")
    signed_in(Role.REPORTER)
    (address,) = set(re.findall(r'href="(/admin/branches/activity/add/[^"]*)"', text_of(board(client, year=2023))))
    assert "kind=" not in address and f"branch={branch.pk}" in address


def test_who_does_not_report_is_led_to_no_form(client, signed_in, branch, item):
    signed_in(Role.MANAGER)
    assert "/admin/branches/activity/add/" not in text_of(board(client, year=2023))


def test_a_limited_reporter_sees_their_branches_only(client, signed_in, hospital, branch, item):
    make_branch(hospital, name="第六支部", founded_on=date(2019, 1, 1))
    signed_in(Role.REPORTER, branch)
    for address in (BOARD, f"{BOARD}print/"):
        text = text_of(client.get(address, {"year": 2023}))
        assert "第五支部" in text and "第六支部" not in text


def test_the_board_is_of_the_own_hospital(client, signed_in, branch, item):
    other = make_branch(make_hospital(name="别家医院"), name="别家支部", founded_on=date(2019, 1, 1))
    make_obligation(hospital=other.hospital, name="别家事项")
    signed_in()
    text = text_of(board(client, year=2023, hospital=other.hospital_id))
    assert not [words for words in ("别家医院", "别家支部", "别家事项") if words in text]


def test_who_serves_several_hospitals_chooses_one(client, signed_in, branch, item):
    other = make_branch(make_hospital(name="乙医院"), name="乙支部", founded_on=date(2019, 1, 1))
    signed_in().memberships.create(hospital=other.hospital, role=Role.EXPORTER)
    text = text_of(board(client, year=2023, hospital=other.hospital_id))
    assert "乙支部" in text and "第五支部" not in text


@pytest.mark.parametrize("query", [{"year": "1900"}, {"year": "二〇二三"}, {"item": "x"}, {"item": "999999"}])
def test_what_cannot_be_read_is_said_at_its_field_and_leads_nowhere_else(client, signed_in, branch, item, query):
    signed_in()
    page = board(client, **query)
    assert page.context["form"].errors.keys() == query.keys() and "board" not in page.context
    for way in ("print/", "board.xlsx"):
        assert client.get(BOARD + way, query).url.startswith(BOARD)


def test_an_item_of_another_hospital_than_the_chosen_one_is_refused(admin_client, branch):
    item = make_obligation(hospital=make_hospital())
    assert "不属于所选医院" in text_of(board(admin_client, hospital=branch.hospital_id, item=item.pk))


def test_one_item_can_be_looked_at_alone(client, signed_in, branch, item):
    make_obligation("study", name="理论学习")
    signed_in()
    tables = board(client, year=2023, item=item.pk).context["board"].tables
    assert [table.obligation.name for table in tables] == ["主题党日"]


def test_items_of_one_name_are_told_apart_among_the_choices(client, signed_in, hospital):
    make_obligation(name="主题党日", valid_to=date(2023, 6, 30))
    make_obligation(name="主题党日", valid_from=date(2023, 7, 1))
    make_obligation(hospital=hospital, name="主题党日")
    signed_in()
    choices = [str(label) for _value, label in board(client).context["form"].fields["item"].choices]
    assert choices == ["全部事项", "主题党日（2023-06-30止）", "主题党日", "主题党日（渭南市第二医院）"]


def test_only_lines_with_gaps_are_shown_where_one_asks_for_them(client, signed_in, hospital, branch):
    make_obligation(name="主题党日", frequency="year")
    make_branch(hospital, name="第六支部", founded_on=date(2019, 1, 1))
    record(branch, 2023, 1, 5, public=True)
    signed_in()
    tables = board(client, year=2023, open="on").context["board"].tables
    assert [line.branch.name for table in tables for line in table.lines] == ["第六支部"]


def test_the_board_says_how_much_is_done(client, signed_in, branch, item):
    record(branch, 2023, 1, 5, public=True)
    signed_in()
    text = re.sub(r"<[^>]+>|\s", "", text_of(board(client, year=2023)))
    assert "应完成12项，已完成1项（8%）；还有0项应办，11项逾期" in text


def test_words_to_remind_with_stand_ready_for_each_branch_and_for_all_without_reasons(client, signed_in, branch, item):
    other = make_branch(branch.hospital, name="第六支部", founded_on=date(2019, 1, 1))
    make_exemption(branch=branch, starts_on=date(2023, 2, 1), ends_on=date(2023, 2, 28), reason="书记外出")
    signed_in()
    boxes = re.findall(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", text_of(board(client, year=2023)), re.DOTALL)
    assert [("第五支部" in box, "第六支部" in box) for box in boxes] == [(True, True), (True, False), (False, True)]
    assert other.name and not [box for box in boxes if "书记外出" in box]


def test_this_year_and_two_before_it_can_be_looked_at_before_anything_is_recorded(client, signed_in):
    signed_in()
    years = [int(value) for value, _label in board(client).context["form"].fields["year"].choices]
    this_year = timezone.localdate().year
    assert years == [this_year, this_year - 1, this_year - 2]


def test_an_office_without_branches_is_told_what_to_do(client, signed_in, item):
    signed_in()
    assert "看看有没有支部" in text_of(board(client))


def test_a_platform_without_hospitals_has_no_board(admin_client):
    assert "还没有医院" in text_of(board(admin_client))
    assert admin_client.get(f"{BOARD}print/").status_code == 302


def test_the_board_takes_as_many_queries_with_forty_branches_as_with_two(client, signed_in, hospital, item):
    signed_in(Role.REPORTER)
    counts = []
    for number in (2, 38):
        for _number in range(number):
            branch = make_branch(hospital, founded_on=date(2019, 1, 1))
            record(branch, 2023, 1, 5, public=True).joint_branches.add(branch)
            record(branch, 2023, 2, 5)
            make_exemption(branch=branch, starts_on=date(2023, 4, 1))
        client.get(BOARD, {"year": 2023})
        counts.append(count_queries(client, f"{BOARD}?year=2023"))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("way", ["", "print/", "board.xlsx"])
def test_strangers_sign_in_and_who_has_no_role_sees_nothing(client, hospital, way):
    assert "/login/" in client.get(BOARD + way).url
    client.force_login(make_user())
    assert client.get(BOARD + way).status_code == 403


def test_the_office_finds_the_board_among_its_pages(client, signed_in, branch):
    signed_in()
    tabs = text_of(client.get(reverse("admin:branches_activity_ledger_page")))
    assert f'<a href="{BOARD}">应办</a>' in tabs


# ── taken away ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sheet_of(response) -> list[tuple]:
    return list(load_workbook(io.BytesIO(b"".join(response))).active.iter_rows(values_only=True))


def test_the_workbook_has_a_line_for_each_branch_and_item_with_what_falls_due_in_its_month(
    client, signed_in, branch, item
):
    make_obligation("study", name="理论学习", frequency="quarter", times=2)
    record(branch, 2023, 1, 5, public=True)
    signed_in()
    rows = sheet_of(client.get(f"{BOARD}board.xlsx", {"year": 2023}))
    assert rows[0][0] == "渭南市第二医院2023年应办事项一览表"
    assert rows[3][:6] == (1, "第五支部", "主题党日（每月1次）", "✓完成", "●逾期", "●逾期")
    assert rows[4][:6] == (2, "第五支部", "理论学习（每季度2次）", None, None, "●逾期 差2次")
    assert rows[3][15:18] == (12, 1, 11)


def test_the_paper_has_the_same_lines_and_sums(client, signed_in, branch, item):
    record(branch, 2023, 1, 5, public=True)
    signed_in()
    text = re.sub(r"\s+", "", text_of(client.get(f"{BOARD}print/", {"year": 2023})))
    assert "<td>✓完成</td><td>●逾期</td>" in text
    assert '合计</th><tdclass="ledger-number">12</td><tdclass="ledger-number">1</td>' in text


def test_reasons_of_exemptions_are_not_taken_away(client, signed_in, branch, item):
    make_exemption(branch=branch, reason="书记外出")
    signed_in()
    rows = sheet_of(client.get(f"{BOARD}board.xlsx", {"year": 2023}))
    assert "–免除" in rows[3] and "书记外出" not in str(rows)
    assert "书记外出" not in text_of(client.get(f"{BOARD}print/", {"year": 2023}))


def test_every_way_out_is_in_the_log(client, signed_in, branch, item):
    signed_in()
    client.get(f"{BOARD}board.xlsx", {"year": 2023, "item": item.pk})
    client.get(f"{BOARD}print/", {"year": 2023, "open": "on"})
    said = list(LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).order_by("pk").values_list("reason", "institution"))
    assert said == [
        ("应办事项一览表，XLSX，2023年，条件：事项：主题党日", "渭南市第二医院"),
        ("应办事项一览表，打印，2023年，条件：只列没办完的", "渭南市第二医院"),
    ]


# ── on the workbench, and nowhere else ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role)
def test_the_workbench_tells_whose_work_it_is_how_much_is_open(client, signed_in, branch, item, role):
    signed_in(role)
    is_told = role in {Role.REPORTER, Role.EXPORTER, Role.MANAGER}
    assert (f'href="{BOARD}?open=on"' in text_of(client.get("/admin/"))) is is_told


def test_the_workbench_counts_the_persons_branches(client, signed_in, hospital, branch):
    today = timezone.localdate()
    make_obligation(frequency="year", grace_days=0)
    make_branch(hospital, founded_on=date(2019, 1, 1))
    signed_in(Role.REPORTER, branch)
    counted = client.get("/admin/").context["obligations"]
    assert (counted.due, counted.late) == (1, 0) and today.year >= 2023


def test_where_nothing_is_open_the_workbench_says_nothing(client, signed_in, branch):
    make_obligation(valid_from=timezone.localdate() + timedelta(days=400))
    signed_in(Role.MANAGER)
    assert BOARD not in text_of(client.get("/admin/")).replace('<a href="/admin/branches/obligation/"', "")


def test_the_workbench_takes_as_many_queries_with_twenty_branches_as_with_one(client, signed_in, hospital, item):
    signed_in(Role.EXPORTER)
    counts = []
    for number in (1, 19):
        for _number in range(number):
            branch = make_branch(hospital, founded_on=date(2019, 1, 1))
            day = timezone.localdate()
            record(branch, day.year, 1, 1, public=True).joint_branches.add(branch)
        client.get("/admin/")
        counts.append(count_queries(client, "/admin/"))
    assert counts[0] == counts[1]


def test_no_public_page_says_anything_of_it(client, branch):
    item = make_obligation(hospital=branch.hospital, name="内部事项名")
    make_exemption(branch=branch, obligation=item, reason="内部免除原因")
    activity = record(branch, 2023, 1, 5, public=True)
    pages = [
        "/", "/hospitals/", branch.hospital.get_absolute_url(), branch.get_absolute_url(), "/statistics/", "/activities/",
        activity.get_absolute_url(), "/activities.csv", "/search/?q=内部", "/feeds/activities.atom", "/sitemap/",
        "/api/v1/branches/", "/api/v1/activities/", "/api/v1/hospitals/",
    ]  # fmt: skip
    told = {}
    for page in pages:
        response = client.get(page)
        body = b"".join(response).decode()
        told[page] = (response.status_code, "内部事项名" in body or "内部免除原因" in body)
    assert set(told.values()) == {(200, False)}, told
