"""Several people at one form: nobody's text is lost, and one form makes one record."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles.models import Article
from branches.models import Activity, ActivityKind, Brand, Figure, Measure, Partner
from hospitals.models import Membership
from publishing.models import Edited, LogEntry, OpenForm, SentForm, WatchedWord
from publishing.models.forms import OPEN_FOR
from tests.admin_pages import count_queries, errors, posted, said
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_exemption,
    make_grey_period,
    make_hospital,
    make_initiative,
    make_ledger_profile,
    make_obligation,
    make_partner,
    make_region,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MAKE = {
    "activity": make_activity,
    "activitykind": lambda: ActivityKind.objects.get(slug="free_clinic"),
    "article": make_article,
    "branch": make_branch,
    "brand": make_brand,
    "exemption": make_exemption,
    "hospital": make_hospital,
    "initiative": make_initiative,
    "ledgerprofile": lambda: make_ledger_profile(make_user("reporter"), "序号", "活动主题", name="月报"),
    "measure": lambda: Measure.objects.get(slug="visits"),
    "obligation": make_obligation,
    "partner": make_partner,
    "periodreport": make_report,
    "region": make_region,
    "user": lambda: make_user("reporter"),
    "greyperiod": make_grey_period,
    "watchedword": lambda: WatchedWord.objects.create(word="隆重"),
}
EDITED = [model._meta.model_name for model in admin.site._registry if issubclass(model, Edited)]


@pytest.fixture
def own():
    return make_hospital(name="甲医院")


def signed_in(role, hospital, name="王芳") -> Client:
    client = Client()
    client.user = make_user(role, hospital, name=name)
    client.force_login(client.user)
    return client


@pytest.fixture
def first(own):
    return signed_in("reporter", own, "李明")


@pytest.fixture
def second(own):
    return signed_in("reporter", own, "王芳")


def change(record, page="change") -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def add(model) -> str:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    return f"{address}?kind=free_clinic" if model is Activity else address


def save(client, record, **typed):
    """Open the form, type and save."""
    response = client.post(change(record), posted(client.get(change(record)), **typed))
    assert response.status_code == 302, errors(response)
    return response


def text_of(response) -> str:
    """What the page says, without the marks that set off differing words."""
    return unescape(
        re.sub(r"<span class=\"visually-hidden\">[^<]*</span>|</?(?:ins|del)>", "", response.content.decode())
    )


def is_conflict(response) -> bool:
    return response.status_code == 200 and "conflict" in response.context


# ── the version ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", EDITED)
def test_a_form_that_is_older_than_the_record_saves_nothing(admin_client, name):
    record = MAKE[name]()
    typed = posted(admin_client.get(change(record)))
    save(admin_client, record)
    assert is_conflict(admin_client.post(change(record), typed))
    record.refresh_from_db()
    assert record.version == int(typed["version"]) + 1


@pytest.mark.parametrize("version", [None, "", "abc", "1.0", "-1", "１", "9" * 30, "1' OR 1=1"])
def test_a_form_of_no_known_version_saves_nothing(first, own, version):
    brand = make_brand(own, idea="原来的")
    typed = posted(first.get(change(brand)), idea="我写的", version=version or "")
    if version is None:
        del typed["version"]
    response = first.post(change(brand), typed)
    brand.refresh_from_db()
    assert (is_conflict(response), brand.idea) == (True, "原来的")


@pytest.mark.each_database
@pytest.mark.parametrize("name", EDITED)
def test_the_row_is_locked_from_the_look_at_its_version_on(admin_client, name):
    record = MAKE[name]()
    typed = posted(admin_client.get(change(record)))
    with CaptureQueriesContext(connection) as queries:
        admin_client.post(change(record), typed)
    locks = [
        query
        for query in queries
        if f'FROM "{record._meta.db_table}"' in query["sql"] and "FOR NO KEY UPDATE" in query["sql"]
    ]
    assert bool(locks) == connection.features.has_select_for_update  # SQLite has one writer at a time anyway


def test_a_change_of_a_part_alone_makes_a_new_version(first, own):
    activity = make_activity(own, figures={"visits": "60"})
    save(first, activity, **{"figures-0-quantity": "70"})
    activity.refresh_from_db()
    assert activity.version == 2


def test_a_change_of_related_records_alone_makes_a_new_version(first, own):
    activity = make_activity(own)
    save(first, activity, partners=[make_partner(own).pk])
    activity.refresh_from_db()
    assert activity.version == 2


def test_where_the_database_locks_no_row_the_one_update_decides(first, second, own, monkeypatch):
    """The look at the version comes before somebody else's saving, the saving after it."""
    brand = make_brand(own, idea="原来的")
    page = first.get(change(brand))
    save(second, brand, idea="别人写的")
    model_admin, attempts = admin.site.get_model_admin(Brand), []
    look, take = model_admin.before_saving, model_admin._take_version
    monkeypatch.setattr(model_admin, "before_saving", lambda *seen: look(*seen) if attempts else look(*_earlier(*seen)))
    monkeypatch.setattr(model_admin, "_take_version", lambda *seen: (attempts.append(1), take(*seen)))
    response = first.post(change(brand), posted(page, idea="我写的"))
    brand.refresh_from_db()
    assert attempts
    assert (is_conflict(response), brand.idea) == (True, "别人写的")


