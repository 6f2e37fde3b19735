"""What a draft lacks and what is noticed in it: listed whole, in words, each with the way to the very field of the form."""

import re

import pytest

from articles.models import Article, Byline
from branches.models import Activity, PeriodReport
from branches.periods import Precision
from publishing.admin_noticed import anchor_of, groups_of_draft
from publishing.checks import Incomplete, passages
from publishing.content import content_of
from publishing.models import Publishable
from tests.admin_pages import page_of, posted, said
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_initiative,
    make_period_figure,
    make_report,
)
from tests.reviews import Office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

DRAFT = Publishable.Status.DRAFT
PHONE = "13812345678"


@pytest.fixture
def writer(client, office):
    client.force_login(office.reporter)
    return client


def links(response) -> list[str]:
    return re.findall(r'<b><a href="([^"]+)">', response.content.decode())


def add(client, kind="free_clinic", **typed):
    address = f"/admin/branches/activity/add/?kind={kind}"
    client.post(address, posted(client.get(address), title="下乡义诊") | typed)
    return Activity.objects.get()


# ── to the field ──────────────────────────────────────────────────────────────────────────────────────────────────────


def with_everything(office) -> list:
    """A draft of each sort, with a text in every field that has one."""
    activity = make_activity(office.hospital, figures={"visits": "60余"})
    make_figure(activity, None, "12", label="发放折页", unit="份", position=9)
    activity.photos.create(image="a.jpg", width=1, height=1, caption="银杏树下", alt="银杏树")
    article = make_article(office.hospital)
    article.bylines.create(name="董体", role=Byline.Role.CORRESPONDENT)
    article.photos.create(image="b.jpg", width=1, height=1, caption="银杏树下", alt="银杏树")
    report = make_report(office.hospital)
    make_period_figure(report)
    drafts = [activity, article, report, make_brand(office.hospital), make_initiative(office.hospital)]
    for draft in drafts:
        for field in draft._meta.concrete_fields:
            is_text = field.get_internal_type() in {"CharField", "TextField", "RichTextField"} and field.editable
            if is_text and not field.choices and not getattr(draft, field.name):
                setattr(draft, field.name, "字")
        draft.save()
        draft.tags.add("义诊") if hasattr(draft, "tags") else None
    return drafts


def test_whatever_is_checked_has_its_field_in_the_form(writer, office):
    lost = []
    for draft in with_everything(office):
        form = writer.get(page_of(draft, "change")).content.decode()
        for passage in passages(type(draft), content_of(draft)):
            anchor = anchor_of(passage.name)
            row = anchor.rpartition("-")[0]  # the name and unit of a measure are fixed: its row has the number
            if f'id="{anchor}"' not in form and not (row.startswith("id_figures") and f'id="{row}-quantity"' in form):
                lost.append((type(draft).__name__, passage.name))
    assert not lost


def test_whatever_is_noticed_leads_its_writer_to_the_field(writer, office):
    draft = make_article(office.hospital, body=f"<p>电话{PHONE}。</p>", title=f"电话{PHONE}")
    draft.photos.create(image="b.jpg", width=1, height=1)
    form = page_of(draft, "change")
    asked = links(writer.get(page_of(draft, "step", "submit")))
    assert {f"{form}#id_title", f"{form}#id_body", f"{form}#id_photos-0-consent", f"{form}#id_lede"} <= set(asked)
    draft.photos.all().delete()
    without_photo = [link for link in asked if "photos" not in link]
    assert links(writer.get(page_of(draft, "review"))) == without_photo


def test_whoever_only_judges_a_text_is_led_nowhere(client, office):
    draft = make_article(office.hospital, body=f"<p>电话{PHONE}。</p>", created_by=office.reporter)
    office.hand_in(draft)
    client.force_login(office.first)
    page = client.get(page_of(draft, "review"))
    assert "不能公开" in page.content.decode()
    assert not links(page)


def test_a_number_leads_to_the_row_of_its_measure(writer, office):
    draft = make_activity(office.hospital, kind="theme_day", figures={"expected": "10", "attended": "12"})
    assert f"{page_of(draft, 'change')}#id_figures-attended" in links(writer.get(page_of(draft, "review")))
    assert 'id="id_figures-attended"' in writer.get(page_of(draft, "change")).content.decode()


