"""Each write and each refusal leaves exactly one row: who, when, whose, what, before and after."""

import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry as DjangoLogEntry
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.models import Article
from branches.models import ActivityKind, Measure, Partner
from hospitals.models import User
from publishing import log
from publishing.models import LogEntry
from tests.admin_pages import posted
from tests.factories import make_activity, make_article, make_branch, make_hospital, make_partner, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-words"


@pytest.fixture
def own():
    return make_hospital(name="甲医院")


@pytest.fixture
def reporter(own):
    return make_user("reporter", own, name="王芳")


@pytest.fixture
def as_reporter(client, reporter):
    client.force_login(reporter)
    return client


@pytest.fixture
def as_manager(client, own):
    client.force_login(make_user("manager", own, name="李建国"))
    return client


def url(name, page, *args):
    return reverse(f"admin:{name}_{page}", args=args)


def rows() -> list[LogEntry]:
    """All but who came and went, in the order in which it happened."""
    coming_and_going = [log.Verb.LOGIN, log.Verb.LOGOUT]
    return list(LogEntry.objects.exclude(verb__in=coming_and_going).order_by("id"))


def the_row() -> LogEntry:
    (row,) = rows()
    return row


def changed(row: LogEntry) -> dict:
    return {change["name"]: (change["before"], change["after"]) for change in row.changes}


def save(client, record, **typed):
    """Open a record's form, type, save."""
    address = url(record._meta.label_lower.replace(".", "_"), "change", record.pk)
    response = client.post(address, posted(client.get(address)) | typed)
    assert response.status_code == 302
    return response


