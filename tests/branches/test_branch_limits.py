"""A 填报人 who is limited to some branches: which records they work with, and what their forms offer and accept."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from articles.models import Article
from branches.models import Activity, ActivityPhoto, Branch, Brand, InitiativeFigure, PeriodReport
from branches.models.scope import limit_of, why_not_for
from hospitals.models import Membership, User
from publishing.images import clean_picture
from tests.admin_pages import count_queries, errors, posted
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

pytestmark = pytest.mark.django_db
ACTIVITY = "/admin/branches/activity/add/?kind=free_clinic"


def make_branch_article(hospital=None, *, branch=None, **fields):
    article = make_article(hospital or branch.hospital, **fields)
    if branch:
        article.branches.add(branch)
    return article


KINDS = {
    "activity": make_activity,
    "brand": make_brand,
    "initiative": make_initiative,
    "periodreport": make_report,
    "article": make_branch_article,
}
every_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())


@pytest.fixture
def hospital():
    return make_hospital(name="甲医院")


@pytest.fixture
def eye(hospital):
    return make_branch(hospital, name="第五支部（眼科支部）", number=5)


@pytest.fixture
def ear(hospital):
    return make_branch(hospital, name="第六支部（耳鼻喉科支部）", number=6)


def limited(*branches, **fields):
    """A 填报人 of these branches only."""
    user = make_user("reporter", branches[0].hospital, **fields)
    user.memberships.get().branches.set(branches)
    return user


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (64, 48)).save(file, "JPEG")
    return clean_picture(SimpleUploadedFile("a.jpg", file.getvalue())).as_upload()


def asked_anew(user):
    """As the next request knows the person."""
    return User.objects.get(pk=user.pk)


def may_change(user, record) -> bool:
    return asked_anew(user).has_perm(f"{record._meta.app_label}.change_{record._meta.model_name}", record)


def works_with(user, record) -> bool:
    return type(record).objects.editable_by(asked_anew(user)).filter(pk=record.pk).exists()


def add(client, address, **typed):
    return client.post(address, posted(client.get(address)) | typed)


def change(client, record, **typed):
    address = page_of(record)
    return client.post(address, posted(client.get(address)) | typed)


def page_of(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def found(client, model: str, field: str) -> set[str]:
    query = dict(zip(("app_label", "model_name"), model.split("."), strict=True)) | {"field_name": field, "term": ""}
    return {row["text"] for row in client.get("/admin/autocomplete/", query).json()["results"]}


# ── which records ─────────────────────────────────────────────────────────────────────────────────────────────────────


@every_kind
def test_a_limited_reporter_sees_the_records_of_the_named_branch(make, eye):
    assert works_with(limited(eye), make(branch=eye))


@every_kind
def test_a_limited_reporter_changes_the_records_of_the_named_branch(make, eye):
    assert may_change(limited(eye), make(branch=eye))


@every_kind
def test_a_limited_reporter_does_not_see_the_records_of_other_branches(make, eye, ear):
    assert not works_with(limited(eye), make(branch=ear))


@every_kind
def test_a_limited_reporter_cannot_change_the_records_of_other_branches(make, eye, ear):
    assert not may_change(limited(eye), make(branch=ear))


@every_kind
def test_a_limited_reporter_does_not_see_records_of_the_whole_hospital(make, hospital, eye):
    assert not works_with(limited(eye), make(hospital))


@every_kind
def test_a_limited_reporter_cannot_change_records_of_the_whole_hospital(make, hospital, eye):
    assert not may_change(limited(eye), make(hospital))


@every_kind
def test_what_a_limited_reporter_began_stays_in_sight(make, eye, ear):
    user = limited(eye)
    assert works_with(user, make(branch=ear, created_by=user))


@every_kind
def test_what_a_limited_reporter_began_stays_theirs_to_change(make, eye, ear):
    user = limited(eye)
    assert may_change(user, make(branch=ear, created_by=user))


@every_kind
def test_a_reporter_without_named_branches_covers_the_hospital(make, hospital, eye):
    user = make_user("reporter", hospital)
    assert all(works_with(user, record) and may_change(user, record) for record in (make(hospital), make(branch=eye)))


@every_kind
def test_the_named_branches_of_one_hospital_open_nothing_in_another(make, eye):
    other = make_branch(make_hospital())
    user = limited(eye)
    user.memberships.get().branches.add(other)
    record = make(branch=other)
    assert not works_with(user, record)
    assert not may_change(user, record)


@every_kind
def test_a_limit_here_leaves_the_other_hospital_whole(make, eye, ear):
    other, user = make_hospital(), limited(eye)
    user.memberships.create(hospital=other, role="reporter")
    record = make(other)
    assert works_with(user, record) and may_change(user, record)
    assert not works_with(user, make(branch=ear))


@every_kind
def test_whoever_also_has_a_role_for_the_hospital_sees_all_of_it(make, hospital, eye, ear):
    user = limited(eye)
    user.memberships.create(hospital=hospital, role="exporter")
    assert works_with(user, make(branch=ear)) and works_with(user, make(hospital))


@every_kind
def test_whoever_also_has_a_role_for_the_hospital_changes_only_what_the_limit_covers(make, hospital, eye, ear):
    user = limited(eye)
    user.memberships.create(hospital=hospital, role="exporter")
    assert may_change(user, make(branch=eye))
    assert not may_change(user, make(branch=ear))


@every_kind
def test_only_a_reporter_is_limited_by_branches(make, hospital, eye, ear):
    user = make_user("first_reviewer", hospital)
    user.memberships.get().branches.add(eye)
    record = make(branch=ear)
    assert works_with(user, record)
    assert record.permits(asked_anew(user), "first_review")


def test_a_reporter_may_be_limited_to_several_branches(hospital, eye, ear):
    third, user = make_branch(hospital), limited(eye, ear)
    assert [may_change(user, make_activity(branch=branch)) for branch in (eye, ear, third)] == [True, True, False]


def test_an_article_that_also_names_another_branch_is_covered(eye, ear):
    article = make_branch_article(branch=eye)
    article.branches.add(ear)
    assert works_with(limited(ear), article) and may_change(limited(ear), article)


def test_an_article_is_listed_once_for_whoever_reports_for_both_its_branches(eye, ear):
    article = make_branch_article(branch=eye)
    article.branches.add(ear)
    assert list(Article.objects.editable_by(limited(eye, ear))) == [article]


def test_a_working_copy_has_the_branch_of_its_own_content(eye, ear):
    record = make_activity(branch=eye, public=True)
    moved = make_activity(branch=ear, working_copy_of=record)
    assert [works_with(limited(ear), one) for one in (record, moved)] == [False, True]
    assert [may_change(limited(ear), one) for one in (record, moved)] == [False, True]


def test_nobody_without_a_place_among_the_staff_sees_anything(eye):
    record = make_activity(branch=eye)
    assert not works_with(limited(eye, is_staff=False), record)
    assert not works_with(limited(eye, is_active=False), record)


@pytest.mark.parametrize("branch", ["eye", "ear"])
def test_the_parts_of_a_record_go_with_it(hospital, eye, ear, branch):
    own = {"eye": eye, "ear": ear}[branch]
    activity, article = make_activity(branch=own), make_branch_article(branch=own)
    initiative, report = make_initiative(branch=own), make_report(branch=own)
    parts = [
        make_figure(activity),
        ActivityPhoto.objects.create(activity=activity, image=picture()),
        InitiativeFigure.objects.create(initiative=initiative, label="户", value=1),
        make_period_figure(report),
        article.bylines.create(name="董体"),
        article.photos.create(image=picture()),
    ]
    user = limited(eye)
    assert [works_with(user, part) for part in parts] == [branch == "eye"] * len(parts)


def test_the_limit_is_asked_for_once_however_long_the_list(eye):
    user, records = limited(eye), [make_activity(branch=eye) for _number in range(5)]
    with CaptureQueriesContext(connection) as queries:
        assert all(record.permits(user, "change") for record in records)
    assert len(queries) == 2  # the roles, and the branches of the one


def test_a_limit_is_gone_with_its_last_branch(eye):
    membership = limited(eye).memberships.get()
    membership.branches.clear()
    assert limit_of(Membership.objects.get(pk=membership.pk)) == frozenset()


# ── lists and pages ───────────────────────────────────────────────────────────────────────────────────────────────────


@every_kind
def test_the_list_shows_only_what_is_covered(client, make, eye, ear):
    own, other = make(branch=eye), make(branch=ear)
    client.force_login(limited(eye))
    page = client.get(reverse(f"admin:{own._meta.app_label}_{own._meta.model_name}_changelist")).content.decode()
    assert str(own) in page
    assert str(other) not in page


@every_kind
def test_the_page_of_another_branchs_record_is_not_found(client, make, eye, ear):
    client.force_login(limited(eye))
    response = client.post(page_of(make(branch=ear)), {"title": "改"}, follow=True)
    assert "adminform" not in (response.context or {})


@pytest.mark.parametrize("step", ["submit", "revise", "withdraw"])
def test_no_verb_reaches_the_records_of_another_branch(client, eye, ear, step):
    record = make_activity(branch=ear)
    client.force_login(limited(eye))
    address = reverse("admin:branches_activity_step", args=[record.pk, step])
    assert client.post(address, {"version": record.version, "reason": "试"}).status_code == 404
    record.refresh_from_db()
    assert record.status == "draft"


def test_whoever_sees_the_whole_hospital_cannot_save_what_the_limit_does_not_cover(client, hospital, eye, ear):
    user, record = limited(eye), make_activity(branch=ear)
    user.memberships.create(hospital=hospital, role="exporter")
    client.force_login(user)
    assert client.get(page_of(record)).status_code == 200
    client.post(page_of(record), {"title": "改"})
    assert Activity.objects.get(pk=record.pk).title == record.title


def test_the_filter_offers_the_named_branches(client, hospital, eye, ear):
    make_branch(hospital, name="第七支部")
    client.force_login(limited(eye, ear))
    page = client.get(reverse("admin:branches_activity_changelist"))
    offered = [
        choice["display"] for spec in page.context["cl"].filter_specs for choice in spec.choices(page.context["cl"])
    ]
    assert {str(eye), str(ear)} <= set(offered)
    assert "第七支部" not in offered


def test_the_ledger_of_the_list_holds_only_what_is_covered(client, eye, ear):
    own, other = make_activity(branch=eye, public=True), make_activity(branch=ear, public=True)
    client.force_login(limited(eye))
    response = client.get(reverse("admin:branches_activity_ledger", args=["full", "csv"]))
    sheet = b"".join(response.streaming_content if response.streaming else [response.content]).decode("utf-8-sig")
    assert own.reference in sheet
    assert other.reference not in sheet


@every_kind
def test_a_limited_list_takes_as_many_queries_for_thirty_rows_as_for_three(client, make, eye):
    client.force_login(limited(eye))
    named = {"is_current": False} if make is make_brand else {}
    first = [make(branch=eye, **named) for _number in range(3)][0]
    address = reverse(f"admin:{first._meta.app_label}_{first._meta.model_name}_changelist")
    client.get(address)
    few = count_queries(client, address)
    for _number in range(27):
        make(branch=eye, **named)
    assert count_queries(client, address) == few


# ── the form ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_limited_reporter_adds_a_record_of_the_named_branch(client, eye):
    client.force_login(limited(eye))
    add(client, ACTIVITY, title="义诊", start="2023-06-01", branch=eye.pk)
    assert Activity.objects.get().branch == eye


def test_the_only_branch_is_filled_in(client, eye, ear):
    client.force_login(limited(eye))
    assert posted(client.get(ACTIVITY))["branch"] == str(eye.pk)


def test_whoever_reports_for_the_hospital_chooses_even_the_only_branch(client, hospital, eye):
    client.force_login(make_user("reporter", hospital))
    assert not posted(client.get(ACTIVITY)).get("branch")


def test_of_several_branches_none_is_filled_in(client, eye, ear):
    client.force_login(limited(eye, ear))
    assert not posted(client.get(ACTIVITY)).get("branch")


def test_the_branch_of_a_record_is_looked_up_among_the_named_ones(client, hospital, eye, ear):
    client.force_login(limited(eye))
    assert found(client, "branches.activity", "branch") == {str(eye)}


def test_branches_that_took_part_are_looked_up_in_the_whole_hospital(client, hospital, eye, ear):
    client.force_login(limited(eye))
    assert found(client, "branches.activity", "joint_branches") == {str(eye), str(ear)}


def test_an_unlimited_reporter_looks_up_every_branch(client, hospital, eye, ear):
    client.force_login(make_user("reporter", hospital))
    assert found(client, "branches.activity", "branch") == {str(eye), str(ear)}


def test_a_posted_branch_that_is_not_the_reporters_is_refused(client, eye, ear):
    client.force_login(limited(eye))
    response = add(client, ACTIVITY, title="义诊", start="2023-06-01", branch=ear.pk)
    assert "不在您填报的范围" in errors(response)["branch"]
    assert not Activity.objects.exists()


def test_a_branch_that_took_part_may_be_any_of_the_hospital(client, eye, ear):
    client.force_login(limited(eye))
    add(client, ACTIVITY, title="义诊", start="2023-06-01", branch=eye.pk, joint_branches=[ear.pk])
    assert list(Activity.objects.get().joint_branches.all()) == [ear]


@pytest.mark.parametrize(
    "address, typed",
    [
        (ACTIVITY, {"title": "义诊", "start": "2023-06-01"}),
        ("/admin/branches/brand/add/", {"name": "光明行"}),
        ("/admin/branches/initiative/add/", {"name": "光明行", "kind": "service"}),
        ("/admin/branches/periodreport/add/", {"title": "半年报数", "start": "2023-01-01", "precision": "half_year"}),
    ],
)
def test_a_limited_reporter_must_name_a_branch(client, eye, ear, address, typed):
    client.force_login(limited(eye, ear))
    message = errors(add(client, address, **typed, branch=""))["branch"]
    assert "您只填报第五支部（眼科支部）、第六支部（耳鼻喉科支部）的内容" in message


def test_an_unlimited_reporter_may_report_for_the_whole_hospital(client, hospital):
    client.force_login(make_user("reporter", hospital))
    add(client, "/admin/branches/brand/add/", name="光明行", branch="")
    assert Brand.objects.get().branch is None


def test_the_platform_reports_for_whom_it_likes(admin_client, hospital, eye):
    add(admin_client, "/admin/branches/brand/add/", name="光明行", hospital=hospital.pk, branch=eye.pk)
    add(admin_client, "/admin/branches/brand/add/", name="全院品牌", hospital=hospital.pk, branch="")
    assert Brand.objects.count() == 2


def test_a_limit_in_one_hospital_is_none_in_the_other(client, hospital, eye):
    other, user = make_hospital(), limited(eye)
    user.memberships.create(hospital=other, role="reporter")
    client.force_login(user)
    assert "branch" in errors(add(client, "/admin/branches/brand/add/", name="甲品牌", hospital=hospital.pk))
    add(client, "/admin/branches/brand/add/", name="乙品牌", hospital=other.pk)
    assert Brand.objects.get().hospital == other


def test_a_record_cannot_be_moved_to_a_branch_that_is_not_the_reporters(client, eye, ear):
    record = make_activity(branch=eye)
    client.force_login(limited(eye))
    assert "branch" in errors(change(client, record, branch=ear.pk))
    assert Activity.objects.get().branch == eye


def test_an_article_names_at_least_one_of_the_reporters_branches(client, eye, ear):
    client.force_login(limited(eye))
    for branches in ([], [ear.pk]):
        response = add(client, "/admin/articles/article/add/", title="题", branches=branches)
        assert "您只填报第五支部（眼科支部）的内容" in errors(response)["branches"]
    assert not Article.objects.exists()


def test_an_article_may_name_other_branches_beside(client, eye, ear):
    client.force_login(limited(eye))
    add(client, "/admin/articles/article/add/", title="题", branches=[eye.pk, ear.pk])
    assert set(Article.objects.get().branches.all()) == {eye, ear}


# ── what a record may name ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_published_brand_of_the_hospital_may_be_named(client, hospital, eye):
    brand = make_brand(hospital, name="全院品牌", public=True)
    client.force_login(limited(eye))
    assert found(client, "branches.activity", "brand") == {"全院品牌"}
    add(client, ACTIVITY, title="义诊", start="2023-06-01", branch=eye.pk, brand=brand.pk)
    assert Activity.objects.get().brand == brand


def test_another_branchs_draft_is_neither_found_nor_accepted(client, eye, ear):
    draft = make_initiative(branch=ear, name="别人的草稿")
    client.force_login(limited(eye))
    assert found(client, "branches.activity", "initiative") == set()
    response = add(client, ACTIVITY, title="义诊", start="2023-06-01", branch=eye.pk, initiative=draft.pk)
    assert "initiative" in errors(response)


def test_the_address_of_a_form_fills_in_no_draft_of_another_branch(client, eye, ear):
    draft = make_initiative(branch=ear, name="别人的草稿")
    client.force_login(limited(eye))
    assert "别人的草稿" not in client.get(f"{ACTIVITY}&initiative={draft.pk}").content.decode()


def test_what_a_record_names_already_survives_the_saving(client, hospital, eye):
    draft = make_brand(hospital, name="还没发布的全院品牌")
    record = make_activity(branch=eye, brand=draft)
    client.force_login(limited(eye))
    change(client, record, title="改过的题目")
    record.refresh_from_db()
    assert (record.title, record.brand) == ("改过的题目", draft)


def test_what_an_article_names_already_survives_the_saving(client, eye, ear):
    article, activity = make_branch_article(branch=eye), make_activity(branch=ear)
    article.activities.add(activity)
    client.force_login(limited(eye))
    change(client, article, title="改过的题目")
    assert Article.objects.get().title == "改过的题目"
    assert list(article.activities.all()) == [activity]


def test_what_a_line_of_a_report_names_already_survives_the_saving(client, eye, ear):
    report, summary = make_report(branch=eye), make_activity(branch=ear, nature="summary")
    line = make_period_figure(report, activity=summary)
    client.force_login(limited(eye))
    change(client, report, title="改过的题目")
    line.refresh_from_db()
    assert PeriodReport.objects.get().title == "改过的题目"
    assert line.activity == summary


# ── the rule in words ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_reports_for_the_branch_is_not_refused(hospital, eye):
    assert why_not_for(limited(eye), hospital, [eye]) == ""


def test_whoever_has_no_reporting_role_is_told_whom_to_ask(hospital):
    assert "请联系医院管理员" in why_not_for(make_user("exporter", hospital), hospital, [])


def test_branches_to_report_for_are_those_named(hospital, eye, ear):
    assert list(Branch.objects.reportable_by(limited(ear))) == [ear]
    assert set(Branch.objects.reportable_by(make_user("reporter", hospital))) == {eye, ear}
    assert not Branch.objects.reportable_by(make_user("exporter", hospital)).exists()


def test_a_stray_branch_of_another_hospital_is_not_to_report_for(eye):
    user = limited(eye)
    user.memberships.get().branches.add(make_branch(make_hospital()))
    assert list(Branch.objects.reportable_by(user)) == [eye]
