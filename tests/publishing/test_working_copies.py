"""A published record is revised in a working copy: the public reads the same until the last approval, then the new."""

import io

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from articles.models import ArticlePhoto
from branches.models import ActivityPhoto, Brand, Initiative
from hospitals.roles import Role
from publishing.content import content_of, fingerprint
from publishing.images import clean_picture, rendition_name
from publishing.models import Publishable
from publishing.workflow import StaleStatus
from publishing.worklists import BOARDS, Worklists
from tests.admin_pages import errors, posted, said
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_initiative,
    make_partner,
    make_period_figure,
    make_report,
    make_user,
)
from tests.reviews import MAKE

pytestmark = pytest.mark.django_db

of_any_kind = pytest.mark.parametrize("kind", MAKE)


def make_public(office, kind, **fields):
    return office.publish(MAKE[kind](office.hospital, created_by=office.reporter, **fields))


def full_activity(office):
    activity = make_activity(
        office.hospital, title="原来的题目", figures={"visits": "60余", "sessions": "2"}, created_by=office.reporter
    )
    activity.partners.add(make_partner(office.hospital, name="人和小学"))
    activity.joint_branches.add(make_branch(office.hospital, name="第一支部"))
    activity.tags.add("义诊")
    add_photo(activity, ActivityPhoto, activity=activity)
    return activity


def full_article(office):
    article = make_article(office.hospital, title="原来的题目", created_by=office.reporter)
    article.bylines.create(name="郭纪轩", role="reporter")
    article.branches.add(make_branch(office.hospital, name="第一支部"))
    article.activities.add(make_activity(office.hospital, public=True))
    article.tags.add("义诊")
    add_photo(article, ArticlePhoto, article=article)
    return article


def add_photo(record, model, **owner):
    return model.objects.create(image=uploaded(), caption="合影", consent="granted", **owner)


