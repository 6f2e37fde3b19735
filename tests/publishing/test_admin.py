"""The admin that every record shares: who may do what, where, and what is said about it."""

import re
from datetime import UTC, date, datetime

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from articles.models import Article
from branches.models import Activity, Partner
from hospitals.roles import Role
from publishing import log
from publishing.admin_workflow import WORDINGS
from tests.admin_pages import count_queries, errors, posted, said
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_hospital,
    make_initiative,
    make_partner,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

RECORDS = {
    "branches_activity": make_activity,
    "branches_brand": make_brand,
    "branches_initiative": make_initiative,
    "branches_periodreport": make_report,
    "articles_article": make_article,
    "branches_branch": make_branch,
    "branches_partner": make_partner,
}
PUBLISHABLE = [name for name in RECORDS if name not in {"branches_branch", "branches_partner"}]


def url(name, page, *args):
    return reverse(f"admin:{name}_{page}", args=args)


@pytest.fixture
def own():
    return make_hospital(name="甲医院")


@pytest.fixture
def other():
    return make_hospital(name="乙医院")


@pytest.fixture
def reporter(own):
    return make_user("reporter", own)


@pytest.fixture
def reviewer(own):
    return make_user("final_reviewer", own, name="李建国")


@pytest.fixture
def manager(own):
    return make_user("manager", own)


@pytest.fixture
def as_reporter(client, reporter):
    client.force_login(reporter)
    return client


@pytest.fixture
def as_reviewer(client, reviewer):
    client.force_login(reviewer)
    return client


# ── scope ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("role", ["reporter", "final_reviewer", "manager"])
def test_a_list_shows_only_records_of_the_own_hospital(client, own, other, name, role):
    client.force_login(make_user(role, own))
    mine, foreign = RECORDS[name](own), RECORDS[name](other)
    page = client.get(url(name, "changelist")).content.decode()
    assert str(mine) in page
    assert str(foreign) not in page
    assert "乙医院" not in page


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("page", ["change", "history"])
def test_a_record_of_another_hospital_cannot_be_opened(as_reporter, other, name, page):
    foreign = RECORDS[name](other)
    response = as_reporter.get(url(name, page, foreign.pk), follow=True)
    assert response.redirect_chain or response.status_code == 404
    assert str(foreign) not in response.content.decode()


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_of_another_hospital_cannot_be_saved(as_reporter, other, name):
    foreign = RECORDS[name](other)
    before = str(foreign)
    as_reporter.post(url(name, "change", foreign.pk), {"title": "改了", "name": "改了", "hospital": other.pk})
    foreign.refresh_from_db()
    assert str(foreign) == before


