"""The log as managers read it, narrow it down and hand it out; and what happened to one record."""

import csv
import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from articles.models import Article
from publishing import admin_log, capped, log
from publishing.models import LogEntry
from tests.admin_pages import count_queries, posted
from tests.factories import make_activity, make_article, make_hospital, make_partner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LIST = "/admin/publishing/logentry/"


@pytest.fixture
def own():
    return make_hospital(name="甲医院")


@pytest.fixture
def other():
    return make_hospital(name="乙医院")


@pytest.fixture
def manager(own):
    return make_user("manager", own, name="李建国")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def write(by, about=None, verb=log.Verb.CHANGE, *, days_ago=0, **what) -> LogEntry:
    entry = log.entry(verb, by=by, about=about, **what)
    entry.at -= timedelta(days=days_ago)
    entry.save()
    return entry


def listed(client, **query) -> list[str]:
    """What the rows of the list are about, without who came and went."""
    response = client.get(LIST, query)
    assert response.status_code == 200
    coming = {log.Verb.LOGIN, log.Verb.LOGOUT}
    return [entry.about for entry, _kind in response.context["entries"] if entry.verb not in coming]


# ── who reads it ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["reporter", "first_reviewer", "second_reviewer", "final_reviewer", "exporter"])
@pytest.mark.parametrize("view", ["", "export.csv", "export.xlsx", "row"])
def test_only_managers_read_the_log(client, own, role, view):
    user = make_user(role, own)
    client.force_login(user)
    entry = write(user)
    assert client.get(LIST + (f"{entry.pk}/change/" if view == "row" else view)).status_code == 403


def test_only_whoever_may_read_it_is_shown_the_way(client, as_manager, own):
    assert LIST in as_manager.get("/admin/").content.decode()
    client.force_login(make_user("reporter", own))
    assert LIST not in client.get("/admin/").content.decode()


def test_a_manager_reads_what_is_about_the_own_hospital(as_manager, manager, own, other):
    write(make_user("reporter", own), make_partner(own, name="甲单位"))
    write(make_user("reporter", other), make_partner(other, name="乙单位"))
    assert listed(as_manager) == ["甲单位"]


def test_a_manager_reads_who_of_another_hospital_tried_something_here(as_manager, own, other):
    log.refused("修改", by=make_user("reporter", other), about=make_partner(own, name="甲单位"))
    assert listed(as_manager) == ["甲单位"]


def test_both_managers_of_whoever_serves_two_hospitals_read_their_logins(client, own, other):
    user = make_user("reporter", own, name="两边都在")
    user.memberships.create(hospital=other, role="reporter")
    client.force_login(user)
    for hospital in (own, other):
        client.force_login(make_user("manager", hospital))
        entries = client.get(LIST, {"verb": "login"}).context["entries"]
        assert "两边都在" in [entry.user_name for entry, _kind in entries]


def test_what_is_about_no_hospital_is_not_a_managers_to_read(as_manager, admin_user, own):
    write(admin_user, own.region)
    log.login_failed(None, address="192.0.2.7")
    assert listed(as_manager) == []


def test_what_the_platforms_administrator_does_for_all_is_not_one_hospitals_to_read(as_manager, admin_user, own):
    admin_user.memberships.create(hospital=own, role="reporter")
    write(admin_user, own.region)
    assert listed(as_manager) == []


def test_whoever_manages_one_hospital_and_reports_in_another_reads_the_log_of_the_first(as_manager, manager, other):
    manager.memberships.create(hospital=other, role="reporter")
    write(make_user("reporter", other), make_partner(other, name="乙单位"))
    assert listed(as_manager) == []


def test_the_platforms_administrator_reads_everything(admin_client, own, other):
    for hospital, name in ((own, "甲单位"), (other, "乙单位")):
        write(make_user("reporter", hospital), make_partner(hospital, name=name))
    assert listed(admin_client) == ["乙单位", "甲单位"]


def test_a_row_of_another_hospital_cannot_be_opened(as_manager, other):
    entry = write(make_user("reporter", other), make_partner(other, name="乙单位"))
    response = as_manager.get(f"{LIST}{entry.pk}/change/")
    assert response.status_code == 404
    assert "乙单位" not in response.content.decode()


@pytest.mark.parametrize("key", ["0", "abc", "9" * 30, "1/../2"])
def test_a_row_that_is_not_there_is_not_found(as_manager, key):
    assert as_manager.get(f"{LIST}{key}/change/").status_code == 404


