"""The pages on which a text is judged: its review, its versions, what differs; who sees them and what they may do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from branches.models import Activity
from hospitals.roles import Role
from publishing.models import Publishable, ReviewEntry, Version, WatchedWord
from publishing.workflow import contributed
from tests.admin_pages import count_queries, page_of, said
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_hospital,
    make_user,
)
from tests.reviews import MAKE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Status = Publishable.Status
of_any_kind = pytest.mark.parametrize("kind", MAKE)
PHONE = "13812345678"


@pytest.fixture
def draft(office):
    return make_article(office.hospital, title="下乡义诊", created_by=office.reporter)


@pytest.fixture
def blocked(office):
    """At the last review, with something in it that may not become public."""
    draft = make_article(office.hospital, body=f"<p>电话{PHONE}。</p>", created_by=office.reporter)
    return office.hand_in(draft, reviews=2)


@pytest.fixture
def public(office, draft):
    return office.publish(draft)


@pytest.fixture
def copy(office, public):
    return office.rewrite(public.revise(by=office.reporter), title="下乡义诊两天")


def opened(client, person, record, page="review", *args):
    client.force_login(person)
    response = client.get(page_of(record, page, *args))
    assert response.status_code == 200
    return response


def text_of(response) -> str:
    return response.content.decode()


def decide(client, person, record, step, **typed):
    """Press a button of the review page as it was loaded."""
    client.force_login(person)
    data = {"version": record.version, "page": "review"} | typed
    return client.post(page_of(record, "step", step), data)


def offered(response) -> list[str]:
    return [decision["step"] for decision in response.context["decisions"]]


def now(record):
    return type(record).objects.get(pk=record.pk)


# ── what the page shows ───────────────────────────────────────────────────────────────────────────────────────────────


@of_any_kind
def test_whoever_reviews_a_record_is_offered_to_pass_it_on_or_return_it(client, office, kind):
    record = office.hand_in(MAKE[kind](office.hospital, created_by=office.reporter))
    assert offered(opened(client, office.first, record)) == ["approve", "return"]


@of_any_kind
def test_the_page_shows_the_text_as_the_public_will_see_it(client, office, kind):
    record = office.hand_in(MAKE[kind](office.hospital, created_by=office.reporter))
    assert f'<iframe class="review-frame" src="{record.get_preview_url()}"' in text_of(
        opened(client, office.first, record)
    )


def test_the_page_says_who_wrote_it_where_it_is_and_how_long_it_waits(client, office, draft):
    draft = office.hand_in(office.rewrite(draft))
    long_ago = timezone.now() - timedelta(days=4, hours=3)
    Article.objects.filter(pk=draft.pk).update(status_since=long_ago)
    page = text_of(opened(client, office.first, draft))
    for words in ("下乡义诊", str(office.hospital), "待初审", "4天3小时", "王芳"):
        assert words in page


def test_the_words_that_may_not_be_published_are_marked(client, office, blocked):
    page = text_of(opened(client, office.final, blocked))
    assert "不能发布" in page
    assert "<mark>138****5678</mark>" in page


def test_findings_are_grouped_by_how_serious_they_are(client, office, draft):
    WatchedWord.objects.create(word="历来最大", severity="warn")
    office.rewrite(draft, body=f"<p>历来最大的一次，电话{PHONE}。</p>")
    groups = opened(client, office.reporter, draft).context["findings"]
    assert [(group.name, len(group.noticed)) for group in groups] == [("block", 1), ("warn", 1), ("unfilled", 3)]


def test_a_text_without_findings_says_so(client, office, draft):
    assert "没有发现问题" in text_of(opened(client, office.reporter, draft))


def test_a_working_copy_is_shown_beside_what_is_public(client, office, copy):
    page = opened(client, office.first, office.hand_in(copy))
    comparison = page.context["compared"]["comparison"]
    assert [change.label for change in comparison.changes] == ["标题"]
    assert "现在公开的" in text_of(page)


def test_the_copy_of_a_withdrawn_record_is_not_said_to_replace_what_is_public(client, office, public):
    public.withdraw(by=office.manager, reason="有误。")
    copy = office.rewrite(public.revise(by=office.reporter), title="改好的题目")
    page = text_of(opened(client, office.reporter, copy))
    assert "原来公开的" in page
    assert "现在公开的" not in page


def test_a_new_record_has_nothing_to_be_compared_with(client, office, draft):
    assert opened(client, office.reporter, draft).context["compared"] is None


def test_the_trail_says_who_did_what_and_why(client, office, draft):
    office.hand_in(draft)
    draft.return_(by=office.first, reason="人名写错了。")
    page = text_of(opened(client, office.reporter, draft))
    for words in ("送审", "初审退回", "李明", "人名写错了。"):
        assert words in page


def test_a_step_of_the_platforms_administrator_is_marked(client, office, draft):
    draft = office.hand_in(draft)
    draft.approve(by=make_user(is_superuser=True))
    assert "平台管理员代行" in text_of(opened(client, office.second, draft))


def test_the_trail_of_earlier_editions_is_folded_away(client, office, copy):
    page = opened(client, office.reporter, copy)
    assert [edition for edition, _entries in page.context["editions"]] == [2, 1]
    assert "第1版的经过" in text_of(page)


def test_a_public_record_has_a_link_and_no_frame(client, office, public):
    page = text_of(opened(client, office.reporter, public))
    assert "<iframe" not in page
    assert public.get_absolute_url() in page


def test_the_review_page_may_show_our_own_pages_in_a_frame(client, office, draft):
    assert "frame-src 'self'" in opened(client, office.reporter, draft)["Content-Security-Policy"]


def test_a_refused_decision_comes_back_on_a_page_that_may_show_the_preview(client, office, draft):
    response = decide(client, office.first, office.hand_in(draft), "return", reason="")
    assert "frame-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("other", ["change", "versions"])
def test_no_other_page_of_the_admin_may(client, office, draft, other):
    assert "frame-src" not in opened(client, office.reporter, draft, other)["Content-Security-Policy"]


def test_the_page_costs_the_same_with_one_step_and_with_many(client, office, draft):
    office.hand_in(draft)
    client.force_login(office.manager)
    client.get(page_of(draft, "review"))
    few = count_queries(client, page_of(draft, "review"))
    for _round in range(4):
        draft.return_(by=office.first, reason="再看看。")
        draft.submit(by=office.reporter)
    assert count_queries(client, page_of(draft, "review")) == few


# ── who may do what on it ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("person", ["reporter", "second", "final", "manager"])
def test_others_of_the_hospital_read_the_page_and_decide_nothing(client, office, draft, person):
    page = opened(client, getattr(office, person), office.hand_in(draft))
    assert offered(page) == []
    assert 'class="decisions"' not in text_of(page)


def test_whoever_wrote_on_the_text_cannot_pass_it_on(client, office, draft):
    office.reporter.memberships.create(hospital=office.hospital, role=Role.FIRST_REVIEWER)
    assert "approve" not in offered(opened(client, office.reporter, office.hand_in(draft)))


def test_whoever_wrote_a_draft_can_hand_it_in_from_the_page_of_its_checks(client, office, draft):
    assert page_of(draft, "step", "submit") in text_of(opened(client, office.reporter, draft))


def test_whoever_hands_in_is_shown_first_what_would_stop_it(client, office, draft):
    assert "不能发布" not in text_of(opened(client, office.reporter, draft, "step", "submit"))
    office.rewrite(draft, body=f"<p>电话{PHONE}。</p>")
    page = text_of(opened(client, office.reporter, now(draft), "step", "submit"))
    assert "不能发布" in page and PHONE not in page
    assert "不能发布" not in text_of(opened(client, office.first, office.hand_in(draft), "step", "return"))


def test_a_reviewer_passes_a_text_on_and_goes_to_what_waits_next(client, office, draft):
    response = decide(client, office.first, office.hand_in(draft), "approve")
    assert response.url == reverse("admin:index")
    assert now(draft).status == Status.SECOND_REVIEW


def test_a_reviewer_returns_a_text_with_a_reason(client, office, draft):
    decide(client, office.first, office.hand_in(draft), "return", reason="人名写错了。")
    assert now(draft).status == Status.DRAFT
    assert now(draft).trail.last().reason == "人名写错了。"


def test_the_last_reviewer_publishes(client, office, draft):
    decide(client, office.final, office.hand_in(draft, reviews=2), "approve", at="")
    assert now(draft).is_public


def test_the_last_reviewer_sets_a_time_in_beijing(client, office, draft):
    decide(client, office.final, office.hand_in(draft, reviews=2), "approve", at="2999-05-03T08:30")
    assert now(draft).is_scheduled
    assert f"{timezone.localtime(now(draft).published_at):%Y-%m-%d %H:%M}" == "2999-05-03 08:30"


def test_a_reviewer_before_the_last_sets_no_time(client, office, draft):
    assert 'name="at"' not in text_of(opened(client, office.first, office.hand_in(draft)))


def test_what_replaces_a_public_text_takes_no_time(client, office, copy):
    assert 'name="at"' not in text_of(opened(client, office.final, office.hand_in(copy, reviews=2)))


def test_what_was_withdrawn_may_come_back_at_a_set_time(client, office, public):
    public.withdraw(by=office.manager, reason="有误。")
    copy = office.hand_in(public.revise(by=office.reporter), reviews=2)
    assert 'name="at"' in text_of(opened(client, office.final, copy))
    decide(client, office.final, copy, "approve", at="2999-05-03T08:30")
    assert now(public).is_scheduled


@pytest.mark.parametrize(("person", "steps"), [("manager", ["override"]), ("final", ["approve", "return", "override"])])
def test_what_may_not_be_published_can_be_let_pass_by_those_who_may(client, office, blocked, person, steps):
    assert offered(opened(client, getattr(office, person), blocked)) == steps


def test_nothing_is_let_pass_where_nothing_blocks(client, office, draft):
    page = opened(client, office.final, office.hand_in(draft, reviews=2))
    assert "override" not in offered(page)


def test_a_text_is_let_pass_with_a_reason_and_then_published_by_another(client, office, blocked):
    response = decide(client, office.manager, blocked, "override", reason="电话是科室公开的。")
    assert response.url == page_of(blocked, "review")
    decide(client, office.final, now(blocked), "approve", at="")
    assert now(blocked).is_public


# ── nothing typed is lost ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_return_without_a_reason_comes_back_on_the_same_page(client, office, draft):
    response = decide(client, office.first, office.hand_in(draft), "return", reason="  ")
    assert response.templates[0].name == "admin/publishing/review.html"
    assert "请写明原因" in text_of(response)
    assert now(draft).status == Status.FIRST_REVIEW


def test_a_time_that_has_passed_is_said_beside_it_and_kept(client, office, draft):
    draft = office.hand_in(draft, reviews=2)
    response = decide(client, office.final, draft, "approve", at="2020-05-03T08:30")
    assert response.templates[0].name == "admin/publishing/review.html"
    assert "发布时间已经过了" in text_of(response)
    assert "2020-05-03T08:30" in text_of(response)


def test_a_text_that_is_blocked_is_not_published_and_the_page_says_what_to_do(client, office, blocked):
    response = decide(client, office.final, blocked, "approve", at="2999-05-03T08:30")
    assert "发布前检查没有通过" in text_of(response)
    assert "2999-05-03T08:30" in text_of(response)
    assert now(blocked).status == Status.FINAL_REVIEW


def test_a_reason_is_kept_when_somebody_was_quicker_and_can_be_sent_again(client, office, blocked):
    seen = now(blocked)
    blocked.override(by=office.manager, reason="电话是科室公开的。")
    response = decide(client, office.final, seen, "return", reason="照片太暗，请换一张。")
    assert "又有了变动" in said(response)
    assert ">\n照片太暗，请换一张。</textarea>" in text_of(response)
    returned = {one["step"]: one["form"] for one in response.context["decisions"]}["return"]
    assert returned["version"].value() == now(blocked).version


def test_a_reason_that_comes_too_late_is_copied_out(client, office, draft):
    seen = now(office.hand_in(draft))
    draft.take_back(by=office.reporter)
    response = decide(client, office.first, seen, "return", reason="照片太暗，请换一张。")
    assert "您刚才写的意见没有提交" in text_of(response)
    assert "照片太暗，请换一张。" in text_of(response)


def test_whoever_reviews_a_copy_that_is_gone_is_led_to_the_record(client, office, public, copy):
    copy = office.hand_in(copy)
    seen = now(copy)
    copy.return_(by=office.first, reason="不用改了。")
    copy.discard(by=office.reporter)
    assert decide(client, office.first, seen, "return", reason="再改。").status_code == 404


def test_a_step_taken_elsewhere_keeps_its_own_page(client, office, draft):
    client.force_login(office.first)
    record = office.hand_in(draft)
    response = client.post(page_of(record, "step", "return"), {"version": record.version, "reason": ""})
    assert response.templates[0].name == "admin/publishing/step.html"


# ── ways there from the form ──────────────────────────────────────────────────────────────────────────────────────────


@of_any_kind
def test_the_form_leads_a_reviewer_to_the_review(client, office, kind):
    record = office.hand_in(MAKE[kind](office.hospital, created_by=office.reporter))
    page = text_of(opened(client, office.first, record, "change"))
    assert f'<a href="{page_of(record, "review")}" class="verb verb-review">去审核</a>' in page
    assert page_of(record, "step", "approve") not in page


@of_any_kind
@pytest.mark.parametrize("reviews", [0, 1])
def test_the_form_offers_to_take_back_what_nobody_has_passed_on(client, office, kind, reviews):
    record = office.hand_in(MAKE[kind](office.hospital, created_by=office.reporter), reviews=reviews)
    page = text_of(opened(client, office.reporter, record, "change"))
    assert (page_of(record, "step", "take_back") in page, "请收回" in page) == (not reviews, not reviews)
    assert "请审核人退回" in page


@of_any_kind
def test_the_form_of_a_draft_leads_its_writer_to_the_checks(client, office, kind):
    draft = MAKE[kind](office.hospital, created_by=office.reporter)
    page = text_of(opened(client, office.reporter, draft, "change"))
    assert f'<a href="{page_of(draft, "review")}">检查一下</a>' in page


@of_any_kind
def test_the_form_of_a_public_record_can_be_opened(client, office, kind):
    opened(client, office.reporter, MAKE[kind](office.hospital, public=True), "change")


def test_the_form_of_a_returned_draft_says_why_it_came_back(client, office, draft):
    office.hand_in(draft)
    draft.return_(by=office.first, reason="人名写错了。")
    contributed(draft, by=make_user(Role.REPORTER, office.hospital))
    page = text_of(opened(client, office.reporter, draft, "change"))
    assert "初审退回（李明" in page
    assert "人名写错了。" in page


def test_once_handed_in_again_the_return_is_done_with(client, office, draft):
    office.hand_in(draft)
    draft.return_(by=office.first, reason="人名写错了。")
    office.hand_in(draft)
    draft.take_back(by=office.reporter)
    assert 'class="returned"' not in text_of(opened(client, office.reporter, draft, "change"))


def test_the_form_of_a_record_leads_to_its_open_copy_and_its_versions(client, office, public, copy):
    page = text_of(opened(client, office.reporter, public, "change"))
    assert f'href="{page_of(copy, "change")}"' in page
    assert f'href="{page_of(public, "versions")}"' in page


# ── versions ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def twice(office, copy):
    """Public in its second edition."""
    return office.publish(copy)


@of_any_kind
def test_each_public_version_is_listed_with_its_seal_and_its_approvals(client, office, kind):
    record = office.publish(MAKE[kind](office.hospital, created_by=office.reporter))
    page = text_of(opened(client, office.reporter, record, "versions"))
    for words in ("第1版", record.versions.get().sha256[:8], "初审：李明", "复审：赵强", "终审：陈静"):
        assert words in page


@of_any_kind
def test_an_old_version_is_read_as_it_was(client, office, kind):
    field = "name" if kind in {"brand", "initiative"} else "title"
    record = office.publish(MAKE[kind](office.hospital, created_by=office.reporter, **{field: "第一版的话"}))
    office.publish(office.rewrite(record.revise(by=office.reporter), **{field: "第二版的话"}))
    page = text_of(opened(client, office.reporter, record, "version", 1))
    assert "第一版的话" in page
    assert record.versions.get(number=1).sha256 in page


def test_an_intact_version_says_so(client, office, public):
    assert "与存档时一致" in text_of(opened(client, office.reporter, public, "version", 1))


def test_a_version_that_was_tampered_with_says_so(client, office, public, monkeypatch):
    monkeypatch.setattr(Version, "is_intact", False)
    page = text_of(opened(client, office.reporter, public, "version", 1))
    assert "与存档时不一致" in page
    assert "与存档时一致" not in page


def test_two_versions_are_compared(client, office, twice):
    page = opened(client, office.reporter, twice, "compare_versions", 1, 2)
    assert [change.label for change in page.context["compared"]["comparison"].changes] == ["标题"]
    assert "第1版与第2版对照" in text_of(page)


@pytest.mark.parametrize("which", ["copy", "public"])
def test_what_a_copy_changes_is_read_from_the_copy_and_from_its_record(client, office, public, copy, which):
    record = {"copy": copy, "public": public}[which]
    page = opened(client, office.reporter, record, "compare")
    assert [change.label for change in page.context["compared"]["comparison"].changes] == ["标题"]


def test_without_a_copy_there_is_nothing_to_compare(client, office, public):
    client.force_login(office.reporter)
    assert client.get(page_of(public, "compare")).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"), [("versions", []), ("version", [1]), ("compare_versions", [1, 1])], ids=["list", "one", "two"]
)
def test_the_versions_of_a_copy_are_those_of_its_record(client, office, public, copy, name, args):
    client.force_login(office.reporter)
    assert client.get(page_of(copy, name, *args)).url == page_of(public, name, *args)


@pytest.mark.parametrize(
    ("name", "args"), [("version", [9]), ("compare_versions", [1, 9]), ("compare_versions", [9, 1])]
)
def test_a_number_that_no_version_has_is_not_found(client, office, public, name, args):
    client.force_login(office.reporter)
    assert client.get(page_of(public, name, *args)).status_code == 404


@of_any_kind
def test_a_record_that_was_never_public_has_no_versions(client, office, kind):
    draft = MAKE[kind](office.hospital, created_by=office.reporter)
    assert "还没有公开过" in text_of(opened(client, office.reporter, draft, "versions"))


def test_the_list_costs_the_same_with_one_version_and_with_many(client, office, public):
    client.force_login(office.reporter)
    client.get(page_of(public, "versions"))
    few = count_queries(client, page_of(public, "versions"))
    live = public
    for _round in range(3):
        live = office.publish(live.revise(by=office.reporter))
    assert count_queries(client, page_of(public, "versions")) == few


# ── back to an old version ────────────────────────────────────────────────────────────────────────────────────────────


@of_any_kind
def test_a_reporter_begins_a_revision_from_an_old_version(client, office, kind):
    field = "name" if kind in {"brand", "initiative"} else "title"
    record = office.publish(MAKE[kind](office.hospital, created_by=office.reporter, **{field: "第一版的话"}))
    office.publish(office.rewrite(record.revise(by=office.reporter), **{field: "第二版的话"}))
    assert "以这一版为底稿修订" in text_of(opened(client, office.reporter, record, "version", 1))
    response = client.post(page_of(record, "restore", 1))
    copy = now(record).open_copy
    assert response.url == page_of(copy, "change")
    assert (str(copy), str(now(record))) == ("第一版的话", "第二版的话")


@pytest.mark.parametrize("person", ["first", "final", "manager"])
def test_whoever_does_not_write_restores_nothing(client, office, twice, person):
    page = text_of(opened(client, getattr(office, person), twice, "version", 1))
    assert "以这一版为底稿修订" not in page
    assert client.post(page_of(twice, "restore", 1)).status_code == 403
    assert twice.open_copy is None


def test_beside_an_open_copy_no_second_is_begun_and_the_way_to_it_is_shown(client, office, public, copy):
    assert "以这一版为底稿修订" not in text_of(opened(client, office.reporter, public, "version", 1))
    response = client.post(page_of(public, "restore", 1), follow=True)
    assert f'href="{page_of(copy, "change")}"' in said(response)


def test_looking_restores_nothing(client, office, public):
    client.force_login(office.reporter)
    assert client.get(page_of(public, "restore", 1)).status_code == 405
    assert public.open_copy is None


# ── scope ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

PAGES = [
    ("review", []), ("compare", []), ("versions", []), ("version", [1]), ("restore", [1]), ("compare_versions", [1, 2]),
]  # fmt: skip


@pytest.fixture
def stranger():
    """Everything there is to be, in another hospital."""
    elsewhere = make_hospital()
    user = make_user(Role.REPORTER, elsewhere)
    for role in set(Role) - {Role.REPORTER}:
        user.memberships.create(hospital=elsewhere, role=role)
    return user


@of_any_kind
@pytest.mark.parametrize(("name", "args"), PAGES, ids=[name for name, _args in PAGES])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_is_found_by_the_staff_of_another_hospital(client, office, stranger, kind, name, args, method):
    record = office.publish(MAKE[kind](office.hospital, created_by=office.reporter))
    record = office.publish(record.revise(by=office.reporter))
    copy = record.revise(by=office.reporter)
    client.force_login(stranger)
    for row in (record, copy):
        assert getattr(client, method)(page_of(row, name, *args)).status_code == 404
    assert list(type(copy).objects.originals()) == [record]


@of_any_kind
def test_a_stranger_decides_nothing(client, office, stranger, kind):
    record = office.hand_in(MAKE[kind](office.hospital, created_by=office.reporter))
    assert decide(client, stranger, record, "approve").status_code == 404
    assert now(record).status == Status.FIRST_REVIEW


def test_a_version_of_another_record_is_not_found_under_this_one(client, office, twice):
    other = office.publish(make_article(office.hospital, created_by=office.reporter))
    client.force_login(office.reporter)
    assert client.get(page_of(other, "version", 2)).status_code == 404


def test_the_trail_of_a_record_is_not_that_of_another_model_with_the_same_key(client, office, draft):
    office.hand_in(draft)
    twin = make_activity(office.hospital, pk=draft.pk, created_by=office.reporter)
    assert ReviewEntry.objects.of(draft).exists()
    assert opened(client, office.reporter, twin).context["editions"] == []


@pytest.mark.parametrize(("name", "args"), PAGES, ids=[name for name, _args in PAGES])
def test_whoever_is_not_logged_in_is_sent_to_the_login(client, office, public, name, args):
    response = client.get(page_of(public, name, *args))
    assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", ["review", "versions", "compare"])
def test_a_key_that_no_row_can_have_is_not_found(client, office, name):
    client.force_login(office.reporter)
    assert client.get(f"/admin/branches/activity/{'9' * 30}/{name}/").status_code == 404
    assert not Activity.objects.exists()


def test_a_copy_that_a_limited_reporter_may_not_open_is_not_shown_through_its_record(client, office):
    own, another = make_branch(office.hospital), make_branch(office.hospital)
    public = office.publish(make_activity(office.hospital, branch=own, created_by=office.reporter))
    copy = office.rewrite(public.revise(by=office.reporter), branch=another, title="改到别的支部")
    limited = make_user(Role.REPORTER, office.hospital)
    limited.memberships.get().branches.add(own)
    page = text_of(opened(client, limited, public, "change"))
    assert page_of(copy, "change") not in page
    assert client.get(page_of(public, "compare")).status_code == 404