def test_a_line_of_a_report_leads_to_that_line(writer, office):
    report = make_report(office.hospital)
    total = make_period_figure(report, stated="10")
    make_period_figure(report, "visits", stated="12", subset_of=total, position=1)
    assert f"{page_of(report, 'change')}#id_figures-1-quantity" in links(writer.get(page_of(report, "review")))


# ── drafts with holes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_kept_with_no_more_than_its_name(writer):
    activity = add(writer)
    assert (activity.title, activity.status, activity.start) == ("下乡义诊", DRAFT, None)


def test_an_article_is_kept_with_no_more_than_its_title(writer):
    address = "/admin/articles/article/add/"
    writer.post(address, posted(writer.get(address), title="义诊"))
    assert Article.objects.get().body == ""


@pytest.mark.parametrize("precision", [Precision.DAY, Precision.MONTH])
def test_a_date_that_is_awaited_is_asked_for_again_as_it_will_be_stated(writer, precision):
    activity = add(writer, precision=precision)
    assert activity.is_date_awaited
    form = writer.get(page_of(activity, "change")).context["adminform"].form
    assert form["precision"].value() == precision


def test_a_date_that_came_later_is_awaited_no_more(writer):
    activity = add(writer)
    writer.post(page_of(activity, "change"), posted(writer.get(page_of(activity, "change")), start="2023-06-01"))
    activity.refresh_from_db()
    assert (str(activity.start), activity.precision, activity.is_date_awaited) == ("2023-06-01", "day", False)


def test_a_time_that_is_not_stated_is_no_hole(writer, office):
    activity = add(writer, precision=Precision.UNKNOWN)
    assert not activity.is_date_awaited
    office.hand_in(activity)
    assert activity.is_under_review


def test_a_list_says_that_a_date_is_awaited(writer):
    add(writer)
    assert "日期还没填" in writer.get("/admin/branches/activity/").content.decode()


def test_a_report_may_wait_for_its_period(writer, office):
    address = "/admin/branches/periodreport/add/"
    writer.post(address, posted(writer.get(address), title="上半年义诊情况"))
    report = PeriodReport.objects.get()
    assert report.is_date_awaited
    with pytest.raises(Incomplete):
        report.submit(by=office.reporter)


def test_who_saves_a_draft_is_told_at_once_what_was_noticed_in_it(writer):
    address = "/admin/branches/activity/add/?kind=free_clinic"
    response = writer.post(address, posted(writer.get(address), title=f"电话{PHONE}"), follow=True)
    told = said(response)
    assert "还缺1处，不能发布1处，没填" in told
    assert page_of(Activity.objects.get(), "review") in told


# ── handing in ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def holed(office):
    """An article without a text and, from an import, without a title; one of its authors has no name."""
    draft = make_article(office.hospital, title="", body="", lede="导语还在", created_by=office.reporter)
    draft.bylines.create(name="", role=Byline.Role.CORRESPONDENT)
    return draft


def test_handing_in_lists_all_that_is_missing_at_once(holed, office):
    with pytest.raises(Incomplete) as refusal:
        holed.submit(by=office.reporter)
    assert [gap.place for gap in refusal.value.gaps] == ["title", "bylines.0.name", "body"]
    assert refusal.value.messages == [
        "标题：还没有填。", "署名1·姓名：还没有填。", "正文：正文是空的，请写好正文再送审。",
    ]  # fmt: skip


def test_what_is_missing_is_seen_before_handing_in_and_after_it(writer, holed):
    address, form = page_of(holed, "step", "submit"), page_of(holed, "change")
    asked = writer.get(address)
    missing = [f"{form}#id_title", f"{form}#id_bylines-0-name", f"{form}#id_body"]
    assert links(asked)[:3] == missing
    refused = writer.post(address, {"version": holed.version})
    assert links(refused)[:3] == missing
    assert "还缺3处" in refused.content.decode()


def test_nothing_is_lost_by_a_refusal(writer, holed):
    before = content_of(holed)
    writer.post(page_of(holed, "step", "submit"), {"version": holed.version})
    holed.refresh_from_db()
    assert (holed.status, content_of(holed)) == (DRAFT, before)