def uploaded(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(out, "JPEG")
    out.seek(0)
    return clean_picture(SimpleUploadedFile("a.jpg", out.read())).as_upload()


@pytest.fixture(params=[full_activity, full_article], ids=["activity", "article"])
def public(request, office):
    return office.publish(request.param(office))


def change_everything(record) -> None:
    record.title = "修订后的题目"
    record.save()
    record.tags.set(["宣讲"])
    for name in record.parts:
        getattr(record, name).all().delete()


# ── the public text ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_not_a_byte_of_the_public_page_changes_until_the_last_approval(client, office, public):
    address = public.get_absolute_url()
    pages = [client.get(address).content]

    def look():
        pages.append(client.get(address).content)

    copy = public.revise(by=office.reporter)
    look()
    change_everything(copy)
    look()
    copy.submit(by=office.reporter)
    look()
    copy.return_(by=office.first, reason="再核对一遍。")
    look()
    copy.submit(by=office.reporter)
    copy.approve(by=office.first)
    look()
    copy.approve(by=office.second)
    look()
    assert set(pages) == {pages[0]}


def test_the_last_approval_brings_the_new_text_to_the_same_address(client, office, public):
    address = public.get_absolute_url()
    copy = public.revise(by=office.reporter)
    change_everything(copy)
    live = office.publish(copy)
    assert (type(live), live.pk, live.get_absolute_url()) == (type(public), public.pk, address)
    assert "修订后的题目" in client.get(address).content.decode()


def test_a_revised_activity_keeps_its_reference(office):
    public = make_public(office, "activity")
    live = office.publish(office.rewrite(public.revise(by=office.reporter), title="修订后的题目"))
    assert live.reference == public.reference


def test_a_revised_record_keeps_the_day_it_became_public(office, public):
    assert office.publish(public.revise(by=office.reporter)).published_at == public.published_at


def test_links_to_a_record_stay_when_it_is_revised(office):
    activity = make_public(office, "activity")
    article = make_article(office.hospital, public=True)
    article.activities.add(activity)
    office.publish(activity.revise(by=office.reporter))
    assert list(article.activities.all()) == [activity]


@of_any_kind
def test_after_the_merge_there_is_one_row_again(office, kind):
    public = make_public(office, kind)
    office.publish(public.revise(by=office.reporter))
    assert list(type(public).objects.all()) == [public]


@of_any_kind
def test_a_working_copy_says_what_its_record_says(office, kind):
    public = make_public(office, kind)
    copy = public.revise(by=office.reporter)
    assert fingerprint(content_of(copy)) == fingerprint(content_of(public))


@of_any_kind
def test_the_public_list_has_the_record_once_and_never_its_copy(office, kind):
    public = make_public(office, kind)
    office.hand_in(public.revise(by=office.reporter), reviews=2)
    assert list(type(public).objects.public()) == [public]


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parts_that_point_to_nothing_are_read_from_their_own_table(office):
    activity = full_activity(office)
    with CaptureQueriesContext(connection) as captured:
        content_of(activity)
    (photos,) = [query["sql"] for query in captured if 'FROM "branches_activityphoto"' in query["sql"]]
    assert " JOIN " not in photos


def test_what_is_taken_out_of_a_copy_stays_in_the_record(office, public):
    before = content_of(public)
    change_everything(public.revise(by=office.reporter))
    assert content_of(type(public).objects.get(pk=public.pk)) == before


def test_a_copy_has_rows_of_its_own(office, public):
    copy = public.revise(by=office.reporter)
    for name in public.parts:
        own, others = (set(getattr(record, name).values_list("pk", flat=True)) for record in (copy, public))
        assert own
        assert not own & others


@pytest.mark.parametrize("name", ["partners", "joint_branches"])
def test_who_took_part_is_changed_in_the_copy_alone(office, name):
    public = office.publish(full_activity(office))
    copy = public.revise(by=office.reporter)
    before = list(getattr(public, name).all())
    getattr(copy, name).clear()
    assert before
    assert list(getattr(public, name).all()) == before


@pytest.mark.parametrize("name", ["branches", "activities"])
def test_what_an_article_tells_of_is_changed_in_the_copy_alone(office, name):
    public = office.publish(full_article(office))
    copy = public.revise(by=office.reporter)
    before = list(getattr(public, name).all())
    getattr(copy, name).clear()
    assert before
    assert list(getattr(public, name).all()) == before


def test_figures_of_an_open_copy_are_not_counted(client, office):
    public = make_public(office, "activity", figures={"visits": "60"})
    make_figure(public.revise(by=office.reporter), measure="leaflets", stated="500")
    totals = client.get("/activities/").context["totals"]
    assert [(row["slug"], row["total"].value) for row in totals] == [("visits", 60)]


def test_the_record_has_exactly_the_copys_parts_after_the_merge(office, public):
    copy = public.revise(by=office.reporter)
    change_everything(copy)
    wanted = content_of(copy)
    live = office.publish(copy)
    assert content_of(type(public).objects.get(pk=live.pk)) == wanted


def test_a_part_of_a_total_stays_part_of_it_through_copy_and_merge(office):
    report = make_report(office.hospital, created_by=office.reporter)
    total = make_period_figure(report, stated="60", position=1)
    make_period_figure(report, stated="12", subset_of=total, position=2)
    copy = office.publish(report).revise(by=office.reporter)
    whole, part = copy.figures.all()
    assert (whole.subset_of, part.subset_of) == (None, whole)
    whole, part = office.publish(copy).figures.all()
    assert (whole.subset_of, part.subset_of) == (None, whole)


# ── one copy at a time, given up, or from an old version ──────────────────────────────────────────────────────────────


@of_any_kind
def test_a_record_has_one_open_copy(office, kind):
    public = make_public(office, kind)
    public.revise(by=office.reporter)
    with pytest.raises(StaleStatus):
        type(public).objects.get(pk=public.pk).revise(by=office.reporter)


@of_any_kind
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_wants_to_revise_again_is_led_to_the_open_copy(client, office, kind, method):
    public = make_public(office, kind)
    copy = public.revise(by=office.reporter)
    client.force_login(office.reporter)
    name = f"admin:{public._meta.app_label}_{public._meta.model_name}"
    address = reverse(f"{name}_step", args=[public.pk, "revise"])
    response = getattr(client, method)(address, {"version": public.version}, follow=True)
    assert f'href="{reverse(f"{name}_change", args=[copy.pk])}"' in said(response)


@of_any_kind
def test_giving_a_copy_up_leaves_the_record_as_it_was(office, kind):
    public = make_public(office, kind)
    before = content_of(public)
    copy = public.revise(by=office.reporter)
    copy.discard(by=office.reporter)
    live = type(public).objects.get()
    assert (live, live.status, live.edition, content_of(live)) == (public, public.status, public.edition, before)


def test_after_giving_a_copy_up_another_may_be_opened(office):
    public = make_public(office, "article")
    public.revise(by=office.reporter).discard(by=office.reporter)
    assert type(public).objects.get(pk=public.pk).revise(by=office.reporter).edition == 2


def test_an_old_text_comes_back_in_a_new_copy_and_not_on_the_page(client, office):
    public = make_public(office, "article", title="第一版的题目")
    live = office.publish(office.rewrite(public.revise(by=office.reporter), title="第二版的题目"))
    copy = live.restore(live.versions.get(number=1), by=office.reporter)
    assert copy.title == "第一版的题目"
    assert "第二版的题目" in client.get(live.get_absolute_url()).content.decode()


def test_a_restored_text_that_is_approved_is_a_new_edition(client, office):
    public = make_public(office, "article", title="第一版的题目")
    live = office.publish(office.rewrite(public.revise(by=office.reporter), title="第二版的题目"))
    live = office.publish(live.restore(live.versions.get(number=1), by=office.reporter))
    assert [version.content["fields"]["title"] for version in live.versions] == [
        "第一版的题目", "第二版的题目", "第一版的题目",
    ]  # fmt: skip


def test_each_edition_is_kept_with_those_who_approved_it(office, public):
    live = office.publish(public.revise(by=office.reporter))
    assert [(version.number, [row["name"] for row in version.approvals]) for version in live.versions] == [
        (1, ["李明", "赵强", "陈静"]),
        (2, ["李明", "赵强", "陈静"]),
    ]


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_there(name: str) -> list[bool]:
    return [default_storage.exists(name), default_storage.exists(rendition_name(name, 480))]


@pytest.mark.django_db(transaction=True)
class TestPictures:
    def test_a_photo_taken_out_of_a_copy_is_still_on_the_public_page(self, office, public):
        copy = public.revise(by=office.reporter)
        name = copy.photos.get().image.name
        copy.photos.get().delete()
        assert is_there(name) == [True, True]

    def test_a_photo_of_a_discarded_copy_is_still_on_the_public_page(self, office, public):
        copy = public.revise(by=office.reporter)
        name = copy.photos.get().image.name
        copy.discard(by=office.reporter)
        assert is_there(name) == [True, True]

    def test_a_photo_that_only_an_old_version_shows_is_kept_for_staff(self, office, public):
        name = public.photos.get().image.name
        copy = public.revise(by=office.reporter)
        change_everything(copy)
        live = office.publish(copy)
        live.restore(live.versions.get(number=1), by=office.reporter).discard(by=office.reporter)
        assert not live.photos.exists()
        assert is_there(name) == [True, True]

    def test_a_photo_that_was_added_to_a_discarded_copy_is_gone(self, office):
        copy = make_public(office, "activity").revise(by=office.reporter)
        name = add_photo(copy, ActivityPhoto, activity=copy).image.name
        copy.discard(by=office.reporter)
        assert is_there(name) == [False, False]

    def test_a_photo_taken_out_of_a_draft_that_was_never_public_is_gone(self, office):
        photo = add_photo(None, ActivityPhoto, activity=make_activity(office.hospital))
        name = photo.image.name
        photo.delete()
        assert is_there(name) == [False, False]

    def test_a_photo_survives_the_merge(self, office, public):
        name = public.photos.get().image.name
        live = office.publish(public.revise(by=office.reporter))
        assert live.photos.get().image.name == name
        assert is_there(name) == [True, True]

    def test_an_emblem_that_is_replaced_in_a_copy_is_still_the_records(self, office):
        brand = make_brand(office.hospital, created_by=office.reporter, emblem=uploaded())
        public = office.publish(brand)
        copy = public.revise(by=office.reporter)
        copy.emblem = uploaded("blue")
        copy.save()
        assert default_storage.exists(public.emblem.name)


# ── where copies are not ──────────────────────────────────────────────────────────────────────────────────────────────

ADMIN = {
    "activity": "branches_activity",
    "article": "articles_article",
    "brand": "branches_brand",
    "initiative": "branches_initiative",
    "report": "branches_periodreport",
}
NAMED = {"brand": "name", "initiative": "name"}


@pytest.fixture(params=MAKE)
def revised(request, office):
    """A public record and its copy, which is told by its name."""
    kind = request.param
    public = make_public(office, kind)
    copy = office.rewrite(public.revise(by=office.reporter), **{NAMED.get(kind, "title"): "只在修订稿里"})
    return kind, public, copy


def test_a_list_of_the_admin_has_no_copies(client, office, revised):
    kind, public, _copy = revised
    client.force_login(office.reporter)
    page = client.get(reverse(f"admin:{ADMIN[kind]}_changelist"))
    assert list(page.context["cl"].queryset) == [public]


def test_a_search_in_the_admin_finds_no_copies(client, office, revised):
    kind, _public, _copy = revised
    client.force_login(office.reporter)
    page = client.get(reverse(f"admin:{ADMIN[kind]}_changelist"), {"q": "只在修订稿里"})
    assert not page.context["cl"].queryset.exists()


@pytest.mark.parametrize(
    ("kind", "pointing"),
    [
        ("activity", ("articles", "article", "activities")),
        ("activity", ("branches", "periodfigure", "activity")),
        ("brand", ("branches", "activity", "brand")),
        ("initiative", ("branches", "activity", "initiative")),
        ("brand", ("branches", "initiative", "brand")),
    ],
)
def test_autocomplete_offers_no_copies(client, office, kind, pointing):
    fields = {"nature": "summary"} if pointing[1] == "periodfigure" else {}
    public = make_public(office, kind, **fields)
    office.rewrite(public.revise(by=office.reporter), **{NAMED.get(kind, "title"): "只在修订稿里"})
    client.force_login(office.reporter)
    query = dict(zip(("app_label", "model_name", "field_name"), pointing, strict=True))
    results = client.get("/admin/autocomplete/", query).json()["results"]
    assert [row["text"] for row in results] == [str(public)]


@pytest.mark.parametrize(("field", "kind"), [("brand", "brand"), ("initiative", "initiative")])
def test_a_form_accepts_no_copy_as_a_choice(client, office, field, kind):
    copy = make_public(office, kind).revise(by=office.reporter)
    activity = make_activity(office.hospital, created_by=office.reporter)
    client.force_login(office.reporter)
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    response = client.post(address, posted(client.get(address), **{field: copy.pk}))
    assert field in errors(response)


def test_the_internal_ledger_has_the_record_and_not_its_copy(client, office):
    public = make_public(office, "activity", title="公开的题目")
    office.rewrite(public.revise(by=office.reporter), title="只在修订稿里")
    client.force_login(make_user(Role.EXPORTER, office.hospital))
    response = client.get(reverse("admin:branches_activity_ledger", args=["full", "csv"]))
    text = b"".join(response).decode()
    assert "公开的题目" in text
    assert "只在修订稿里" not in text


def test_the_workbench_counts_the_public_record_once(client, office, revised):
    client.force_login(office.reporter)
    request = client.get(reverse("admin:index")).wsgi_request
    admins = [own for model, own in admin.site._registry.items() if issubclass(model, Publishable)]
    assert Worklists(request, admins).counts([BOARDS["latest"]]) == {"latest": 1}


@pytest.mark.parametrize(
    "path", ["/", "/activities/", "/articles/", "/brands/", "/search/?q=只在修订稿里", "/hospitals/"]
)
def test_no_public_page_shows_a_copy(client, revised, path):
    assert "只在修订稿里" not in client.get(path).content.decode().replace('value="只在修订稿里"', "").replace(
        "“只在修订稿里”", ""
    )


# ── rules that hold for all records but one and itself ────────────────────────────────────────────────────────────────


def save_in_admin(client, office, copy, **changes):
    client.force_login(office.reporter)
    address = reverse(f"admin:{copy._meta.app_label}_{copy._meta.model_name}_change", args=[copy.pk])
    return client.post(address, posted(client.get(address), **changes))


def test_the_copy_of_the_current_brand_may_stay_current(client, office):
    branch = make_branch(office.hospital)
    copy = make_public(office, "brand", branch=branch).revise(by=office.reporter)
    save_in_admin(client, office, copy, idea="新的理念")
    live = office.publish(Brand.objects.get(pk=copy.pk))
    assert (live.idea, live.is_current) == ("新的理念", True)


def test_a_copy_cannot_become_a_second_current_brand(client, office):
    branch = make_branch(office.hospital)
    former = make_public(office, "brand", branch=branch, is_current=False)
    make_brand(branch=branch, public=True)
    response = save_in_admin(client, office, former.revise(by=office.reporter), is_current="on")
    assert "已有现用品牌" in errors(response)["branch"]


def test_a_brand_that_became_current_meanwhile_stops_the_copy_at_its_approval(office):
    branch = make_branch(office.hospital)
    former = make_public(office, "brand", branch=branch, is_current=False)
    copy = office.rewrite(former.revise(by=office.reporter), is_current=True)
    copy = office.hand_in(copy, reviews=2)
    make_brand(branch=branch, public=True)
    with pytest.raises(ValidationError, match="已有现用品牌"):
        copy.approve(by=office.final)


def test_the_copy_of_an_initiative_may_keep_its_name(client, office):
    copy = make_public(office, "initiative", name="红帆驿站").revise(by=office.reporter)
    save_in_admin(client, office, copy, description="新的说明")
    assert office.publish(Initiative.objects.get(pk=copy.pk)).description == "新的说明"


def test_a_copy_cannot_take_the_name_of_another_initiative(client, office):
    make_initiative(office.hospital, name="红帆驿站")
    copy = make_public(office, "initiative").revise(by=office.reporter)
    response = save_in_admin(client, office, copy, name="红帆驿站")
    assert "已经有同名的举措" in errors(response)["name"]


def test_a_new_initiative_may_not_take_the_name_a_revised_one_has(client, office):
    public = make_public(office, "initiative", name="红帆驿站")
    office.rewrite(public.revise(by=office.reporter), name="另取的名字")
    draft = make_initiative(office.hospital, created_by=office.reporter)
    response = save_in_admin(client, office, draft, name="红帆驿站")
    assert "已经有同名的举措" in errors(response)["name"]


# ── who may open a copy ───────────────────────────────────────────────────────────────────────────────────────────────


@of_any_kind
def test_a_copy_belongs_to_the_staff_of_its_hospital(office, kind):
    copy = make_public(office, kind).revise(by=office.reporter)
    rows = type(copy).objects.filter(pk=copy.pk)
    stranger = make_user(Role.MANAGER)
    assert rows.editable_by(office.first).exists()
    assert not rows.editable_by(stranger).exists()
    assert not rows.editable_by(AnonymousUser()).exists()