def _earlier(request, record):
    record.version -= 1
    return request, record


# ── two people save the same record ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def clinic(own):
    activity = make_activity(own, title="义诊", place="社区", figures={"visits": "60", "screened": "35"})
    activity.tags.set(["义诊"])
    return activity


def test_the_second_is_given_back_everything_they_typed(first, second, clinic, own):
    partner, branch = make_partner(own, name="人和小学"), make_branch(own, name="第九支部")
    typed = {
        "title": "社区义诊日", "branch": branch.pk, "place": "文化广场", "start": "2023-05-26", "start_time": "08:30",
        "end": "2023-05-26", "partners": [partner.pk], "joint_branches": [branch.pk], "summary": "为居民测血压。",
        "story": "<p>上午八点开始。</p>", "tags": "健康，社区", "all_branches": "on", "nature": "recurring",
        "figures-0-quantity": "80余", "figures-1-quantity": "不到40", "figures-0-is_internal": "on",
        "photos-0-caption": "医师在量血压", "photos-0-consent": "treated",
    }  # fmt: skip
    page = second.get(change(clinic))
    save(first, clinic, title="进社区", summary="发放折页。", **{"figures-0-quantity": "70"})
    response = second.post(change(clinic), posted(page, **typed))
    assert is_conflict(response)
    shown = posted(response)
    # A row is found again by what it says: rows of others may have come before it.
    assert {name: shown.get(name) for name in typed} == {
        name: [str(pk) for pk in value] if isinstance(value, list) else str(value) for name, value in typed.items()
    } | {"branch": str(branch.pk)}


def test_the_second_sees_both_texts(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="义诊进社区", **{"figures-0-quantity": "70余"})
    said_to_second = text_of(second.post(change(clinic), posted(page, title="义诊日", **{"figures-0-quantity": "65"})))
    for text in ("义诊进社区", "义诊日", "服务人次（人次）：70余", "服务人次（人次）：65"):
        assert f">{text}</p>" in said_to_second


def test_the_second_is_told_who_saved_what_and_when(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="义诊进社区")
    said_to_second = text_of(second.post(change(clinic), posted(page)))
    assert "这条记录刚有变动" in said_to_second
    assert re.search(r"李明</b>\s+\d{1,2}:\d\d 修改了“活动主题”</li>", said_to_second)