# ── narrowing it down ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def three(own, manager, admin_user):
    """Three rows that differ in everything, the latest first."""
    reporter = make_user("reporter", own, name="王芳")
    return [
        write(reporter, make_partner(own, name="人和小学"), log.Verb.CREATE, days_ago=1),
        write(manager, make_article(own, title="义诊进社区"), log.Verb.EXPORT, days_ago=10, reason="打开/admin/"),
        write(admin_user, make_activity(own, title="主题党日"), days_ago=20, is_override=True),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["人和小学", "义诊进社区", "主题党日"]),
        ({"verb": "create"}, ["人和小学"]),
        ({"kind": "articles.article"}, ["义诊进社区"]),
        ({"only_overrides": "on"}, ["主题党日"]),
        ({"q": "党日"}, ["主题党日"]),
        ({"q": "/admin/"}, ["义诊进社区"]),
        ({"q": "%"}, []),
        ({"q": "义诊", "verb": "create"}, []),
    ],
)
def test_the_list_is_narrowed_down(as_manager, three, query, found):
    assert listed(as_manager, **query) == found


def test_the_list_is_narrowed_down_to_a_person(as_manager, three):
    assert listed(as_manager, person=three[0].user_id) == ["人和小学"]


def test_the_list_is_narrowed_down_to_days_the_last_one_included(as_manager, manager, own):
    for day in (1, 2, 3):
        entry = log.entry(log.Verb.CHANGE, by=manager, about=make_partner(own, name=f"{day}日"))
        entry.at = datetime(2024, 5, day, 23, 59, tzinfo=timezone.get_default_timezone())
        entry.save()
    assert listed(as_manager, since="2024-05-02", until="2024-05-02") == ["2日"]


def test_only_people_of_the_own_hospital_are_offered(as_manager, own, other, admin_user):
    make_user("reporter", own, name="王芳"), make_user("reporter", other, name="别院的人")
    offered = {str(user) for user in as_manager.get(LIST).context["form"].fields["person"].queryset}
    assert offered == {"王芳", "李建国"}


def test_a_person_of_another_hospital_is_not_accepted(as_manager, other):
    stranger = make_user("reporter", other)
    assert "person" in as_manager.get(LIST, {"person": stranger.pk}).context["form"].errors


@pytest.mark.parametrize(
    "query",
    [
        {"since": "abc"}, {"until": "0001-01-01"}, {"until": "9999-12-31"}, {"verb": "nothing"}, {"kind": "no.model"},
        {"kind": "x"}, {"person": "abc"}, {"person": "9" * 30}, {"q": "字" * 101},
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so_and_narrows_nothing(as_manager, three, query):
    response = as_manager.get(LIST, query)
    assert list(response.context["form"].errors) == list(query)
    assert "人和小学" in response.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999"])
def test_a_page_that_is_not_there_is_the_nearest_one(as_manager, three, number):
    assert len(listed(as_manager, p=number)) == 3


def test_no_more_rows_are_counted_than_are_worth_it(as_manager, three, monkeypatch):
    monkeypatch.setattr(capped, "MOST_COUNTED", 2)
    response = as_manager.get(LIST)
    assert response.context["page"].paginator.count == 2
    assert "2条以上" in response.content.decode()


def test_a_link_to_a_further_page_keeps_the_conditions(as_manager, manager, own, monkeypatch):
    monkeypatch.setattr(admin_log, "PER_PAGE", 1)
    partner = make_partner(own, name="人和小学")
    write(manager, partner), write(manager, partner)
    assert 'href="?q=%E4%BA%BA%E5%92%8C&amp;p=2"' in as_manager.get(LIST, {"q": "人和", "p": "1"}).content.decode()


def test_the_list_takes_as_many_queries_for_forty_rows_as_for_one(as_manager, own):
    write(make_user("reporter", own), make_partner(own))
    as_manager.get(LIST)
    few = count_queries(as_manager, LIST)
    for _number in range(39):
        write(make_user("reporter", own), make_article(own))
    assert count_queries(as_manager, LIST) == few


# ── a row ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def change(client, record, **typed) -> LogEntry:
    address = reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])
    assert client.post(address, posted(client.get(address)) | typed).status_code == 302
    return LogEntry.objects.latest("id")


def words(response) -> str:
    """A page as it reads: without tags, and each stretch of space as one."""
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def test_a_row_shows_what_was_before_and_after_in_words(as_manager, own):
    entry = change(as_manager, own, review_count="2", hotline="0913-8722000")
    page = words(as_manager.get(f"{LIST}{entry.pk}/change/"))
    assert "审核级数 三级：初审、复审、终审 两级：初审、终审" in page
    assert "热线电话 （空） 0913-8722000" in page


