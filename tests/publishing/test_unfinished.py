"""What is typed and not saved: kept for the person alone, offered on coming back, gone when it is saved or given up."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from branches.models import Activity, Brand
from hospitals.roles import Role
from publishing.freshness import Stamp, content_tables
from publishing.models import LogEntry, ReviewEntry, Unfinished, Version
from publishing.models.unfinished import KEPT_FOR
from publishing.unfinished import LIMIT
from tests.admin_pages import posted
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_hospital,
    make_user,
)
from tests.publishing.test_workflow_at_once import at_once
from tests.reviews import MAKE

pytestmark = pytest.mark.django_db

each_model = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


@pytest.fixture
def own():
    return make_hospital(name="甲医院")


def signed_in(role, hospital, **fields) -> Client:
    client = Client()
    client.user = make_user(role, hospital, **fields)
    client.force_login(client.user)
    return client


@pytest.fixture
def writer(own):
    return signed_in(Role.REPORTER, own)


@pytest.fixture
def article(own):
    return make_article(own, title="题目", lede="原来的导语。")


def page(about, name: str) -> str:
    """A page of a record's admin, or of a model's."""
    args = [] if isinstance(about, type) else [about.pk]
    return reverse(f"admin:{about._meta.app_label}_{about._meta.model_name}_{name}", args=args)


def door(about) -> str:
    return page(about, "unfinished_new" if isinstance(about, type) else "unfinished")


def sent(client, **changes) -> dict:
    values = {name: [text] for name, text in changes.pop("typed", {"lede": "刚写的导语。"}).items()}
    body = {"account": str(client.user.pk), "holder": str(uuid4()), "seen": "", "version": 1, "values": values}
    return body | {"labels": {}, "files": 0, "query": ""} | changes


def autosave(client, about, body=None, **changes):
    body = sent(client, **changes) if body is None else body
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(door(about), raw, content_type="application/json")


def lede_of(kept: Unfinished) -> str:
    return kept.content["values"]["lede"][0]


# ── it is kept, and nothing else happens ──────────────────────────────────────────────────────────────────────────────


def test_what_was_typed_is_kept(writer, article):
    assert autosave(writer, article).status_code == 204
    kept = Unfinished.objects.get()
    assert (kept.user, kept.object_id, kept.version, lede_of(kept)) == (writer.user, article.pk, 1, "刚写的导语。")


def test_it_is_one_state_however_often_it_is_written(writer, article):
    holder = str(uuid4())
    for lede in ("一", "二", "三"):
        assert autosave(writer, article, holder=holder, typed={"lede": lede}).status_code == 204
    kept = Unfinished.objects.get()
    assert (lede_of(kept), kept.number) == ("三", 3)


@each_model
def test_each_record_that_is_reviewed_has_it(own, writer, make):
    record = make(own)
    assert autosave(writer, record).status_code == 204
    assert autosave(writer, type(record)).status_code == 204
    assert set(Unfinished.objects.values_list("object_id", flat=True)) == {record.pk, 0}


def test_the_record_and_the_site_stay_as_they_are(writer, article):
    before, stamp = Article.objects.values().get(), Stamp.now()
    logged = LogEntry.objects.count()
    autosave(writer, article)
    assert Article.objects.values().get() == before
    assert Stamp.now() == stamp
    assert (LogEntry.objects.count(), ReviewEntry.objects.count(), Version.objects.count()) == (logged, 0, 0)
    assert Unfinished._meta.db_table not in set(content_tables())


def test_neither_tokens_nor_passwords_are_kept(writer, article):
    typed = dict.fromkeys(["lede", "csrfmiddlewaretoken", "version", "once", "_save", "password1"], "x")
    autosave(writer, article, typed=typed)
    assert set(Unfinished.objects.get().content["values"]) == {"lede"}


def test_what_no_database_can_hold_is_left_out(writer, article):
    assert autosave(writer, article, typed={"lede": "a\x00b\ud800c"}).status_code == 204
    assert lede_of(Unfinished.objects.get()) == "ab?c"


@pytest.mark.each_database
def test_it_costs_six_queries_at_most(writer, article):
    holder = str(uuid4())
    ContentType.objects.get_for_model(Article)  # which a process asks for once
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            autosave(writer, article, holder=holder)
        assert len(queries) <= 6, "\n".join(query["sql"][:300] for query in queries)


@each_model
@pytest.mark.parametrize("is_kept", [False, True], ids=["nothing", "an_offer"])
def test_the_form_asks_for_it_once(own, writer, make, is_kept):
    record = make(own)
    if is_kept:
        autosave(writer, record)
    writer.get(page(record, "change"))
    with CaptureQueriesContext(connection) as queries:
        writer.get(page(record, "change"))
    assert len([query for query in queries if Unfinished._meta.db_table in query["sql"]]) == 1


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(writer, article):
    autosave(writer, article, typed={"lede": "只有我看得到。"})
    return Unfinished.objects.get()


@pytest.mark.parametrize("role", [*Role, "administrator"])
def test_nobody_else_sees_it(own, article, kept, role):
    is_administrator = role == "administrator"
    other = signed_in(None if is_administrator else role, own, is_superuser=is_administrator)
    assert other.get(door(article)).status_code == 404
    for name in ("change", "history"):
        assert "只有我看得到" not in other.get(page(article, name)).content.decode()
    assert not Article.objects.search("只有我看得到").exists()
    assert other.post(door(article), {"discard": kept.mark}).status_code == 404
    autosave(other, article, discard=kept.mark)
    assert Unfinished.objects.filter(pk=kept.pk).exists()


def test_it_has_no_page_of_its_own_in_the_admin():
    assert Unfinished not in admin.site._registry


def test_two_people_at_one_record_have_two_states(own, writer, article):
    other = signed_in(Role.REPORTER, own)
    autosave(writer, article, typed={"lede": "甲"})
    assert autosave(other, article, typed={"lede": "乙"}).status_code == 204
    assert {lede_of(row) for row in Unfinished.objects.all()} == {"甲", "乙"}


def test_another_hospitals_record_is_not_there(article):
    stranger = signed_in(Role.REPORTER, make_hospital(name="乙医院"))
    assert autosave(stranger, article).status_code == 404
    assert stranger.get(door(article)).status_code == 404
    assert not Unfinished.objects.exists()


@pytest.mark.parametrize("role", [Role.EXPORTER, Role.FIRST_REVIEWER, Role.MANAGER])
def test_whoever_may_not_write_keeps_nothing(own, article, role):
    reader = signed_in(role, own)
    assert autosave(reader, article).status_code == 403
    assert autosave(reader, Article).status_code == 403
    assert not Unfinished.objects.exists()


def test_whoever_is_not_signed_in_is_sent_to_the_login(own, article):
    stranger = Client()
    stranger.user = make_user(Role.REPORTER, own)
    assert autosave(stranger, article).status_code == 302
    assert not Unfinished.objects.exists()


def test_a_page_of_another_account_keeps_nothing(own, writer, article):
    """Somebody else has signed in on this computer meanwhile."""
    other = make_user(Role.REPORTER, own)
    answer = autosave(writer, article, account=str(other.pk))
    assert (answer.status_code, answer.json()["reason"]) == (409, "account")
    assert not Unfinished.objects.exists()


def test_a_request_without_csrf_token_is_refused(writer, article):
    client = Client(enforce_csrf_checks=True)
    client.user = writer.user
    client.force_login(writer.user)
    assert autosave(client, article).status_code == 403


# ── hostile and broken requests ───────────────────────────────────────────────────────────────────────────────────────

BROKEN = {
    "empty": "",
    "no_json": "{",
    "deep": "[" * 100_000,
    "no_object": "[]",
    "null": "null",
    "long_number": "9" * 5000,
    "not_utf8": b"\xff\xfe\xfa",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_refused(writer, article, raw):
    assert autosave(writer, article, raw or b" ").status_code == 400


WRONG = {
    "values": [
        None,
        [],
        "x",
        {"lede": "x"},
        {"lede": [1]},
        {"lede": [None]},
        {"a b": ["x"]},
        {"": ["x"]},
        {"甲": ["x"]},
        {"body": ["<p>" * 30_000, "<p>" * 30_000]},
    ],
    "labels": [None, [], {"branch": []}, {"branch": {"1": 1}}],
    "holder": [None, 1, "", "x", ["x"]],
    "seen": [None, 1, {}],
    "query": [None, 1],
    "discard": [1, None, []],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_what_has_another_shape_is_refused(writer, article, name, value):
    assert autosave(writer, article, **{name: value}).status_code == 400
    assert not Unfinished.objects.exists()


@pytest.mark.parametrize("number", [None, -1, 2**31, 10**30, 1.5, "1", True, [], {}])
def test_a_number_that_is_none_counts_as_none(writer, article, number):
    assert autosave(writer, article, version=number, files=number).status_code == 204
    assert Unfinished.objects.get().version == 0


def test_more_than_is_kept_is_refused_unread(writer, article):
    assert autosave(writer, article, typed={"body": "长" * (LIMIT // 6)}).status_code == 413
    assert autosave(writer, article, "x" * (6 * LIMIT)).status_code == 413
    assert not Unfinished.objects.exists()


@pytest.mark.parametrize("key", ["9" * 18, "9" * 40, "0"])
def test_a_record_that_cannot_be_there_is_not_there(writer, key):
    address = door(Article).replace("unfinished/", f"{key}/unfinished/")
    assert writer.post(address, json.dumps(sent(writer)), content_type="application/json").status_code in {204, 404}
    assert writer.get(address).status_code in {200, 404}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(writer, article, kept, method):
    assert getattr(writer, method)(door(article)).status_code == 405


def test_a_stored_text_is_no_markup_of_the_page(writer, article):
    hostile = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'"
    autosave(writer, article, typed={"title": hostile, "lede": hostile, "body": hostile}, query='?"><script>')
    for address in (page(article, "change"), door(article)):
        text = writer.get(address).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


# ── two windows ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_window_does_not_overwrite_the_first_unseen(writer, article, kept):
    answer = autosave(writer, article, typed={"lede": "另一个窗口"})
    assert (answer.status_code, answer.json()) == (409, {"reason": "elsewhere", "mark": kept.mark})
    assert lede_of(Unfinished.objects.get()) == "只有我看得到。"


def test_the_later_window_wins_when_it_knows_and_the_other_is_told(writer, article):
    first, second = str(uuid4()), str(uuid4())
    autosave(writer, article, holder=first)
    mark = autosave(writer, article, holder=second, typed={"lede": "后来的"}).json()["mark"]
    assert autosave(writer, article, holder=second, seen=mark, typed={"lede": "后来的"}).status_code == 204
    assert autosave(writer, article, holder=first).json()["reason"] == "elsewhere"
    assert lede_of(Unfinished.objects.get()) == "后来的"


def test_a_window_that_knows_an_older_state_is_told(writer, article):
    first = str(uuid4())
    autosave(writer, article, holder=first)
    mark = Unfinished.objects.get().mark
    autosave(writer, article, holder=first, typed={"lede": "更新的"})
    assert autosave(writer, article, seen=mark).status_code == 409


def test_a_window_whose_answer_was_lost_goes_on(writer, article):
    holder = str(uuid4())
    autosave(writer, article, holder=holder)
    assert autosave(writer, article, holder=holder, seen="").status_code == 204


@pytest.mark.each_database
@pytest.mark.django_db(transaction=True)
def test_of_ten_windows_that_write_at_once_one_is_kept_and_nine_are_told():
    article, user = make_article(), make_user()
    about = {"user": user, "content_type": ContentType.objects.get_for_model(Article), "object_id": article.pk}
    windows = [Unfinished(holder=uuid4(), content={"values": {}}, **about) for _number in range(10)]
    kept = at_once(len(windows), lambda number: windows[number].keep(""))
    assert sorted(kept) == [False] * 9 + [True]
    assert Unfinished.objects.get().holder == windows[kept.index(True)].holder


@pytest.mark.parametrize("seen", ["", ".", "1", "1.", "x.y", "9" * 18 + "." + "9" * 9, "1.1.1", "1' OR 1=1"])
def test_a_mark_that_is_none_takes_nothing_over(writer, article, kept, seen):
    assert autosave(writer, article, seen=seen).status_code == 409


def test_what_was_kept_too_long_ago_stands_in_nobodys_way(writer, article, kept):
    Unfinished.objects.update(saved_at=timezone.now() - KEPT_FOR)
    assert autosave(writer, article).status_code == 204


# ── the end of it ─────────────────────────────────────────────────────────────────────────────────────────────────────


def held_form(client, address, **typed):
    """The form as it is opened, autosaved and sent by one window."""
    data = posted(client.get(address), **typed)
    return data | {"_unfinished": str(uuid4())}


def test_saving_ends_it_and_tells_the_browser(writer, article):
    data = held_form(writer, page(article, "change"), lede="刚写的导语。")
    autosave(writer, article, holder=data["_unfinished"])
    answer = writer.post(page(article, "change"), data)
    assert answer.status_code == 302
    assert not Unfinished.objects.exists()
    assert answer.cookies["saved_forms"].value == data["_unfinished"]


def test_saving_a_new_record_ends_it(writer):
    data = held_form(writer, page(Article, "add"), title="题目")
    autosave(writer, Article, holder=data["_unfinished"])
    assert writer.post(page(Article, "add"), data).status_code == 302
    assert not Unfinished.objects.exists()


def test_a_new_record_that_was_sent_twice_ends_it(writer):
    data = held_form(writer, page(Article, "add"), title="题目")
    writer.post(page(Article, "add"), data)
    autosave(writer, Article, holder=data["_unfinished"])  # was on its way
    writer.post(page(Article, "add"), data)
    assert not Unfinished.objects.exists()


def test_saving_ends_what_was_restored(writer, article, kept):
    data = held_form(writer, page(article, "change"), lede="只有我看得到。")
    writer.post(page(article, "change"), data | {"_unfinished": [data["_unfinished"], str(kept.holder)]})
    assert not Unfinished.objects.exists()


def test_saving_another_window_leaves_it(writer, article, kept):
    writer.post(page(article, "change"), held_form(writer, page(article, "change"), lede="别的"))
    assert lede_of(Unfinished.objects.get()) == "只有我看得到。"


def test_a_form_that_could_not_be_saved_leaves_it_and_keeps_its_window(writer, article):
    data = held_form(writer, page(article, "change"), title="")
    autosave(writer, article, holder=data["_unfinished"])
    answer = writer.post(page(article, "change"), data)
    assert answer.status_code == 200
    form = answer.context["autosaved"]
    assert (str(form.holder), form.is_offered, form.seen) == (data["_unfinished"], False, Unfinished.objects.get().mark)


@pytest.mark.parametrize("garbled", ["", "x", "0" * 40, "'; DROP"])
def test_a_garbled_window_is_none(writer, article, kept, garbled):
    data = held_form(writer, page(article, "change"), lede="别的") | {"_unfinished": garbled}
    assert writer.post(page(article, "change"), data).status_code == 302
    assert Unfinished.objects.exists()


def test_it_is_given_up_from_the_form(writer, article, kept):
    assert autosave(writer, article, discard=kept.mark).status_code == 204
    assert not Unfinished.objects.exists()


def test_what_has_gone_on_meanwhile_is_not_given_up(writer, article, kept):
    autosave(writer, article, holder=str(kept.holder), typed={"lede": "又写了"})
    assert autosave(writer, article, discard=kept.mark).status_code == 409
    writer.post(door(article), {"discard": kept.mark})
    assert lede_of(Unfinished.objects.get()) == "又写了"


def test_it_is_swept_after_thirty_days(writer, article, kept, django_capture_on_commit_callbacks):
    Unfinished.objects.update(saved_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert not writer.get(page(article, "change")).context["autosaved"].is_offered
    assert writer.get(door(article)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        writer.post(page(article, "change"), held_form(writer, page(article, "change"), lede="别的"))
    assert not Unfinished.objects.exists()


# ── coming back ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_offered_from_any_computer(writer, article, kept):
    text = Client()
    text.force_login(writer.user)
    said = text.get(page(article, "change")).content.decode()
    assert "还有没保存的内容" in said
    assert door(article) in said
    assert "别人改过这条记录" not in said.split("data-unfinished-older hidden")[0]


def test_the_form_itself_stays_as_it_is_stored(writer, article, kept):
    assert posted(writer.get(page(article, "change")))["lede"] == "原来的导语。"


def test_that_somebody_else_has_changed_the_record_is_said_first(own, writer, article, kept):
    colleague = signed_in(Role.REPORTER, own)
    colleague.post(page(article, "change"), posted(colleague.get(page(article, "change")), title="同事的题目"))
    form = writer.get(page(article, "change")).context["autosaved"]
    assert (form.is_older, form.is_own_change) == (True, False)
    assert "别人改过这条记录" in writer.get(page(article, "change")).content.decode()


def test_the_page_without_scripts_shows_the_texts_and_gives_them_up(writer, article, kept):
    shown = writer.get(door(article))
    assert [(field.label, field.text) for field, _html in shown.context["typed"]] == [("导语", "只有我看得到。")]
    answer = writer.post(door(article), {"discard": kept.mark}, follow=True)
    assert answer.redirect_chain == [(page(article, "change"), 302)]
    assert not Unfinished.objects.exists()


def test_rows_are_shown_as_well(own, writer):
    activity = make_activity(own, title="义诊", figures={"visits": "60"})
    data = posted(writer.get(page(activity, "change")), **{"figures-0-quantity": "80余"})
    typed = {name: value for name, value in data.items() if isinstance(value, str)}
    autosave(writer, activity, typed=typed | {"photos-0-caption": ""})
    shown = {field.name: field for field, _html in writer.get(door(activity)).context["typed"]}
    assert set(shown) == {"figures"}
    assert "80余" in str(shown["figures"].entries)


def test_a_new_record_of_a_kind_leads_back_to_the_form_of_that_kind(writer):
    autosave(writer, Activity, typed={"title": "义诊"}, query="?kind=free_clinic")
    assert writer.get(door(Activity)).context["form_url"] == f"{page(Activity, 'add')}?kind=free_clinic"


def test_of_another_hospital_it_shows_not_even_a_name(writer):
    """A key that was put into the request by hand."""
    foreign = make_branch(make_hospital(name="乙医院"), name="乙院支部")
    autosave(writer, Brand, typed={"name": "先锋", "branch": str(foreign.pk)})
    assert "乙院支部" not in writer.get(door(Brand)).content.decode()


HOSTILE = {
    "counts": {"figures-TOTAL_FORMS": "999999", "figures-INITIAL_FORMS": "abc", "photos-TOTAL_FORMS": "9" * 30},
    "keys": {"kind": "x", "branch": "9" * 30, "partners": "-1", "figures-0-id": "' OR 1=1", "figures-0-measure": "x"},
    "values": {
        "start": "2023-13-45",
        "nature": "x",
        "figures-0-quantity": "很好",
        "story": "<svg onload=alert(1)>" * 99,
    },
}


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("is_new", [False, True], ids=["change", "new"])
def test_whatever_was_kept_can_be_shown_and_given_up(own, writer, typed, is_new):
    about = Activity if is_new else make_activity(own, figures={"visits": "60"})
    assert autosave(writer, about, typed=typed, query="?kind=x\r\nSet-Cookie: a=b#\"'><").status_code == 204
    shown = writer.get(door(about))
    assert shown.status_code == 200
    assert "<svg onload" not in shown.content.decode()
    given_up = writer.post(door(about), {"discard": Unfinished.objects.get().mark})
    assert given_up.status_code == 302
    assert "\n" not in given_up.url
    assert not Unfinished.objects.exists()


# ── a record that can be changed no more ──────────────────────────────────────────────────────────────────────────────


def test_under_review_it_says_so_and_keeps_what_was_typed(own, writer, article):
    colleague = make_user(Role.REPORTER, own)
    article.submit(by=colleague)
    answer = autosave(writer, article)
    assert (answer.status_code, answer.json()["reason"]) == (409, "closed")
    assert "不能修改" in answer.json()["said"]
    assert lede_of(Unfinished.objects.get()) == "刚写的导语。"
    shown = writer.get(page(article, "change")).content.decode()
    assert "还有没保存的内容" in shown
    assert "刚写的导语" in writer.get(door(article)).content.decode()


def test_of_a_working_copy_that_is_gone_it_can_still_be_copied(own, writer):
    copy = make_article(own, public=True, title="题目").revise(by=writer.user)
    autosave(writer, copy)
    gone = copy.pk
    copy.discard(by=writer.user)
    copy.pk = gone
    assert autosave(writer, copy).status_code == 404
    shown = writer.get(page(copy, "change"), follow=True)
    assert shown.redirect_chain == [(door(copy), 302)]
    assert "刚写的导语" in shown.content.decode()


def test_handing_in_says_that_it_is_not_part_of_it(writer, article, kept):
    asked = writer.get(reverse("admin:articles_article_step", args=[article.pk, "submit"])).content.decode()
    assert "还没有存入这条记录" in asked