def test_ones_own_other_window_is_called_that(second, clinic):
    page = second.get(change(clinic))
    save(second, clinic, title="义诊进社区")
    assert "您在别的窗口保存过" in text_of(second.post(change(clinic), posted(page)))


def test_saving_again_keeps_the_text_of_the_second_knowingly(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="进社区", place="文化广场")
    response = second.post(change(clinic), posted(page, title="社区义诊日"))
    assert 'value="用我写的保存"' in response.content.decode()
    assert second.post(change(clinic), posted(response)).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.title, clinic.place, clinic.updated_by) == ("社区义诊日", "社区", second.user)


def test_whoever_decides_too_slowly_is_told_once_more(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="进社区")
    response = second.post(change(clinic), posted(page, title="社区义诊日"))
    save(first, clinic, title="进了社区")
    again = second.post(change(clinic), posted(response))
    assert is_conflict(again)
    assert "进了社区" in text_of(again)


def test_a_conflict_does_not_hide_an_error(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="进社区")
    response = second.post(change(clinic), posted(page, title="", start="2023-13-01", **{"figures-0-quantity": "很好"}))
    assert is_conflict(response)
    assert {"title", "start", "figures-0-quantity"} <= errors(response).keys()
    for text in ("2023-13-01", "服务人次（人次）：很好"):
        assert f">{text}</p>" in text_of(response)


def test_a_conflict_is_no_error_to_correct(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="进社区")
    assert "errornote" not in second.post(change(clinic), posted(page, title="社区义诊日")).content.decode()


def test_who_typed_what_is_already_stored_is_told_so(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="进社区")
    assert "没有不同，不用再保存" in text_of(second.post(change(clinic), posted(page, title="进社区")))


def test_a_conflict_is_in_the_log(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, title="进社区")
    second.post(change(clinic), posted(page, title="社区义诊日"))
    entry = LogEntry.objects.filter(verb=LogEntry.Verb.REFUSED).get()
    assert (entry.user, entry.about, entry.about_id) == (second.user, "进社区", str(clinic.pk))


def test_the_whole_of_a_long_text_is_there_to_be_copied(first, second, own):
    article = make_article(own, note="第一句话说的是起因。" * 40)
    page = second.get(change(article))
    save(first, article, note="第一句话说的是起因。" * 40 + "末尾。")
    response = second.post(change(article), posted(page, note="开头。"))
    assert f'<p class="content-text">{"第一句话说的是起因。" * 40}末尾。</p>' in response.content.decode()


def test_a_hospitals_record_is_protected_as_well(own):
    one, other = signed_in("manager", own, "李明"), signed_in("manager", own, "王芳")
    page = other.get(change(own))
    save(one, own, hotline="0537-1111111", **{"leaders-0-office": "院长", "leaders-0-name": "张建军"})
    typed = {"hotline": "0537-2222222", "leaders-0-office": "党委书记", "leaders-0-name": "权菊玲"}
    response = other.post(change(own), posted(page, **typed))
    assert is_conflict(response)
    for text in ("0537-1111111", "0537-2222222"):
        assert f">{text}</p>" in text_of(response)
    other.post(change(own), posted(response))
    own.refresh_from_db()
    assert own.hotline == "0537-2222222"
    assert {str(leader) for leader in own.leaders.all()} == {"院长 张建军", "党委书记 权菊玲"}


def test_the_roles_of_an_account_are_protected_as_well(admin_client, own):
    user = make_user("reporter", own)
    page = admin_client.get(change(user))
    save(admin_client, user, **{"memberships-0-role": "exporter"})
    response = admin_client.post(change(user), posted(page, **{"memberships-0-role": "manager"}))
    assert is_conflict(response)
    assert [held.role for held in Membership.objects.filter(user=user)] == ["exporter"]
    assert "台账员" in text_of(response)


