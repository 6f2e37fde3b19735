"""A page is the same exactly until something that anybody may read has changed, in whatever way it was written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article
from branches.models import Activity, Figure
from publishing import freshness
from publishing.freshness import Stamp, content_tables, public_page, watch_tables
from publishing.models import Change, WatchedWord
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_figure,
    make_hospital,
    make_partner,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    activity = make_activity(public=True)
    make_figure(activity)
    return activity


def raw_sql(activity):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE branches_activity SET place = 'x' WHERE id = %s", [activity.pk])


@pytest.mark.parametrize(
    "write",
    [
        lambda activity: activity.save(),
        lambda activity: Activity.objects.update(place="村里"),
        lambda activity: Activity.objects.filter(pk=activity.pk).delete(),
        lambda activity: Figure.objects.bulk_create([Figure(activity=activity, label="车", value=1, as_stated="1")]),
        lambda activity: activity.tags.add("义诊"),
        lambda activity: activity.partners.add(make_partner(hospital=activity.hospital)),
        lambda activity: activity.joint_branches.add(make_branch(hospital=activity.hospital)),
        lambda activity: Tag.objects.create(name="敬老", slug="敬老"),
        lambda activity: Tag.objects.bulk_create([Tag(name="助残", slug="助残")], ignore_conflicts=True),
        raw_sql,
    ],
    ids=["save", "update", "delete", "bulk", "tag", "partner", "joint branch", "new tag", "ignoring", "SQL"],
)
def test_every_way_of_writing_changes_the_stamp(activity, write):
    before = Stamp.now().token
    write(activity)
    assert Stamp.now().token != before


def test_the_second_of_two_writes_in_one_transaction_changes_it_too(activity):
    activity.save()
    between = Stamp.now().token
    activity.save()
    assert Stamp.now().token != between


def test_what_is_written_and_undone_never_has_the_stamp_of_what_is_written_next(activity):
    tokens = []
    for place in ("县城", "村里"):
        with transaction.atomic():
            Activity.objects.update(place=place)
            tokens.append(Stamp.now().token)
            transaction.set_rollback(True)
    assert tokens[0] != tokens[1]


def test_reading_and_staff_matters_leave_the_stamp_alone(activity, client):
    before = Stamp.now().token
    client.get("/activities/")
    make_user()
    WatchedWord.objects.update(is_active=False)
    assert Stamp.now().token == before


def test_a_record_that_becomes_public_at_its_hour_changes_the_stamp(activity, monkeypatch):
    due = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(hours=1))
    make_article(status="published", published_at=due)
    before = [Stamp.now().token, Stamp.now().token]
    monkeypatch.setattr(timezone, "now", lambda: due)
    after = Stamp.now()
    assert (before[0] == before[1], after.token == before[0], after.changed_at) == (True, False, due)


def test_a_process_that_begins_after_the_hour_knows_that_it_has_come(activity, monkeypatch):
    due = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)
    make_article(status="published", published_at=due)
    tokens = []
    for moment in (due - timedelta(hours=1), due + timedelta(minutes=2)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        cache.clear()  # as it is in a process that has just begun
        tokens.append(Stamp.now().token)
    assert tokens[0] != tokens[1]


def test_two_processes_say_the_same_of_the_same_content_whenever_they_first_looked(activity, monkeypatch):
    due = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)
    make_article(status="published", published_at=due)
    make_article(status="published", published_at=due + timedelta(hours=9))
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(hours=1))
    Stamp.now()
    monkeypatch.setattr(timezone, "now", lambda: due + timedelta(minutes=2))
    old = Stamp.now()
    cache.clear()
    assert Stamp.now() == old


def test_of_many_hours_to_come_the_soonest_are_known(activity, monkeypatch):
    due = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: due)
    later = (due + timedelta(hours=number) for number in range(1001, 0, -1))
    article = make_article(status="published", published_at=due)
    fields = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    Article.objects.bulk_create(Article(**fields | {"id": None, "published_at": hour}) for hour in later)
    before = Stamp.now().token
    monkeypatch.setattr(timezone, "now", lambda: due + timedelta(hours=1))
    assert Stamp.now().token != before


def test_the_stamp_changes_with_the_day_in_beijing(activity, monkeypatch):
    tokens = []
    for hour in (datetime(2030, 5, 1, 15, 59, tzinfo=UTC), datetime(2030, 5, 1, 16, 0, tzinfo=UTC)):
        monkeypatch.setattr(timezone, "now", lambda hour=hour: hour)
        tokens.append(Stamp.now().token)
    assert tokens[0] != tokens[1]


def test_midnight_in_beijing_is_a_change_for_those_who_ask_by_time(activity, monkeypatch):
    midnight = datetime(2030, 5, 1, 16, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: midnight + timedelta(hours=2))
    assert Stamp.now().changed_at == midnight


def test_nothing_is_kept_while_nothing_can_be_told():
    Change.objects.all().delete()
    assert Stamp.now().token != Stamp.now().token


def test_the_stamp_costs_one_query_and_after_a_change_one_more(activity):
    spent = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            Stamp.now()
        spent.append(len(captured))
    assert spent == [2, 1]


def test_what_is_kept_is_made_once_until_something_changes(activity):
    made = []
    for _time in range(2):
        Stamp.now().kept(("counts",), lambda: made.append(1))
    activity.save()
    Stamp.now().kept(("counts",), lambda: made.append(1))
    assert len(made) == 2


def test_every_table_of_content_is_watched():
    if connection.vendor == "postgresql":
        sql = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_changed'"
    else:
        sql = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%%_changed_insert'"
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        watched = {name for (name,) in cursor.fetchall()}
    assert watched == set(content_tables())
    assert {"branches_activity", "articles_article_branches", "taggit_tag", "hospitals_hospital"} <= watched


def test_watching_again_adds_nothing(activity):
    watch_tables()
    test_every_table_of_content_is_watched()


# -- The page


@pytest.fixture
def ask(client):
    def ask(path="/articles/", **headers):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response.queries = len(captured)
        return response

    return ask


def test_a_page_that_has_not_changed_is_not_sent_again(activity, ask):
    first = ask()
    again = ask(if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.queries <= 2


def test_a_page_that_has_changed_is_sent(activity, ask):
    first = ask()
    make_article(public=True)
    assert ask(if_none_match=first["ETag"]).status_code == 200


def test_a_page_that_has_not_changed_since_a_time_is_not_sent_again(activity, ask):
    first = ask()
    assert ask(if_modified_since=first["Last-Modified"]).status_code == 304


@pytest.mark.parametrize("path", ["/articles/?page=9", "/articles/77777/"])
@pytest.mark.parametrize("known", ["*", "etag of another page"])
def test_what_is_not_there_is_not_called_unchanged(activity, ask, path, known):
    known = known if known == "*" else ask()["ETag"]
    assert ask(path, if_none_match=known).status_code == 404


def test_a_page_may_be_kept_on_the_way_for_a_short_time_only(activity, ask):
    page = ask()
    assert page["Cache-Control"] == f"public, max-age={freshness.PAGE_LIFE}"
    assert freshness.PAGE_LIFE <= 60
    assert page["Vary"] == "Cookie"
    assert not page.cookies


def test_the_page_in_large_text_is_another(activity, client):
    plain = client.get("/articles/")["ETag"]
    client.cookies["care"] = "1"
    assert client.get("/articles/")["ETag"] != plain


def test_a_page_that_sets_a_cookie_is_nobody_elses(rf, activity):
    def view(request):
        response = HttpResponse("mine")
        response.set_cookie("mine", "1")
        return response

    assert "Cache-Control" not in public_page(view)(rf.get("/"))


def test_a_public_page_takes_no_form(client, activity):
    assert client.post("/articles/").status_code == 405


# -- Lists


def test_all_pages_of_a_list_hold_all_its_rows_in_order(client):
    hospital = make_hospital()
    for number in range(65):
        make_article(hospital, title=f"报道{number}", public=True)
    for _round in ("made", "kept"):
        first = client.get("/articles/").context["page"]
        pages = [client.get(f"/articles/?page={number}").context["page"] for number in first.paginator.page_range]
        rows = [article.pk for page in pages for article in page]
        assert rows == list(Article.objects.public().newest_first().values_list("pk", flat=True))


def test_a_row_that_is_withdrawn_leaves_the_list_at_once(client):
    article = make_article(title="马上撤回", public=True)
    before = client.get("/articles/").content.decode()
    article.withdraw(by=make_user(is_superuser=True), reason="发错了")
    assert ("马上撤回" in before, "马上撤回" in client.get("/articles/").content.decode()) == (True, False)


def test_what_is_kept_never_grows_without_bound(settings, activity):
    stamp = Stamp.now()
    most = settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"]
    for number in range(most + 10):
        stamp.kept(("n", number), lambda: 1)
    assert len(cache._cache) <= most