def photo(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


# ── writes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_record_is_one_row_with_all_that_was_filled_in(as_reporter, reporter, own):
    page = as_reporter.get(url("articles_article", "add"))
    data = posted(page, title="义诊进社区", tags="义诊，社区") | {"bylines-0-role": "text", "bylines-0-name": "郭纪轩"}
    role = page.context["inline_admin_formsets"][1].formset.forms[0].fields["role"].choices
    data["bylines-0-role"] = next(value for value, _label in role if value)
    as_reporter.post(url("articles_article", "add"), data)
    row, article = the_row(), Article.objects.get()
    assert (row.user, row.user_name, row.institution_id, row.institution) == (reporter, "王芳", own.pk, "甲医院")
    assert (row.verb, row.about, row.about_id, row.is_override) == ("create", "义诊进社区", str(article.pk), False)
    assert changed(row)["title"] == (None, "义诊进社区")
    assert changed(row)["tags"] == (None, ["义诊", "社区"])
    assert changed(row)["bylines"][1][0]["name"] == "郭纪轩"
    assert "subtitle" not in changed(row)  # left empty


def test_a_change_is_one_row_with_what_was_before_and_after(as_reporter, own):
    article = make_article(own, title="原题", kicker="引题")
    save(as_reporter, article, title="新题")
    assert the_row().verb == "change"
    assert changed(the_row()) == {"title": ("原题", "新题")}


def test_a_change_names_its_fields_as_people_do(as_reporter, own):
    save(as_reporter, make_article(own, title="原题"), title="新题")
    assert [change["label"] for change in the_row().changes] == ["标题"]


def test_another_choice_of_a_related_record_keeps_both_names(as_reporter, own):
    first, second = make_branch(own, name="第一支部"), make_branch(own, name="第二支部")
    save(as_reporter, make_activity(own, branch=first), branch=second.pk)
    assert changed(the_row())["branch"] == (
        {"id": first.pk, "name": "第一支部"}, {"id": second.pk, "name": "第二支部"},
    )  # fmt: skip


def test_tags_are_in_the_row(as_reporter, own):
    article = make_article(own)
    article.tags.set(["义诊"])
    save(as_reporter, article, tags="义诊，社区")
    assert changed(the_row()) == {"tags": (["义诊"], ["义诊", "社区"])}


def test_rows_inside_a_form_that_are_added_changed_and_removed_are_one_row(as_manager, own):
    own.names.create(name="县医院", kind="short", position=1)
    own.names.create(name="人民医院", kind="short", position=2)
    typed = {"names-0-name": "县人民医院", "names-1-DELETE": "on", "names-2-name": "中医院", "names-2-kind": "short"}
    save(as_manager, own, **typed, **{"names-2-position": "3"})
    before, after = changed(the_row())["names"]
    assert [name["name"] for name in before] == ["县医院", "人民医院"]
    assert [name["name"] for name in after] == ["县人民医院", "中医院"]


def test_a_photo_that_is_added_and_one_that_is_removed_are_in_the_row(as_reporter, own):
    article = make_article(own)
    save(as_reporter, article, **{"photos-0-image": photo(), "photos-0-caption": "义诊现场"})
    save(as_reporter, article, **{"photos-0-DELETE": "on"})
    added, removed = rows()
    assert [one["caption"] for one in changed(added)["photos"][1]] == ["义诊现场"]
    assert [one["caption"] for one in changed(removed)["photos"][0]] == ["义诊现场"]
    assert changed(removed)["photos"][1] == []


def test_saving_without_a_change_is_a_row_without_changes(as_reporter, own):
    save(as_reporter, make_article(own))
    assert the_row().changes == []


def test_a_record_made_in_a_small_window_is_one_row(as_reporter, own):
    page = as_reporter.get(url("branches_partner", "add"), {"_popup": "1"})
    as_reporter.post(url("branches_partner", "add"), posted(page, name="人和小学", kind="school") | {"_popup": "1"})
    assert (the_row().verb, the_row().about) == ("create", Partner.objects.get().name)


def test_a_list_action_is_one_row_for_each_record(as_reporter, reporter, own):
    articles = [make_article(own, title=title, created_by=reporter) for title in ("甲", "乙")]
    data = {"action": "submit_selected", "_selected_action": [article.pk for article in articles]}
    as_reporter.post(url("articles_article", "changelist"), data)
    assert sorted((row.verb, row.about) for row in rows()) == [("submit", "乙"), ("submit", "甲")]


def test_looking_and_searching_write_nothing(as_reporter, own):
    branch = make_branch(own)
    query = {"app_label": "branches", "model_name": "activity", "field_name": "branch", "term": branch.name}
    assert as_reporter.get(reverse("admin:autocomplete"), query).json()["results"]
    as_reporter.get(url("branches_branch", "changelist"), {"q": branch.name})
    as_reporter.get(url("branches_branch", "change", branch.pk))
    assert not rows()


def test_a_form_that_was_refused_is_no_write(as_reporter, own):
    address = url("articles_article", "change", make_article(own).pk)
    as_reporter.post(address, posted(as_reporter.get(address), title=""))
    assert not rows()


def test_another_review_setting_is_in_the_row(as_manager, own):
    save(as_manager, own, review_count="2")
    assert changed(the_row()) == {"review_count": (3, 2)}


def test_what_the_platforms_administrator_writes_is_marked(admin_client, own):
    save(admin_client, make_article(own), title="新题")
    assert the_row().is_override


def test_every_row_inside_a_form_of_the_admin_is_content_that_the_log_keeps():
    missing = [
        f"{model._meta.label}: {inline.model._meta.label}"
        for model, own in admin.site._registry.items()
        for inline in own.inlines
        if not any(model._meta.get_field(part).related_model is inline.model for part in getattr(model, "parts", ()))
    ]
    assert not missing


def test_the_measures_of_a_kind_are_in_the_row(admin_client):
    kind = ActivityKind.objects.get(slug="free_clinic")
    taken = kind.kind_measures.values("measure")
    measure = Measure.objects.exclude(pk__in=taken).first()
    count = kind.kind_measures.count()
    save(admin_client, kind, **{f"kind_measures-{count}-measure": measure.pk, f"kind_measures-{count}-position": "9"})
    assert list(changed(the_row())) == ["kind_measures"]


def test_djangos_own_log_stays_empty(as_manager, own):
    save(as_manager, own, hotline="0913-8722000")
    page = as_manager.get(url("branches_partner", "add"))
    as_manager.post(url("branches_partner", "add"), posted(page, name="人和小学", kind="school"))
    assert len(rows()) == 2
    assert not DjangoLogEntry.objects.exists()


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_role_that_is_given_is_in_the_row(admin_client, own):
    user = make_user(name="赵敏")
    save(admin_client, user, **{"memberships-0-hospital": own.pk, "memberships-0-role": "final_reviewer"})
    before, after = changed(the_row())["memberships"]
    assert (before, [held["role"] for held in after]) == ([], ["final_reviewer"])
    assert the_row().institution_id == own.pk


def test_an_account_that_is_switched_off_is_in_the_row(admin_client):
    user = make_user()
    address = url("hospitals_user", "change", user.pk)
    data = posted(admin_client.get(address))
    data.pop("is_active")
    admin_client.post(address, data)
    assert changed(the_row()) == {"is_active": (True, False)}


def kept_of(row: LogEntry) -> str:
    return str(LogEntry.objects.filter(pk=row.pk).values().get())


def test_a_new_password_for_somebody_else_is_in_the_log_and_its_text_is_not(admin_client):
    user = make_user(name="赵敏")
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    admin_client.post(address, {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert (the_row().verb, the_row().about) == ("change", "赵敏")
    assert "密码" in kept_of(the_row())
    assert PASSWORD not in kept_of(the_row())
    assert user.password not in kept_of(the_row())


def test_a_new_password_of_ones_own_is_in_the_log_and_its_text_is_not(client, own):
    user = make_user("reporter", own, password="the-old-words")
    client.force_login(user)
    typed = {"old_password": "the-old-words", "new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(reverse("admin:password_change"), typed)
    user.refresh_from_db()
    assert (the_row().user, the_row().about_id, the_row().institution_id) == (user, str(user.pk), own.pk)
    assert [(change["label"], change["after"]) for change in the_row().changes] == [("密码", None)]
    assert PASSWORD not in kept_of(the_row())
    assert user.password not in kept_of(the_row())


def test_a_new_password_that_was_refused_is_not_in_the_log(client, own):
    client.force_login(make_user("reporter", own, password="the-old-words"))
    typed = {"old_password": "wrong", "new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(reverse("admin:password_change"), typed)
    assert not rows()


def test_a_new_account_is_in_the_log_without_its_password(admin_client):
    page = admin_client.get(url("hospitals_user", "add"))
    typed = {"username": "wangfang", "name": "王芳", "password1": PASSWORD, "password2": PASSWORD}
    admin_client.post(url("hospitals_user", "add"), posted(page) | typed)
    assert changed(the_row())["username"] == (None, "wangfang")
    assert User.objects.get(username="wangfang").password not in kept_of(the_row())


# ── exports ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_export_of_the_ledger_is_a_row_with_its_conditions(client, own):
    make_activity(own)
    client.force_login(make_user("exporter", own))
    client.get("/admin/branches/activity/ledger/full.csv", {"nature__exact": "single"})
    assert (the_row().verb, the_row().about, the_row().institution_id) == ("export", "活动", own.pk)
    assert "CSV" in the_row().reason
    assert "性质：" in the_row().reason


def test_an_export_by_the_platforms_administrator_belongs_to_the_hospital_whose_rows_it_has(admin_client, own):
    make_activity(own)
    admin_client.get("/admin/branches/activity/ledger/full.xlsx")
    assert the_row().institution_id == own.pk


def test_an_export_that_was_refused_is_no_export(as_reporter):
    as_reporter.get("/admin/branches/activity/ledger/nothing.csv")
    assert [row.verb for row in rows()] == ["refused"]


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_is_not_theirs_is_one_row_with_its_address_and_the_reason(as_reporter, reporter, own):
    assert as_reporter.get(url("hospitals_region", "add")).status_code == 403
    row = the_row()
    assert (row.verb, row.user, row.institution_id, row.address) == ("refused", reporter, own.pk, "127.0.0.1")
    assert row.reason.startswith("打开 /admin/hospitals/region/add/：您的角色不能做这一步")


def test_what_was_posted_to_a_page_that_is_not_theirs_is_called_so(as_reporter):
    as_reporter.post(url("hospitals_region", "add"), {"name": "不许"})
    assert the_row().reason.startswith("提交 /admin/hospitals/region/add/")
    assert "不许" not in the_row().reason


def test_a_page_that_is_not_there_is_one_row(as_reporter):
    as_reporter.get("/admin/nothing-here/")
    assert the_row().reason == "打开 /admin/nothing-here/：没有找到"


@pytest.mark.parametrize("view", ["change", "history"])
def test_asking_for_a_record_of_another_hospital_is_one_row(as_reporter, view):
    address = url("articles_article", view, make_article(title="乙的稿件").pk)
    as_reporter.get(address)
    assert the_row().reason.startswith(f"打开 {address}")
    assert "乙的稿件" not in kept_of(the_row())


def test_posting_to_a_record_of_another_hospital_is_one_row(as_reporter, own):
    address = url("articles_article", "change", make_article(title="乙的稿件").pk)
    as_reporter.post(address, {"title": "改了"})
    assert (the_row().verb, the_row().institution_id, the_row().about) == ("refused", own.pk, "")


def test_a_stranger_at_the_door_leaves_no_row(client):
    client.get(url("hospitals_region", "add"))
    client.get("/admin/nothing-here/")
    assert not rows()


def test_a_refused_step_is_one_row_about_its_record(as_reporter, reporter, own):
    article = make_article(own, created_by=reporter)
    article.submit(by=reporter)
    address = reverse("admin:articles_article_step", args=[article.pk, "approve"])
    assert as_reporter.post(address, {"version": article.version}).status_code == 403
    (refused,) = [row for row in rows() if row.verb == "refused"]
    assert (refused.about_id, refused.institution_id) == (str(article.pk), own.pk)
    assert refused.reason.startswith("审核通过：")


def test_asking_for_a_step_that_is_not_theirs_is_one_row(as_reporter, own):
    article = make_article(own)
    assert as_reporter.get(reverse("admin:articles_article_step", args=[article.pk, "approve"])).status_code == 403
    assert the_row().verb == "refused"


def test_a_form_without_its_token_is_one_row(reporter, own):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    assert client.post(url("branches_partner", "add"), {"name": "人和小学"}).status_code == 403
    assert the_row().reason.startswith("提交 /admin/branches/partner/add/")


def test_a_stranger_without_a_token_leaves_no_row():
    Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "wangfang", "password": "x"})
    assert not LogEntry.objects.exists()


def test_the_same_refusal_within_a_minute_counts_once(as_reporter):
    for _number in range(3):
        as_reporter.get("/admin/nothing-here/")
    assert the_row()


def test_the_same_refusal_later_counts_again(as_reporter, reporter):
    as_reporter.get("/admin/nothing-here/")
    before = the_row()
    earlier = log.entry(log.Verb.REFUSED, by=reporter, reason=before.reason + "二", address=before.address)
    earlier.at -= timedelta(minutes=2)
    earlier.save()
    log.refused("打开 /admin/nothing-here/", by=reporter, why="没有找到二", address=before.address)
    assert len(rows()) == 3


def test_two_people_who_are_refused_the_same_are_two_rows(client, own):
    for name in ("王芳", "赵敏"):
        client.force_login(make_user("reporter", own, name=name))
        client.get("/admin/nothing-here/")
    assert [row.user_name for row in rows()] == ["王芳", "赵敏"]


def test_nobody_fills_the_log_by_asking_for_one_page_after_the_other(as_reporter):
    for number in range(log.MOST_A_MINUTE + 5):
        as_reporter.get(f"/admin/nothing-{number}/")
    assert len(rows()) == log.MOST_A_MINUTE


def test_a_refusal_that_passes_two_doors_is_one_row(reporter):
    refusal = PermissionDenied()
    log.refused("审核通过", by=reporter, refusal=refusal)
    log.refused("提交 /admin/", by=reporter, refusal=refusal)
    assert the_row().reason == "审核通过"


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_working_copy_is_logged_as_the_record_it_will_become(as_reporter, reporter, own):
    article = make_article(own, public=True)
    copy = article.revise(by=reporter)
    save(as_reporter, copy, title="改后的题")
    assert {row.about_id for row in rows()} == {str(article.pk)}
    assert list(LogEntry.objects.of(copy)) == list(LogEntry.objects.of(article)) != []


def test_everything_in_the_admin_that_has_a_hospital_belongs_to_it_in_the_log():
    models = [model for model in admin.site._registry if any(field.name == "hospital" for field in model._meta.fields)]
    assert models
    assert not [model._meta.label for model in models if not hasattr(model, "institution")]


def test_what_belongs_to_no_hospital_says_none(admin_client):
    region = make_hospital().region
    save(admin_client, region, name="新名")
    assert the_row().institution_id is None


def test_a_long_name_is_cut_to_what_the_log_holds(reporter, own):
    partner = make_partner(own, name="长" * 60)
    partner.name = "长" * 400
    log.record(log.Verb.CHANGE, by=reporter, about=partner)
    assert len(the_row().about) == 200