# ── rows inside the form ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_that_somebody_deleted_comes_back_with_what_was_typed_in_it(first, second, own):
    article = make_article(own)
    gone, stays = (article.bylines.create(name=name, position=place) for place, name in enumerate(["甲", "乙"], 1))
    page = second.get(change(article))
    save(first, article, **{"bylines-0-DELETE": "on"})
    response = second.post(change(article), posted(page, **{"bylines-0-name": "甲老师", "bylines-1-name": "乙老师"}))
    assert is_conflict(response)
    assert not errors(response).keys() - {"version"}
    second.post(change(article), posted(response))
    assert [byline.name for byline in article.bylines.order_by("name")] == ["乙老师", "甲老师"]
    assert article.bylines.get(name="乙老师").pk == stays.pk


def test_a_figure_that_somebody_took_out_comes_back_with_its_measure(first, second, clinic):
    page = second.get(change(clinic))
    save(first, clinic, **{"figures-0-quantity": ""})
    response = second.post(change(clinic), posted(page, **{"figures-0-quantity": "80"}))
    assert is_conflict(response)
    second.post(change(clinic), posted(response))
    assert {figure.measure.slug: figure.quantity.display() for figure in clinic.figures.all()} == {
        "visits": "80", "screened": "35",
    }  # fmt: skip


def test_what_both_took_out_stays_out(first, second, own):
    article = make_article(own)
    article.bylines.create(name="甲")
    page = second.get(change(article))
    save(first, article, **{"bylines-0-DELETE": "on"})
    response = second.post(change(article), posted(page, title="新题目", **{"bylines-0-DELETE": "on"}))
    assert "甲" not in [value for name, value in posted(response).items() if name.startswith("bylines")]
    second.post(change(article), posted(response))
    assert not article.bylines.exists()


def test_a_row_that_somebody_added_is_in_the_form_and_stays(first, second, own):
    article = make_article(own)
    page = second.get(change(article))
    save(first, article, **{"bylines-0-name": "甲"})
    response = second.post(change(article), posted(page, **{"bylines-0-name": "乙"}))
    shown = posted(response)
    assert [shown[f"bylines-{place}-name"] for place in (0, 1)] == ["甲", "乙"]
    second.post(change(article), posted(response))
    assert {byline.name for byline in article.bylines.all()} == {"甲", "乙"}


def test_a_figure_that_both_filled_in_is_one_figure_with_two_texts(first, second, own):
    activity = make_activity(own)
    page = second.get(change(activity))
    row = next(form for form in page.context["inline_admin_formsets"][0].formset.forms if form.row_name == "服务人次")
    name = row.add_prefix("quantity")
    save(first, activity, **{name: "60余"})
    response = second.post(change(activity), posted(page, **{name: "80"}))
    assert is_conflict(response)
    assert not errors(response).keys() - {"version"}
    for text in ("服务人次（人次）：60余", "服务人次（人次）：80"):
        assert f">{text}</p>" in text_of(response)
    second.post(change(activity), posted(response))
    assert [figure.quantity.display() for figure in activity.figures.all()] == ["80"]


def test_a_figure_that_one_filled_in_is_not_emptied_by_the_others_empty_box(first, second, own):
    activity = make_activity(own)
    page = second.get(change(activity))
    row = next(form for form in page.context["inline_admin_formsets"][0].formset.forms if form.row_name == "服务人次")
    save(first, activity, **{row.add_prefix("quantity"): "60余"})
    response = second.post(change(activity), posted(page, title="义诊日"))
    second.post(change(activity), posted(response))
    activity.refresh_from_db()
    assert activity.title == "义诊日"
    assert [figure.quantity.display() for figure in activity.figures.all()] == ["60余"]


def test_a_photo_that_somebody_removed_has_its_words_kept_and_is_asked_for_again(first, second, own):
    article = make_article(own)
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    article.photos.create(image=SimpleUploadedFile("a.jpg", out.getvalue()), caption="原来的")
    page = second.get(change(article))
    save(first, article, **{"photos-0-DELETE": "on"})
    response = second.post(change(article), posted(page, **{"photos-0-caption": "我写的说明"}))
    assert is_conflict(response)
    assert "我写的说明" in posted(response).values()
    assert "有1张照片要重新选择" in text_of(response)