def test_a_row_about_a_new_record_shows_what_was_filled_in(as_manager):
    page = as_manager.get("/admin/branches/partner/add/")
    as_manager.post("/admin/branches/partner/add/", posted(page, name="人和小学", kind="school"))
    entry = LogEntry.objects.latest("id")
    assert "填写的内容" in words(as_manager.get(f"{LIST}{entry.pk}/change/"))
    assert "名称 人和小学" in words(as_manager.get(f"{LIST}{entry.pk}/change/"))


def test_what_was_typed_is_shown_as_text(as_manager, own):
    entry = change(as_manager, own, introduction="<script>alert(1)</script>")
    page = as_manager.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_row_links_to_its_object_while_it_is_there(as_manager, manager, own):
    partner = make_partner(own)
    entry, address = write(manager, partner), reverse("admin:branches_partner_change", args=[partner.pk])
    assert f'href="{address}"' in as_manager.get(f"{LIST}{entry.pk}/change/").content.decode()
    partner.delete()
    assert f'href="{address}"' not in as_manager.get(f"{LIST}{entry.pk}/change/").content.decode()


def test_a_password_is_a_change_whose_content_is_not_kept(as_manager, manager):
    entry = log.own_password_changed(manager)
    assert "密码 内容不记入日志" in words(as_manager.get(f"{LIST}{entry.pk}/change/"))


def test_a_photo_is_named_by_what_is_said_of_it(as_manager, manager, own):
    photos = [{"image": "pictures/a.jpg", "caption": caption, "alt": ""} for caption in ("义诊现场", "")]
    changes = [{"name": "photos", "label": "照片", "before": photos, "after": []}]
    page = as_manager.get(f"{LIST}{write(manager, make_article(own), changes=changes).pk}/change/")
    assert "义诊现场" in words(page)
    assert "照片（没有说明）" in words(page)
    assert "pictures/a" not in page.content.decode()  # the file may be gone


def test_changes_of_a_field_that_is_gone_are_shown_as_they_were_kept(as_manager, manager, own):
    changes = [{"name": "fax", "label": "传真", "before": "1", "after": "2"}]
    entry = write(manager, own, changes=changes)
    assert "传真 1 2" in words(as_manager.get(f"{LIST}{entry.pk}/change/"))


def test_a_failed_login_says_that_it_need_not_be_the_person(as_manager, own):
    entry = log.login_failed(make_user("reporter", own, name="王芳"), address="192.0.2.7")
    page = words(as_manager.get(f"{LIST}{entry.pk}/change/"))
    assert "不一定是本人" in page
    assert "192.0.2.7" in page


# ── handing it out ────────────────────────────────────────────────────────────────────────────────────────────────────


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def as_csv(response) -> list[dict]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_the_file_has_the_rows_of_the_narrowed_list(as_manager, three):
    found = as_csv(as_manager.get(f"{LIST}export.csv", {"kind": "articles.article"}))
    assert [(row["对象"], row["动作"], row["类型"], row["单位"]) for row in found] == [
        ("义诊进社区", "导出", "稿件", "甲医院")
    ]


def test_the_file_has_the_changes_in_words(as_manager, own):
    change(as_manager, own, review_count="2")
    (row,) = as_csv(as_manager.get(f"{LIST}export.csv", {"verb": "change"}))
    assert row["改动"] == "审核级数：三级：初审、复审、终审 → 两级：初审、终审"


def test_the_file_has_nothing_of_another_hospital(as_manager, other):
    write(make_user("reporter", other), make_partner(other, name="乙单位"))
    assert "乙单位" not in body(as_manager.get(f"{LIST}export.csv")).decode()


def test_the_sheet_says_who_took_it_and_with_which_conditions(as_manager, three):
    response = as_manager.get(f"{LIST}export.xlsx", {"verb": "create", "since": date(2024, 1, 1)})
    sheet = load_workbook(io.BytesIO(body(response))).active
    assert sheet["A1"].value == "操作日志"
    assert "导出人：李建国" in sheet["A2"].value
    assert "动作：新建；从：2024-01-01" in sheet["A2"].value
    assert [sheet["B4"].value, sheet["F4"].value] == ["王芳", "人和小学"]


def test_nothing_in_the_file_runs_as_a_formula(as_manager, manager, own):
    write(manager, make_partner(own, name="=1+1"))
    (row,) = as_csv(as_manager.get(f"{LIST}export.csv", {"verb": "change"}))
    assert row["对象"] == "'=1+1"


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_handing_it_out_is_a_row_of_its_own(as_manager, manager, own, extension):
    body(as_manager.get(f"{LIST}export.{extension}", {"verb": "login"}))
    row = LogEntry.objects.get(verb="export")
    assert (row.user, row.about, row.institution_id) == (manager, "操作日志", own.pk)
    assert row.reason == f"{extension.upper()}，条件：动作：登录"