def test_a_draft_without_its_date_is_not_handed_in(writer, office):
    activity = add(writer)
    with pytest.raises(Incomplete, match="还没有填日期"):
        activity.submit(by=office.reporter)


def test_several_handed_in_from_the_list_say_what_each_lacks(writer, holed):
    response = writer.post(
        "/admin/articles/article/", {"action": "submit_selected", "_selected_action": [holed.pk]}, follow=True
    )
    told = said(response)
    assert "正文是空的" in told
    assert page_of(holed, "step", "submit") in told


def test_what_might_be_filled_in_keeps_nothing_from_being_handed_in(writer, office):
    draft = make_activity(office.hospital, created_by=office.reporter)
    empty = [group for group in groups_of_draft(draft, None) if group.name == "unfilled"]
    assert {one.finding.label for group in empty for one in group.noticed} >= {
        "主办支部",
        "活动地点",
        "主要内容",
        "服务人次",
    }
    writer.post(page_of(draft, "step", "submit"), {"version": draft.version})
    draft.refresh_from_db()
    assert draft.is_under_review


def test_nothing_is_said_of_a_draft_that_lacks_nothing(office):
    draft = make_activity(
        branch=make_branch(office.hospital),
        place="人和社区",
        summary="义诊。",
        figures={"visits": "60余", "sessions": "1"},
    )
    assert not groups_of_draft(draft, "")


# ── before saving ─────────────────────────────────────────────────────────────────────────────────────────────────────


def checked(client, address, **typed) -> tuple[str, list[str]]:
    """What is said of a form as it stands, with ``typed`` over it, and where it leads."""
    page = client.get(address)
    response = client.post(page.context["typed_checks"], posted(page, **typed))
    assert response.status_code == 200
    return response.content.decode(), re.findall(r'<b><a href="([^"]+)">', response.content.decode())


def test_a_form_is_checked_as_it_stands_and_nothing_is_saved(writer, office):
    draft = make_article(office.hospital, title="旧题目")
    before = content_of(draft)
    words, found = checked(writer, page_of(draft, "change"), title=f"电话{PHONE}", body="")
    assert ("不能公开" in words, "正文是空的" in words) == (True, True)
    assert found == ["#id_body", "#id_title"]
    draft.refresh_from_db()
    assert content_of(draft) == before


def test_a_new_form_is_checked_as_well(writer):
    address = "/admin/branches/activity/add/?kind=theme_day"
    form = writer.get(address).context["inline_admin_formsets"][0].formset
    number = {one.measured.slug: one.add_prefix("quantity") for one in form.rows if one.measured}
    typed = {number["expected"]: "10", number["attended"]: "12", "title": ""}
    words, found = checked(writer, address, **typed)
    assert found == ["#id_title", f"#id_{number['attended']}", "#id_start"]
    assert "实到人数比应到人数多" in words
    assert not Activity.objects.exists()


def test_numbers_are_compared_before_saving(writer):
    address = "/admin/branches/activity/add/?kind=other"
    form = writer.get(address).context["inline_admin_formsets"][0].formset
    number = {one.measured.slug: one.add_prefix("quantity") for one in form.rows if one.measured}
    words, found = checked(
        writer, address, title="义诊", start="2023-06-01", **{number["visits"]: "5", number["screened"]: "60余"}
    )
    assert "人次比人数少" in words
    assert found == ["#id_figures-visits"]


def test_what_is_typed_into_a_new_row_leads_to_that_row(writer):
    address = "/admin/articles/article/add/"
    typed = {"bylines-1-name": f"张{PHONE}", "title": "义诊", "body": "<p>正文。</p>"}
    assert checked(writer, address, **typed)[1] == ["#id_bylines-1-name"]


def test_a_form_in_which_nothing_is_noticed_says_so(writer):
    words, _found = checked(writer, "/admin/articles/article/add/", title="义诊", body="<p>正文。</p>")
    assert "没有发现问题" in words


def test_only_whoever_may_write_a_record_has_its_form_checked(client, office):
    draft = make_article(office.hospital)
    address = page_of(draft, "typed_checks")
    client.force_login(office.first)
    assert client.post(address, {}).status_code == 403
    client.force_login(Office().reporter)
    assert client.post(address, {}).status_code == 404
    client.force_login(office.reporter)
    assert client.get(address).status_code == 405