@pytest.mark.parametrize("name", ["figures-TOTAL_FORMS", "figures-INITIAL_FORMS"])
@pytest.mark.parametrize("nonsense", ["", "abc", "-1", "1e3", "９", "9" * 30])
def test_nonsense_in_the_count_of_rows_is_said_in_chinese_and_costs_no_text(first, clinic, name, nonsense):
    page = first.get(change(clinic))
    response = first.post(change(clinic), posted(page, **{name: nonsense, "figures-0-quantity": "80余"}))
    assert "没有传完整" in errors(response)["figures"]
    assert posted(response)["figures-0-quantity"] == "80余"
    assert Figure.objects.get(measure__slug="visits").quantity.display() == "60"


@pytest.mark.parametrize(("total", "initial"), [("0", "0"), ("1", "1"), ("2", "9"), ("999", "0")])
def test_wrong_counts_of_rows_change_nothing_about_the_rows(first, clinic, total, initial):
    counts = {"figures-TOTAL_FORMS": total, "figures-INITIAL_FORMS": initial}
    save(first, clinic, **counts, **{"figures-0-quantity": "80余"})
    assert [figure.quantity.display() for figure in clinic.figures.all()] == ["80余", "35"]


@pytest.mark.parametrize("key", ["abc", "0", "-1", "9" * 30, "1 OR 1"])
def test_a_row_with_an_impossible_key_is_a_new_row(first, own, key):
    article = make_article(own)
    article.bylines.create(name="甲")
    save(first, article, **{"bylines-0-id": key, "bylines-0-name": "乙"})
    assert sorted(byline.name for byline in article.bylines.all()) == ["乙", "甲"]


def test_a_row_of_another_record_is_not_taken_over(first, own):
    article, other = make_article(own), make_article(own)
    foreign = other.bylines.create(name="别人的")
    save(first, article, **{"bylines-0-id": foreign.pk, "bylines-0-name": "我的"})
    foreign.refresh_from_db()
    assert (foreign.name, foreign.article) == ("别人的", other)


# ── the record left the draft meanwhile ───────────────────────────────────────────────────────────────────────────────


def test_what_was_typed_while_somebody_handed_the_record_in_is_shown_to_be_copied(first, second, clinic):
    page = second.get(change(clinic))
    Activity.objects.get(pk=clinic.pk).submit(by=first.user)
    typed = {"title": "社区义诊日", "story": "<h2>小标题</h2><p>正文</p>", "tags": "健康", "figures-0-quantity": "80余"}
    response = second.post(change(clinic), posted(page, **typed))
    assert response.context["record"].title == "义诊"
    for text in (">社区义诊日</textarea>", "<h2>小标题</h2><p>正文</p>", "服务人次（人次）：80余", ">健康</textarea>"):
        assert text in response.content.decode()
    clinic.refresh_from_db()
    assert clinic.title == "义诊"


def test_it_says_what_to_do_next_and_offers_it(first, second, clinic):
    page = second.get(change(clinic))
    Activity.objects.get(pk=clinic.pk).submit(by=first.user)
    response = second.post(change(clinic), posted(page, title="社区义诊日"))
    assert "没有保存" in said(response)
    assert "收回" in said(response)
    assert reverse("admin:branches_activity_step", args=[clinic.pk, "take_back"]) in response.content.decode()


def test_it_shows_nothing_that_was_not_typed(first, second, clinic):
    page = second.get(change(clinic))
    Activity.objects.get(pk=clinic.pk).submit(by=first.user)
    response = second.post(change(clinic), posted(page, title="社区义诊日"))
    assert [field.label for field, _html in response.context["typed"]] == ["活动主题"]