def test_conditions_that_cannot_be_read_give_no_file(as_manager):
    response = as_manager.get(f"{LIST}export.csv", {"since": "abc"})
    assert response.url == f"{LIST}?since=abc"
    assert not LogEntry.objects.filter(verb="export").exists()


def test_there_are_two_kinds_of_files(as_manager):
    assert as_manager.get(f"{LIST}export.html").status_code == 404


# ── what happened to one record ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def writer(own):
    return make_user("reporter", own, name="王芳")


@pytest.fixture
def as_writer(client, writer):
    client.force_login(writer)
    return client


def history(client, record) -> list:
    address = reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_history", args=[record.pk])
    response = client.get(address)
    assert response.status_code == 200
    return response.context["happenings"]


def test_a_record_tells_who_wrote_and_who_reviewed_it_the_first_last(as_writer, writer, own):
    page = as_writer.get("/admin/articles/article/add/")
    as_writer.post("/admin/articles/article/add/", posted(page, title="义诊进社区", body="<p>到社区义诊。</p>"))
    article = Article.objects.get()
    change(as_writer, article, title="义诊进万家")
    article.refresh_from_db()
    article.submit(by=writer)
    article.return_(by=make_user("first_reviewer", own, name="赵敏"), reason="请核对人次。")
    assert [(one.who, one.what, one.reason) for one in history(as_writer, article)] == [
        ("赵敏", "初审退回", "请核对人次。"), ("王芳", "送审", ""), ("王芳", "修改", ""), ("王芳", "新建", ""),
    ]  # fmt: skip


def test_the_history_shows_what_was_changed(as_writer, own):
    article = make_article(own, title="义诊进社区")
    change(as_writer, article, title="义诊进万家")
    page = as_writer.get(f"/admin/articles/article/{article.pk}/history/")
    assert "标题 义诊进社区 义诊进万家" in words(page)


def test_the_history_of_a_working_copy_is_its_records(as_writer, writer, own):
    article = make_article(own, public=True)
    copy = article.revise(by=writer)
    change(as_writer, copy, title="新题")
    assert history(as_writer, copy) == history(as_writer, article)
    assert [one.what for one in history(as_writer, article)] == ["修改", "开始修订"]


def test_the_history_of_a_merged_copy_stays_with_its_record(as_writer, writer, own):
    article = make_article(own, public=True)
    copy = article.revise(by=writer)
    change(as_writer, copy, title="新题")
    copy.refresh_from_db()
    copy.discard(by=writer)
    assert [one.what for one in history(as_writer, article)] == ["放弃修订", "修改", "开始修订"]


def test_what_was_refused_is_for_the_managers_not_for_the_history(as_writer, own):
    article = make_article(own)
    log.refused("审核通过", by=make_user("exporter", own), about=article)
    assert history(as_writer, article) == []


def test_a_row_without_reviews_has_its_history_too(client, own):
    partner = make_partner(own)
    client.force_login(make_user("manager", own, name="周伟"))
    change(client, partner, name="新名")
    assert [(one.who, one.what) for one in history(client, partner)] == [("周伟", "修改")]


def test_the_history_of_another_hospitals_record_is_not_shown(as_writer, other):
    article = make_article(other, title="乙的稿件")
    response = as_writer.get(f"/admin/articles/article/{article.pk}/history/", follow=True)
    assert "乙的稿件" not in response.content.decode()


def test_a_long_history_goes_on_on_further_pages(as_writer, writer, own):
    partner = make_partner(own)
    for number in range(25):
        write(writer, partner, reason=f"第{number}次")
    address = f"/admin/branches/partner/{partner.pk}/history/"
    assert [one.reason for one in as_writer.get(address, {"p": 2}).context["happenings"]] == [
        "第4次", "第3次", "第2次", "第1次", "第0次",
    ]  # fmt: skip


def test_a_history_takes_as_many_queries_for_twenty_steps_as_for_two(as_writer, writer, own):
    article = make_article(own)
    article.submit(by=writer), write(writer, article)
    address = f"/admin/articles/article/{article.pk}/history/"
    as_writer.get(address)
    few = count_queries(as_writer, address)
    for _number in range(9):
        article.take_back(by=writer), article.submit(by=writer), write(writer, article)
    assert count_queries(as_writer, address) == few
