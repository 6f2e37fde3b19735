"""The public page is its own preview, for the record's own staff only; and it names those who approved it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hospitals.models import User
from hospitals.roles import Role
from publishing.models import Version
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_initiative,
    make_period_figure,
    make_report,
    make_user,
)
from tests.reviews import Office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

with_own_page = pytest.mark.parametrize("make", [make_activity, make_article], ids=["activity", "article"])
without_own_page = pytest.mark.parametrize(
    "make", [make_brand, make_initiative, make_report], ids=["brand", "initiative", "report"]
)
of_any_kind = pytest.mark.parametrize(
    "make",
    [make_activity, make_article, make_brand, make_initiative, make_report],
    ids=["activity", "article", "brand", "initiative", "report"],
)
DENIED = {"X-Frame-Options": "DENY", "frame-ancestors": "'none'"}
OURS_ONLY = {"X-Frame-Options": "SAMEORIGIN", "frame-ancestors": "'self'"}


@pytest.fixture
def office():
    return Office()


def framing(response) -> dict:
    """What a response says about pages that would show it in a frame."""
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return {"X-Frame-Options": response["X-Frame-Options"], "frame-ancestors": policy["frame-ancestors"]}


def text_of(response) -> str:
    return response.content.decode()


def schedule(record, when) -> None:
    type(record).objects.filter(pk=record.pk).update(status="published", published_at=when)


# ── what is not public yet ────────────────────────────────────────────────────────────────────────────────────────────


@of_any_kind
def test_staff_of_the_hospital_see_the_draft_as_the_public_will(client, office, make):
    field = {make_activity: "title", make_article: "title", make_report: "title"}.get(make, "name")
    draft = make(office.hospital, **{field: "还没有公开"})
    client.force_login(office.reporter)
    text = text_of(client.get(draft.get_preview_url()))
    assert "还没有公开" in text
    assert "预览：草稿" in text


@of_any_kind
def test_staff_of_another_hospital_do_not_find_it(client, make):
    client.force_login(make_user(Role.REPORTER, make_hospital()))
    assert client.get(make(make_hospital()).get_preview_url()).status_code == 404


@of_any_kind
def test_a_stranger_does_not_find_it(client, make):
    assert client.get(make(make_hospital()).get_preview_url()).status_code == 404


@of_any_kind
def test_a_preview_is_kept_by_no_cache(client, office, make):
    client.force_login(office.reporter)
    assert "no-store" in client.get(make(office.hospital).get_preview_url())["Cache-Control"]


@of_any_kind
def test_a_preview_may_be_framed_by_our_own_pages_alone(client, office, make):
    client.force_login(office.reporter)
    assert framing(client.get(make(office.hospital).get_preview_url())) == OURS_ONLY


@with_own_page
def test_a_public_page_may_be_framed_by_nobody(client, office, make):
    client.force_login(office.reporter)
    assert framing(client.get(make(office.hospital, public=True).get_absolute_url())) == DENIED


@pytest.mark.parametrize("path", ["/", "/activities/", "/admin/", "/admin/branches/activity/"])
def test_no_other_page_may_be_framed(client, office, path):
    client.force_login(office.reporter)
    assert framing(client.get(path)) == DENIED


@with_own_page
def test_a_public_page_does_not_depend_on_who_asks(client, office, make):
    address = make(office.hospital, public=True).get_absolute_url()
    for_a_stranger = client.get(address).content
    client.force_login(office.reporter)
    assert client.get(address).content == for_a_stranger


@with_own_page
def test_a_public_page_never_looks_at_the_person(client, office, make):
    address = make(office.hospital, public=True).get_absolute_url()
    client.force_login(office.reporter)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    asked = " ".join(query["sql"] for query in captured)
    assert not [model for model in (User, Session) if f'"{model._meta.db_table}"' in asked]


@with_own_page
def test_a_scheduled_page_says_when_it_will_be_public_in_beijing_time(client, office, make):
    record = make(office.hospital)
    schedule(record, datetime(2999, 5, 3, 0, 30, tzinfo=UTC))
    client.force_login(office.reporter)
    text = text_of(client.get(record.get_absolute_url()))
    assert "预览：定时发布" in text
    assert "2999年5月3日 08:30（北京时间）" in text


@with_own_page
def test_a_scheduled_page_is_found_by_nobody_else(client, office, make):
    record = make(office.hospital)
    schedule(record, timezone.now() + timedelta(hours=1))
    assert client.get(record.get_absolute_url()).status_code == 404


@with_own_page
def test_a_preview_says_at_which_review_the_text_is_in_the_offices_own_words(client, office, make):
    office.hospital.first_review_label = "一审"
    office.hospital.save()
    draft = make(office.hospital, created_by=office.reporter)
    office.hand_in(draft)
    client.force_login(office.reporter)
    assert "预览：待一审" in text_of(client.get(draft.get_preview_url()))


# ── working copies ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=[make_activity, make_article], ids=["activity", "article"])
def public(request, office):
    return office.publish(request.param(office.hospital, title="公开的题目", created_by=office.reporter))


@pytest.fixture
def copy(office, public):
    return office.rewrite(public.revise(by=office.reporter), title="修订的题目")


def test_a_working_copy_has_the_address_of_its_record(public, copy):
    assert copy.get_preview_url() == f"{public.get_absolute_url()}?draft=1"


def test_staff_see_the_working_copy_and_that_it_is_one(client, office, copy):
    client.force_login(office.first)
    text = text_of(client.get(copy.get_preview_url()))
    assert "修订的题目" in text
    assert "预览：修订稿" in text


def test_a_stranger_does_not_find_the_working_copy(client, copy):
    assert client.get(copy.get_preview_url()).status_code == 404


def test_staff_of_another_hospital_do_not_find_the_working_copy(client, copy):
    client.force_login(make_user(Role.MANAGER, make_hospital()))
    assert client.get(copy.get_preview_url()).status_code == 404


def test_without_a_working_copy_there_is_nothing_to_preview(client, office, public):
    client.force_login(office.reporter)
    assert client.get(public.get_absolute_url(), {"draft": "1"}).status_code == 404


def test_the_public_address_shows_staff_the_public_text_beside_an_open_copy(client, office, public, copy):
    client.force_login(office.reporter)
    text = text_of(client.get(public.get_absolute_url()))
    assert "公开的题目" in text
    assert "修订的题目" not in text


def test_a_working_copy_of_an_article_has_no_address_of_its_own(client, office):
    article = office.publish(make_article(office.hospital, created_by=office.reporter))
    copy = article.revise(by=office.reporter)
    client.force_login(office.reporter)
    assert client.get(f"/articles/{copy.pk}/").status_code == 404


def test_the_preview_of_a_working_copy_is_dated_as_the_page_will_be(client, office):
    article = office.publish(make_article(office.hospital, created_by=office.reporter))
    copy = article.revise(by=office.reporter)
    client.force_login(office.reporter)
    assert f"{timezone.localtime(article.published_at):%H:%M}</time>" in text_of(client.get(copy.get_preview_url()))


def test_the_preview_of_a_working_copy_has_the_articles_about_its_activity(client, office):
    activity = office.publish(make_activity(office.hospital, created_by=office.reporter))
    make_article(office.hospital, title="写到它的报道", public=True).activities.add(activity)
    copy = activity.revise(by=office.reporter)
    client.force_login(office.reporter)
    assert "写到它的报道" in text_of(client.get(copy.get_preview_url()))


def test_the_preview_of_a_working_copy_does_not_name_its_own_record_among_the_others(client, office):
    activity = office.publish(make_activity(office.hospital, title="只此一次", created_by=office.reporter))
    copy = office.rewrite(activity.revise(by=office.reporter), title="改了题目")
    client.force_login(office.reporter)
    assert "只此一次" not in text_of(client.get(copy.get_preview_url()))


def test_the_preview_of_a_summarys_working_copy_has_the_announced_numbers(client, office):
    summary = office.publish(make_activity(office.hospital, nature="summary", created_by=office.reporter))
    make_period_figure(make_report(office.hospital, public=True), stated="193", activity=summary)
    copy = summary.revise(by=office.reporter)
    client.force_login(office.reporter)
    assert "193" in text_of(client.get(copy.get_preview_url()))


# ── what has no page of its own ───────────────────────────────────────────────────────────────────────────────────────


def test_a_brand_is_previewed_with_its_plaque_and_what_it_stands_for(client, office):
    branch = make_branch(office.hospital, name="第五支部（眼科支部）", number=5)
    brand = make_brand(branch=branch, name="光明使者", display_lines="光明|使者", idea="看得见的关怀")
    client.force_login(office.reporter)
    text = text_of(client.get(brand.get_preview_url()))
    assert "<span>光明</span><span>使者</span>" in text
    assert "看得见的关怀" in text


def test_a_brand_of_the_whole_hospital_is_previewed_with_its_plaque(client, office):
    brand = make_brand(office.hospital, display_lines="同心|守护")
    client.force_login(office.reporter)
    assert "<span>同心</span><span>守护</span>" in text_of(client.get(brand.get_preview_url()))


def test_an_initiative_is_previewed_without_its_internal_figures(client, office):
    initiative = make_initiative(office.hospital, name="红帆驿站")
    initiative.figures.create(label="服务家庭", value=31, precision="exact", as_stated="31", unit="户")
    initiative.figures.create(label="内部目标", value=77, precision="exact", as_stated="77", is_internal=True)
    client.force_login(office.reporter)
    text = text_of(client.get(initiative.get_preview_url()))
    assert "服务家庭" in text
    assert "内部目标" not in text


def test_a_report_is_previewed_with_its_lines(client, office):
    report = make_report(office.hospital)
    make_period_figure(report, stated="18694", measure="visits")
    client.force_login(office.reporter)
    assert "18,694" in text_of(client.get(report.get_preview_url()))


@without_own_page
def test_a_working_copy_without_a_page_is_previewed_by_itself(client, office, make):
    live = office.publish(make(office.hospital, created_by=office.reporter))
    copy = live.revise(by=office.reporter)
    client.force_login(office.reporter)
    assert "预览：修订稿" in text_of(client.get(copy.get_preview_url()))


@pytest.mark.parametrize("kind", ["brand", "initiative", "report"])
def test_a_preview_of_nothing_is_not_found(client, office, kind):
    client.force_login(office.reporter)
    for key in ("999999", "9" * 30):
        assert client.get(f"/preview/{kind}/{key}/").status_code == 404


# ── sign-off ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_public_page_names_those_who_approved_it(client, public):
    assert "初审：李明　复审：赵强　终审：陈静</div>" in text_of(client.get(public.get_absolute_url()))


def test_a_sign_off_keeps_the_words_under_which_it_was_given(client, office, public):
    office.hospital.first_review_label = "一审"
    office.hospital.save()
    assert "初审：李明" in text_of(client.get(public.get_absolute_url()))


def test_a_later_edition_says_which_it_is_and_since_when(client, office, public, copy):
    live = office.publish(copy)
    today = timezone.localdate()
    text = text_of(client.get(live.get_absolute_url()))
    assert "终审：陈静 · 第2版，" in text
    assert f"{today.year}年{today.month}月{today.day}日</time>更新" in text


def test_a_hospital_that_wants_no_sign_off_has_none(client, office, public):
    office.hospital.shows_sign_off = False
    office.hospital.save()
    assert "李明" not in text_of(client.get(public.get_absolute_url()))


def test_the_preview_of_a_working_copy_is_not_signed_off_yet(client, office, copy):
    client.force_login(office.reporter)
    assert "李明" not in text_of(client.get(copy.get_preview_url()))


@with_own_page
def test_a_record_without_a_kept_version_has_no_sign_off(client, make):
    record = make(make_hospital(), public=True)
    assert not Version.objects.of(record).exists()
    assert "sign-off" not in text_of(client.get(record.get_absolute_url()))


def test_a_sign_off_takes_one_query(client, public):
    address = public.get_absolute_url()
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len([query for query in captured if f'"{Version._meta.db_table}"' in query["sql"]]) == 1


def test_a_figure_of_the_copy_is_previewed_and_that_of_the_record_stays(client, office):
    activity = office.publish(make_activity(office.hospital, figures={"visits": "60"}, created_by=office.reporter))
    copy = activity.revise(by=office.reporter)
    make_figure(copy, measure="leaflets", stated="777")
    client.force_login(office.reporter)
    assert "777" in text_of(client.get(copy.get_preview_url()))
    assert "777" not in text_of(client.get(activity.get_absolute_url()))