def test_no_script_comes_back_with_what_was_typed(first, second, clinic):
    page = second.get(change(clinic))
    Activity.objects.get(pk=clinic.pk).submit(by=first.user)
    response = second.post(change(clinic), posted(page, story="<p>好</p><script>alert(1)</script>"))
    assert "alert(1)" not in response.content.decode()


def test_what_was_typed_into_a_working_copy_that_is_gone_is_shown_to_be_copied(first, second, own):
    copy = make_activity(own, public=True, title="义诊", figures={"visits": "60"}).revise(by=first.user)
    page = second.get(change(copy))
    Activity.objects.get(pk=copy.pk).discard(by=first.user)
    response = second.post(change(copy), posted(page, title="社区义诊日", **{"figures-0-quantity": "80余"}))
    assert response.status_code == 404
    assert ">社区义诊日</textarea>" in response.content.decode()
    assert "服务人次（人次）：80余" in text_of(response)


def test_of_another_hospitals_record_it_shows_only_what_was_sent(second):
    foreign = make_article(make_hospital(name="乙医院"), title="别院的题目", lede="别院的导语")
    typed = posted(second.get(add(Article)), title="我写的题目")
    response = second.post(change(foreign), typed)
    assert response.status_code == 404
    assert "我写的题目" in text_of(response)
    assert "别院" not in text_of(response)
    assert "乙医院" not in text_of(response)


def test_a_reader_who_sends_a_form_is_refused(own):
    article = make_article(own)
    assert signed_in("exporter", own).post(change(article), {"title": "改了"}).status_code == 403


# ── the same form sent twice ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_sent_twice_makes_one_record_and_leads_to_it(first):
    typed = posted(first.get(add(Article)), title="题目")
    first.post(add(Article), typed)
    again = first.post(add(Article), typed, follow=True)
    article = Article.objects.get()
    assert again.redirect_chain == [(change(article), 302)]
    assert "已经保存过了" in said(again)


def test_what_was_typed_on_after_the_first_sending_is_not_lost(first):
    typed = posted(first.get(add(Article)), title="题目")
    first.post(add(Article), typed)
    again = first.post(add(Article), typed | {"lede": "又写了一段导语。"})
    assert "已经保存过" in said(again)
    assert [(field.label, field.text) for field, _html in again.context["typed"]] == [("导语", "又写了一段导语。")]
    assert change(Article.objects.get()) in again.content.decode()


def test_a_name_that_is_only_taken_by_the_first_sending_is_no_error(first):
    typed = posted(first.get(add(Partner)), name="人和小学", kind="school")
    first.post(add(Partner), typed)
    assert first.post(add(Partner), typed).url == change(Partner.objects.get())


def test_two_forms_make_two_records(first):
    for _number in range(2):
        first.post(add(Article), posted(first.get(add(Article)), title="题目"))
    assert Article.objects.count() == 2