@pytest.mark.parametrize("name", PUBLISHABLE)
@pytest.mark.parametrize("step", sorted(WORDINGS))
def test_a_step_does_not_reach_a_record_of_another_hospital(client, own, other, name, step):
    foreign = RECORDS[name](other, public=True)
    for role in Role:
        client.force_login(make_user(role, own))
        assert client.get(url(name, "step", foreign.pk, step)).status_code == 404
        assert client.post(url(name, "step", foreign.pk, step), {"version": 1, "reason": "原因"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_public


@pytest.mark.parametrize("name", PUBLISHABLE)
def test_a_bulk_action_does_not_reach_records_of_another_hospital(as_reporter, other, name):
    foreign = RECORDS[name](other)
    as_reporter.post(url(name, "changelist"), {"action": "submit_selected", "_selected_action": [foreign.pk]})
    foreign.refresh_from_db()
    assert foreign.status == foreign.Status.DRAFT


def autocomplete_fields():
    for model, model_admin in admin.site._registry.items():
        for field in model_admin.autocomplete_fields:
            yield model, field
        for inline in model_admin.inlines:
            for field in inline.autocomplete_fields:
                yield inline.model, field


@pytest.mark.parametrize(("model", "field"), list(autocomplete_fields()), ids=str)
def test_autocomplete_finds_nothing_of_another_hospital(as_reporter, own, other, model, field):
    target = model._meta.get_field(field).remote_field.model
    make = {admin_name.split("_")[1]: function for admin_name, function in RECORDS.items()}.get(target._meta.model_name)
    if make is None:  # kinds and regions are everybody's
        assert not hasattr(target, "hospital")
        return
    fields = {"nature": "summary"} if target is Activity else {}
    mine, foreign = make(own, **fields), make(other, **fields)
    query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    found = [row["text"] for row in as_reporter.get("/admin/autocomplete/", query).json()["results"]]
    assert str(mine) in found
    assert str(foreign) not in found


def test_autocomplete_does_not_name_members_of_staff(as_reporter):
    query = {"app_label": "hospitals", "model_name": "membership", "field_name": "user"}
    assert as_reporter.get("/admin/autocomplete/", query).status_code == 403


@pytest.mark.parametrize("name", RECORDS)
def test_a_form_offers_and_accepts_only_the_own_hospital(as_reporter, manager, own, other, name):
    if name == "branches_branch":
        as_reporter.force_login(manager)
    address = url(name, "add") + ("?kind=free_clinic" if name == "branches_activity" else "")
    page = as_reporter.get(address)
    assert "甲医院" in page.content.decode()
    assert "乙医院" not in page.content.decode()
    model = page.context["original"] or page.context["opts"].model
    as_reporter.post(
        address, posted(page, title="新的", name="新的", hospital=other.pk, start="2023-06-01", kind="other")
    )
    assert not model.objects.of_hospital(other).exists()


def test_whoever_serves_two_hospitals_chooses_one_of_them(client, own, other):
    user = make_user("reporter", own)
    user.memberships.create(hospital=other, role="reporter")
    client.force_login(user)
    page = client.get(url("branches_partner", "add"))
    client.post(url("branches_partner", "add"), posted(page, name="人和小学", kind="school", hospital=other.pk))
    assert Partner.objects.get().hospital == other


def test_whoever_only_reads_in_a_hospital_cannot_add_there(client, own, other):
    user = make_user("reporter", own)
    user.memberships.create(hospital=other, role="exporter")
    client.force_login(user)
    page = client.get(url("branches_partner", "add"))
    client.post(url("branches_partner", "add"), posted(page, name="人和小学", kind="school", hospital=other.pk))
    assert Partner.objects.get().hospital == own


def test_whoever_only_reads_in_a_hospital_cannot_change_there(client, own, other):
    user = make_user("reporter", own)
    user.memberships.create(hospital=other, role="exporter")
    client.force_login(user)
    foreign = make_partner(other, name="原名")
    assert client.post(url("branches_partner", "change", foreign.pk), {"name": "改了"}).status_code == 403


def test_whoever_serves_two_hospitals_reads_which_branch_is_meant(client, own, other):
    user = make_user("reporter", own)
    user.memberships.create(hospital=other, role="reporter")
    make_branch(own, name="第一支部")
    make_branch(other, name="第一支部")
    client.force_login(user)
    query = {"app_label": "branches", "model_name": "activity", "field_name": "branch"}
    found = [row["text"] for row in client.get("/admin/autocomplete/", query).json()["results"]]
    assert sorted(found) == ["第一支部（乙医院）", "第一支部（甲医院）"]


def test_a_column_of_hospitals_is_there_only_for_whoever_serves_several(as_reporter, reporter, own, other):
    make_activity(own)
    assert "column-hospital" not in as_reporter.get(url("branches_activity", "changelist")).content.decode()
    reporter.memberships.create(hospital=other, role="reporter")
    assert "column-hospital" in as_reporter.get(url("branches_activity", "changelist")).content.decode()


def test_a_superuser_sees_all_hospitals(admin_client, own, other):
    make_activity(own, title="甲的"), make_activity(other, title="乙的")
    page = admin_client.get(url("branches_activity", "changelist")).content.decode()
    assert "甲的" in page
    assert "乙的" in page


def test_djangos_redirect_to_the_public_page_is_closed(as_reporter, other):
    """It would tell any member of staff the address of any record, drafts included."""
    foreign = make_activity(other)
    kind = ContentType.objects.get_for_model(Activity)
    assert as_reporter.get(f"/admin/r/{kind.pk}/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize("name", RECORDS)
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(client, own, name):
    user = make_user("manager", own)
    user.memberships.create(hospital=make_hospital(), role="reporter")  # several hospitals: every column is there
    client.force_login(user)
    fields = (
        {"branch": make_branch(own)} if name not in {"branches_partner", "branches_branch", "articles_article"} else {}
    )
    if name == "branches_brand":
        fields["is_current"] = False
    RECORDS[name](own, **fields)
    client.get(url(name, "changelist"))
    few = count_queries(client, url(name, "changelist"))
    for _number in range(29):
        RECORDS[name](own, **fields)
    assert count_queries(client, url(name, "changelist")) == few


# ── workflow ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def press(client, record, step, **told):
    """What the button's page sends: the version that was looked at, and the reason or time that it asks for."""
    name = f"{record._meta.app_label}_{record._meta.model_name}"
    told = {"version": type(record).objects.get(pk=record.pk).version} | told
    return client.post(url(name, "step", record.pk, step), told, follow=True)


@pytest.fixture
def one_review(own):
    own.review_count = 1
    own.save()


@pytest.fixture
def waiting(one_review, own, reporter):
    """An article in the only review of its hospital."""
    article = make_article(own, title="党旗引领", created_by=reporter)
    article.submit(by=reporter)
    return article


@pytest.mark.parametrize("name", PUBLISHABLE)
def test_a_writer_hands_in_and_a_reviewer_makes_it_public(client, one_review, own, reporter, reviewer, name):
    record = RECORDS[name](own, created_by=reporter)
    client.force_login(reporter)
    assert url(name, "step", record.pk, "submit") in client.get(url(name, "change", record.pk)).content.decode()
    assert "等待终审（李建国）" in said(press(client, record, "submit"))
    client.force_login(reviewer)
    assert not client.get(url(name, "change", record.pk)).context["has_change_permission"]
    done = press(client, record, "approve")
    record.refresh_from_db()
    assert record.is_public
    assert "已发布" in said(done)


def test_where_nobody_holds_the_next_review_handing_in_says_so(as_reporter, reporter, own):
    record = make_article(own, created_by=reporter)
    assert "本院还没有能做初审的人" in said(press(as_reporter, record, "submit"))


@pytest.mark.parametrize("step", ["approve", "return", "override", "withdraw"])
def test_a_reporter_does_not_do_what_reviewers_and_managers_do(as_reporter, waiting, step):
    address = url("articles_article", "step", waiting.pk, step)
    assert address not in as_reporter.get(url("articles_article", "change", waiting.pk)).content.decode()
    assert as_reporter.post(address, {"version": waiting.version, "reason": "原因"}).status_code in {302, 403}
    waiting.refresh_from_db()
    assert waiting.status == waiting.Status.FINAL_REVIEW


def test_a_reviewer_who_wrote_the_text_cannot_approve_it(as_reviewer, reviewer, reporter, one_review, own):
    record = make_article(own, created_by=reviewer)
    record.submit(by=reporter)
    refused = as_reviewer.post(url("articles_article", "step", record.pk, "approve"), {"version": record.version})
    assert refused.status_code == 403
    assert "您写过或审过这一稿" in refused.content.decode()


def test_asking_changes_nothing(as_reviewer, waiting):
    page = as_reviewer.get(url("articles_article", "step", waiting.pk, "approve")).content.decode()
    assert "确定发布吗" in page
    waiting.refresh_from_db()
    assert waiting.status == waiting.Status.FINAL_REVIEW


def test_a_return_without_a_reason_is_asked_for_it_and_changes_nothing(as_reviewer, waiting):
    page = press(as_reviewer, waiting, "return", reason="")
    assert "请写明原因" in page.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == waiting.Status.FINAL_REVIEW


def test_a_time_that_has_passed_is_refused_at_its_field_and_kept(as_reviewer, waiting):
    page = press(as_reviewer, waiting, "approve", at="2020-01-01T08:30")
    assert "发布时间已经过了" in page.content.decode()
    assert 'value="2020-01-01T08:30"' in page.content.decode()
    waiting.refresh_from_db()
    assert not waiting.is_public


def test_a_later_time_is_beijing_time(as_reviewer, waiting):
    press(as_reviewer, waiting, "approve", at="2099-01-01T08:30")
    waiting.refresh_from_db()
    assert waiting.published_at.isoformat() == "2099-01-01T00:30:00+00:00"
    assert waiting.is_scheduled


def test_the_second_of_two_presses_is_told_what_happened(as_reviewer, waiting):
    looked_at = waiting.version
    press(as_reviewer, waiting, "approve")
    again = press(as_reviewer, waiting, "approve", version=looked_at)
    assert "没有改动" in said(again)
    assert "已发布" in said(again)


def test_who_looked_at_an_older_text_approves_nothing(as_reviewer, waiting, reporter):
    looked_at = waiting.version
    waiting.take_back(by=reporter)
    waiting.submit(by=reporter)
    assert "没有改动" in said(press(as_reviewer, waiting, "approve", version=looked_at))
    waiting.refresh_from_db()
    assert not waiting.is_public


@pytest.mark.parametrize("version", ["", "abc", "0", "99999999999999999999"])
def test_a_press_that_does_not_say_what_was_looked_at_changes_nothing(as_reviewer, waiting, version):
    assert press(as_reviewer, waiting, "approve", version=version).status_code == 200
    waiting.refresh_from_db()
    assert not waiting.is_public


def test_an_unknown_step_is_not_found(as_reviewer, own):
    assert as_reviewer.post(url("articles_article", "step", make_article(own).pk, "delete")).status_code == 404


def test_a_withdrawn_record_is_corrected_in_a_copy(client, manager, reporter, own):
    record = make_article(own, public=True)
    client.force_login(manager)
    press(client, record, "withdraw", reason="数字有误")
    client.force_login(reporter)
    page = press(client, record, "revise")
    assert page.context["original"].working_copy_of == record
    assert page.context["has_change_permission"]


@pytest.mark.parametrize("name", PUBLISHABLE)
def test_a_published_record_is_read_only_and_says_how_to_change_it(as_reporter, own, name):
    record = RECORDS[name](own, public=True)
    page = as_reporter.get(url(name, "change", record.pk))
    assert not page.context["has_change_permission"]
    assert "不能直接修改" in page.content.decode()
    refused = as_reporter.post(url(name, "change", record.pk), {"title": "改了", "name": "改了"}, follow=True)
    assert "没有保存" in said(refused)
    assert "改了" not in str(type(record).objects.get(pk=record.pk))


def test_a_published_record_is_read_only_for_the_superuser_too(admin_client, own):
    record = make_article(own, public=True)
    page = admin_client.get(url("articles_article", "change", record.pk))
    assert not page.context["has_change_permission"]
    assert url("articles_article", "step", record.pk, "withdraw") in page.content.decode()


@pytest.mark.each_database
def test_a_draft_is_not_handed_in_while_a_form_on_it_is_being_saved(as_reporter, own):
    """The form writes the whole row, status included: it locks it first."""
    record = make_article(own)
    page = as_reporter.get(url("articles_article", "change", record.pk))
    with CaptureQueriesContext(connection) as queries:
        as_reporter.post(url("articles_article", "change", record.pk), posted(page, title="改好了"))
    locks = [query for query in queries if "FOR NO KEY UPDATE" in query["sql"] and "articles_article" in query["sql"]]
    assert bool(locks) == connection.features.has_select_for_update  # SQLite has one writer at a time anyway


def test_a_read_only_text_is_shown_as_it_reads(as_reviewer, own):
    record = make_article(own, body="<h2>小标题</h2><p>正文</p>")
    page = as_reviewer.get(url("articles_article", "change", record.pk)).content.decode()
    assert "<h2>小标题</h2>" in page


def test_nothing_is_deleted(admin_client, own):
    for name, make in RECORDS.items():
        assert admin_client.post(url(name, "delete", make(own).pk), {"post": "yes"}).status_code == 403


def test_a_bulk_action_names_what_it_could_not_do_and_does_the_rest(as_reporter, own):
    good, bad = make_article(own, title="写好的"), make_article(own, title="公开的", public=True)
    data = {"action": "submit_selected", "_selected_action": [good.pk, bad.pk]}
    response = as_reporter.post(url("articles_article", "changelist"), data, follow=True)
    good.refresh_from_db(), bad.refresh_from_db()
    assert (good.status, bad.status) == ("first_review", "published")
    assert "公开的" in said(response)
    assert "送审了1条记录" in said(response)


@pytest.mark.parametrize(
    ("role", "actions"), [("reporter", {"submit_selected"}), ("final_reviewer", set()), ("manager", set())]
)
def test_a_list_offers_only_the_actions_of_the_role(client, own, role, actions):
    client.force_login(make_user(role, own))
    make_article(own)
    form = client.get(url("articles_article", "changelist")).context["action_form"]
    offered = {name for name, _label in form.fields["action"].choices if name} if form else set()
    assert offered == actions


# ── what is said ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_saving_a_draft_says_its_reference_and_what_comes_next(as_reporter):
    page = as_reporter.get(url("branches_activity", "add") + "?kind=free_clinic")
    data = posted(page, title="义诊", start="2023-06-01")
    response = as_reporter.post(url("branches_activity", "add") + "?kind=free_clinic", data, follow=True)
    activity = Activity.objects.get()
    noticed = f'检查了一遍：没填5处。<a href="{url("branches_activity", "review", activity.pk)}">看是哪些</a>'
    submit = f'<a href="{url("branches_activity", "step", activity.pk, "submit")}">送审</a>'
    assert said(response) == f"已存为草稿，编号{activity.reference}。写好后点“{submit}”。{noticed}"


def test_saving_notes_who_wrote(as_reporter, reporter):
    page = as_reporter.get(url("articles_article", "add"))
    as_reporter.post(url("articles_article", "add"), posted(page, title="题"))
    article = Article.objects.get()
    assert (article.created_by, article.updated_by) == (reporter, reporter)


@pytest.mark.parametrize(
    ("button", "address"),
    [("_save", "/admin/articles/article/"), ("_continue", "/change/"), ("_addanother", "/admin/articles/article/add/")],
)
def test_each_button_leads_where_it_says(as_reporter, own, button, address):
    record = make_article(own)
    page = as_reporter.get(url("articles_article", "change", record.pk))
    response = as_reporter.post(url("articles_article", "change", record.pk), posted(page) | {button: "1"})
    assert response.url.endswith(address)


def test_the_buttons_are_in_chinese(as_reporter):
    page = as_reporter.get(url("articles_article", "add")).content.decode()
    for words in ("保存草稿", "保存并继续编辑", "保存并新建下一条"):
        assert f'value="{words}"' in page


@pytest.mark.parametrize(("public", "label"), [(False, "预览"), (True, "在网站查看")])
def test_the_page_links_to_the_records_own_page(as_reporter, own, public, label):
    record = make_activity(own, public=public)
    page = as_reporter.get(url("branches_activity", "change", record.pk)).content.decode()
    assert f'<a href="{record.get_absolute_url()}" target="_blank" rel="noopener">{label}</a>' in page


def test_a_refusal_is_a_page_of_the_admin_in_chinese(as_reporter):
    response = as_reporter.get("/admin/nothing-here/")
    assert response.status_code == 404
    assert "没有找到" in response.content.decode()
    assert "工作台" in response.content.decode()


def test_what_is_searched_is_found_by_any_part_of_its_text(as_reporter, own):
    make_article(own, title="党旗引领促发展"), make_article(own, title="别的")
    page = as_reporter.get(url("articles_article", "changelist"), {"q": "引领"}).content.decode()
    assert "党旗引领促发展" in page
    assert "别的" not in page


@pytest.mark.parametrize(("query", "words"), [({}, "这里还没有稿件"), ({"q": "没有的"}, "没有符合条件的稿件")])
def test_an_empty_list_says_so(as_reporter, query, words):
    assert words in as_reporter.get(url("articles_article", "changelist"), query).content.decode()


@pytest.mark.parametrize("tags", ["字" * 31, "！！！"])
def test_a_tag_that_has_no_page_is_refused_at_the_field(as_reporter, own, tags):
    page = as_reporter.get(url("articles_article", "add"))
    response = as_reporter.post(url("articles_article", "add"), posted(page, title="题", tags=tags))
    assert "标签" in errors(response)["tags"]
    assert not Tag.objects.exists()


# ── lists on a phone, dates ───────────────────────────────────────────────────────────────────────────────────────────


def test_every_cell_of_a_list_carries_the_name_of_its_column(as_reporter, own):
    make_activity(own, title="下乡义诊", place="<村口>")
    page = as_reporter.get(url("branches_activity", "changelist")).content.decode()
    row = page.split("<tbody>")[1].split("</tr>")[0]
    assert re.findall('data-label="([^"]+)"', row) == ["活动主题", "主办支部", "活动类别", "日期", "状态", "填报人"]
    assert re.findall('data-label="([^"]+)" data-empty', row) == ["主办支部", "填报人"]


def test_the_box_of_a_row_is_ticked_by_all_of_its_label(as_reporter, own):
    make_activity(own)
    page = as_reporter.get(url("branches_activity", "changelist")).content.decode()
    assert re.search('<td class="action-checkbox"><label class="tick"><input type="checkbox"[^>]+></label></td>', page)


def test_a_phone_shows_what_is_used_daily_and_the_rest_on_request(as_reporter):
    page = as_reporter.get("/admin/").content.decode()
    lists = page.split('<nav class="lists"')[1].split("</nav>")[0]
    assert "<details" in lists
    assert re.findall('<li class="[^"]*daily[^"]*"><a href="[^"]+"[^>]*>([^<]+)', lists) == ["工作台", "活动", "稿件"]


def test_dates_are_written_as_an_office_writes_them(as_reporter, own):
    moment = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)  # 09:30 in Beijing
    article = make_article(own, source_date=date(2026, 3, 5))
    Article.objects.update(updated_at=moment)
    page = as_reporter.get(url("articles_article", "changelist")).content.decode()
    assert {"2026年3月5日", "2026年3月5日 09:30"} <= set(re.findall(">([^<>]+)</td>", page))
    days = as_reporter.get(url("articles_article", "changelist"), {"source_date__year": 2026, "source_date__month": 3})
    row = days.content.decode().split('<nav class="toplinks">')[1].split("</nav>")[0]
    assert re.findall(">([^<>]+)</a>", row) == ["‹ 2026年", "3月5日"]
    history = url("articles_article", "history", article.pk)
    as_reporter.post(url("articles_article", "change", article.pk), {})
    log.record(log.Verb.CHANGE, by=make_user(), about=article)
    assert re.search(r">\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d</time>", as_reporter.get(history).content.decode())


def test_what_was_not_typed_is_a_filter_with_a_name(as_reporter, own):
    make_article(own, section_label="")
    make_article(own, section_label="特别报道")
    page = as_reporter.get(url("articles_article", "changelist")).content.decode()
    assert re.findall(r'<a href="\?section_label=[^"]*">([^<]*)</a>', page) == ["未填", "特别报道"]


# ── pages and scripts ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_import_map_of_the_editor_carries_the_nonce_of_the_policy(as_reporter):
    response = as_reporter.get(url("articles_article", "add"))
    nonce = re.search(r'<script type="importmap" nonce="([^"]+)"', response.content.decode())[1]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_the_scripts_are_given_the_chinese_of_the_editor_and_of_django(as_reporter):
    catalogue = as_reporter.get("/admin/jsi18n/").content.decode()
    assert '"bold": "\\u52a0\\u7c97"' in catalogue
    assert '"Today": "\\u4eca\\u5929"' in catalogue


def test_the_login_page_is_in_chinese(client):
    page = client.get("/admin/login/").content.decode()
    assert "工作人员登录" in page
    assert "忘记密码" in page


def test_lists_are_in_the_order_of_the_work(admin_client):
    sections = admin_client.get("/admin/").context["app_list"]
    assert [section["name"] for section in sections] == ["填报", "品牌与举措", "组织", "应办", "设置", "人员与日志"]


def test_every_page_of_every_list_opens(admin_client, own):
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        assert admin_client.get(url(name, "changelist")).status_code == 200
        if model_admin.has_add_permission(admin_client.get("/admin/").wsgi_request):
            assert admin_client.get(url(name, "add")).status_code == 200


def test_the_lists_are_not_for_strangers(client):
    assert client.get(url("articles_article", "changelist")).status_code == 302


def test_a_member_of_staff_without_a_role_sees_nothing(client, own):
    make_article(own, title="秘密")
    client.force_login(make_user())
    assert client.get(url("articles_article", "changelist")).status_code == 403
    assert "秘密" not in client.get("/admin/").content.decode()


def test_more_chosen_rows_cost_the_form_no_more_queries(as_reporter, own):
    few, many = make_activity(hospital=own), make_activity(hospital=own)
    for activity, count in ((few, 1), (many, 10)):
        activity.partners.set([make_partner(hospital=own) for _number in range(count)])
        activity.joint_branches.set([make_branch(hospital=own) for _number in range(count)])
    costs = [count_queries(as_reporter, f"/admin/branches/activity/{activity.pk}/change/") for activity in (few, many)]
    assert costs[0] == costs[1]