@pytest.mark.parametrize("model", [Article, Partner, Activity], ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("token", [None, "", "abc", "0" * 31, "'; DROP TABLE"])
def test_a_form_without_its_token_makes_nothing_and_can_be_sent_again(first, model, token):
    typed = posted(first.get(add(model)), title="题目", name="人和小学", start="2023-06-01", once=token or "")
    if token is None:
        del typed["once"]
    refused = first.post(add(model), typed)
    assert not model.objects.exists()
    assert "再点一次保存" in refused.content.decode()
    assert first.post(add(model), posted(refused)).status_code == 302
    assert {getattr(record, "title", getattr(record, "name", "")) for record in model.objects.all()} <= {
        "题目",
        "人和小学",
    }


def test_the_token_of_another_person_makes_nothing(first, second):
    typed = posted(first.get(add(Article)), title="题目")
    first.post(add(Article), typed)
    assert "once" in errors(second.post(add(Article), typed))
    assert Article.objects.count() == 1


def test_the_token_of_another_sort_of_record_makes_nothing(first):
    typed = posted(first.get(add(Article)), title="题目")
    first.post(add(Article), typed)
    response = first.post(add(Partner), posted(first.get(add(Partner)), name="人和小学", once=typed["once"]))
    assert "once" in errors(response)
    assert not Partner.objects.exists()


def test_nobody_chooses_the_token_of_a_colleagues_form_by_a_link(first):
    token = str(uuid4())
    page = first.get(add(Article), {"once": token, "version": "7"})
    assert posted(page)["once"] != token


def test_a_form_with_an_error_is_corrected_and_sent_again(first):
    refused = first.post(add(Article), posted(first.get(add(Article)), title=""))
    assert "title" in errors(refused)
    assert not SentForm.objects.exists()  # or of two sendings at once neither would wait for the other
    assert first.post(add(Article), posted(refused, title="题目")).status_code == 302
    assert Article.objects.count() == 1


def test_in_a_popup_the_second_sending_chooses_the_same_record(first):
    address = f"{add(Partner)}?_popup=1"
    typed = posted(first.get(address), name="人和小学", kind="school") | {"_popup": "1"}
    pages = [first.post(address, typed) for _number in range(2)]
    found = [re.search(r"&quot;value&quot;: &quot;(\d+)&quot;", page.content.decode())[1] for page in pages]
    assert found == [str(Partner.objects.get().pk)] * 2


def test_a_form_for_a_change_cannot_be_turned_into_one_for_a_new_record(first, own):
    article = make_article(own)
    typed = posted(first.get(change(article))) | {"_saveasnew": "1"}
    assert first.post(change(article), typed).status_code == 400
    assert Article.objects.count() == 1


def test_what_was_sent_is_remembered_for_a_day(first, django_capture_on_commit_callbacks):
    old, young = (SentForm.objects.create(token=uuid4(), user=first.user, content_type_id=1) for _number in range(2))
    SentForm.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        first.post(add(Article), posted(first.get(add(Article)), title="题目"))
    assert {row.pk for row in SentForm.objects.filter(object_id=None)} == {young.pk}


# ── somebody else has this open ───────────────────────────────────────────────────────────────────────────────────────


def test_a_form_says_who_else_has_it_open(first, second, clinic):
    first.get(change(clinic))
    page = text_of(second.get(change(clinic)))
    assert re.search(r"李明（\d{1,2}:\d\d）\s*也打开了这条记录", page)


def test_a_form_does_not_speak_of_oneself(first, clinic):
    first.get(change(clinic))
    assert "也打开了这条记录" not in text_of(first.get(change(clinic)))


def test_a_form_is_forgotten_after_a_while(first, second, clinic, django_capture_on_commit_callbacks):
    first.get(change(clinic))
    OpenForm.objects.update(opened_at=timezone.now() - OPEN_FOR)
    assert "也打开了这条记录" not in text_of(second.get(change(clinic)))
    with django_capture_on_commit_callbacks(execute=True):
        save(second, clinic)
    assert not OpenForm.objects.exists()


def test_whoever_saved_has_it_open_no_more(first, second, clinic):
    save(first, clinic)
    assert "也打开了这条记录" not in text_of(second.get(change(clinic)))


def test_whoever_may_only_read_does_not_count_and_is_not_told(first, second, own, clinic):
    reader = signed_in("exporter", own, "赵强")
    reader.get(change(clinic))
    assert "也打开了这条记录" not in text_of(second.get(change(clinic)))
    assert "也打开了这条记录" not in text_of(reader.get(change(clinic)))


def test_however_many_have_it_open_the_form_takes_as_many_queries(second, own, clinic):
    second.get(change(clinic))
    few = count_queries(second, change(clinic))
    for _number in range(8):
        signed_in("reporter", own).get(change(clinic))
    assert count_queries(second, change(clinic)) == few
