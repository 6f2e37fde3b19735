"""The admin's front page: which boards a person has before them, how long they are, where they lead."""

import re
from datetime import date, timedelta
from itertools import count

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from branches.models import Activity, ActivityKind, Brand, Initiative, PeriodReport
from config.workbench import BOARDS_OF, Workbench
from hospitals.models import User
from hospitals.roles import Role
from publishing.models import Publishable, ReviewEntry, Step
from publishing.worklists import BOARDS
from tests.admin_pages import count_queries
from tests.factories import make_activity, make_hospital, make_user

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


def board_address(name: str) -> str:
    return reverse("admin:board", args=[name])


@pytest.fixture
def hospital():
    return make_hospital(short_name="甲院")


@pytest.fixture
def signed_in(client, hospital):
    def sign_in(role=None, **fields):
        user = make_user(role, hospital, **fields)
        client.force_login(user)
        return user

    return sign_in


def boards_on(page) -> list[str]:
    return [excerpt.board.name for excerpt in (*page.context["duties"], *page.context["others"])]


def excerpt_on(page, name):
    return next(one for one in (*page.context["duties"], *page.context["others"]) if one.board.name == name)


def waiting(hospital, **fields) -> Activity:
    author = make_user(Role.REPORTER, hospital, name="孙丽")
    activity = make_activity(hospital, created_by=author, updated_by=author, **fields)
    activity.submit(by=author)
    return activity


# ── whose boards ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.REPORTER, ["returned", "drafts", "submitted", "scheduled", "latest"]),
        (Role.FIRST_REVIEWER, ["awaiting"]),
        (Role.SECOND_REVIEWER, ["awaiting"]),
        (Role.FINAL_REVIEWER, ["awaiting", "scheduled", "latest"]),
        (Role.EXPORTER, ["scheduled", "latest"]),
        (Role.MANAGER, ["scheduled", "latest"]),
    ],
)
def test_a_role_has_the_boards_that_mean_something_to_it(client, signed_in, role, names):
    signed_in(role)
    assert boards_on(client.get(INDEX)) == names


def test_every_role_has_boards():
    assert set(BOARDS_OF) == set(Role)


def test_the_platforms_administrator_has_every_board(client, signed_in):
    signed_in(is_superuser=True)
    assert set(boards_on(client.get(INDEX))) == set(BOARDS)


def test_who_holds_two_roles_has_the_boards_of_both(client, signed_in, hospital):
    signed_in(Role.REPORTER).memberships.create(hospital=hospital, role=Role.FIRST_REVIEWER)
    assert boards_on(client.get(INDEX)) == ["returned", "awaiting", "drafts", "submitted", "scheduled", "latest"]


def test_who_has_no_role_is_told_whom_to_ask(client):
    client.force_login(make_user())
    assert "请联系平台管理员" in client.get(INDEX).content.decode()


@pytest.mark.parametrize("name", sorted(set(BOARDS) - BOARDS_OF[Role.REPORTER]))
def test_a_board_of_another_role_does_not_open(client, signed_in, name):
    signed_in(Role.REPORTER)
    assert client.get(board_address(name)).status_code == 403


def test_a_board_that_does_not_exist_does_not_open(client, signed_in):
    signed_in(is_superuser=True)
    assert client.get("/admin/work/nothing/").status_code == 403


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(board_address("drafts")).status_code == 302


@pytest.mark.parametrize(("role", "offered"), [(Role.REPORTER, True), (Role.FIRST_REVIEWER, False)])
def test_only_who_writes_is_offered_to_begin_something(client, signed_in, role, offered):
    signed_in(role)
    page = client.get(INDEX).content.decode()
    ways = {
        "新建活动": "branches/activity/add",
        "新建稿件": "articles/article/add",
        "导入来稿": "articles/article/intake",
    }
    assert {f'href="/admin/{way}/"><b>{name}' in page for name, way in ways.items()} == {offered}


# ── what a board shows ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BOARDS)
def test_an_empty_board_says_so(client, signed_in, name):
    signed_in(is_superuser=True)
    assert str(BOARDS[name].empty) in client.get(INDEX).content.decode()


@pytest.mark.parametrize("name", BOARDS)
def test_an_empty_board_also_says_so_on_its_own_page(client, signed_in, name):
    signed_in(is_superuser=True)
    assert str(BOARDS[name].empty) in client.get(board_address(name)).content.decode()


def test_the_reason_of_a_return_is_read_on_the_workbench(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    draft = make_activity(hospital, created_by=author, updated_by=author)
    draft.submit(by=author)
    draft.return_(by=make_user(Role.FIRST_REVIEWER, hospital, name="李明"), reason="请补上<b>地点</b>。")
    text = client.get(INDEX).content.decode()
    assert "<b>初审退回</b>（李明）：请补上&lt;b&gt;地点&lt;/b&gt;。" in text


def test_what_waits_says_how_long_and_whose_it_is(client, signed_in, hospital):
    activity = waiting(hospital)
    Activity.objects.filter(pk=activity.pk).update(status_since=timezone.now() - timedelta(days=3, hours=5))
    signed_in(Role.FIRST_REVIEWER)
    text = client.get(INDEX).content.decode()
    assert '<span class="overdue">已等3天5小时</span>' in text and "填报：孙丽" in text


def test_what_is_due_is_told_in_beijing_time(client, signed_in, hospital):
    activity = make_activity(hospital, public=True)
    time = timezone.make_aware(timezone.datetime(timezone.localdate().year + 1, 1, 2, 8, 30))
    Activity.objects.filter(pk=activity.pk).update(published_at=time)
    signed_in(Role.MANAGER)
    assert f"{time.year}年1月2日 08:30" in client.get(INDEX).content.decode()


def test_a_title_is_shown_as_it_was_typed(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    make_activity(hospital, title="<script>alert(1)</script>", created_by=author)
    assert "<script>alert" not in client.get(INDEX).content.decode()


def test_ten_rows_are_shown_and_all_are_counted(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    for _number in range(11):
        make_activity(hospital, created_by=author)
    excerpt = excerpt_on(client.get(INDEX), "drafts")
    assert (len(excerpt.tasks), excerpt.count) == (10, 11)


def test_the_whole_board_is_read_page_by_page(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    fill_board("drafts", 11, author, hospital)  # of each of five kinds
    pages = [client.get(board_address("drafts"), {"page": number}).context["page"] for number in (1, 2)]
    assert [len(page.object_list) for page in pages] == [50, 5]


def test_no_row_is_on_two_pages(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    fill_board("drafts", 11, author, hospital)
    pages = [client.get(board_address("drafts"), {"page": number}).context["page"] for number in (1, 2)]
    assert len({task.url for page in pages for task in page.object_list}) == 55


def test_a_page_that_no_board_has_is_not_found(client, signed_in):
    signed_in(Role.REPORTER)
    assert client.get(board_address("drafts"), {"page": 2}).status_code == 404


def test_the_hospital_is_named_to_who_works_in_several(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    make_activity(hospital, created_by=author)
    alone = "甲院" in client.get(INDEX).content.decode()
    author.memberships.create(hospital=make_hospital(short_name="乙院"), role=Role.REPORTER)
    assert (alone, "甲院" in client.get(INDEX).content.decode()) == (False, True)


def test_a_draft_leads_to_its_form(client, signed_in, hospital):
    author = signed_in(Role.REPORTER)
    draft = make_activity(hospital, created_by=author)
    (task,) = excerpt_on(client.get(INDEX), "drafts").tasks
    assert task.url == reverse("admin:branches_activity_change", args=[draft.pk])


def test_what_waits_leads_to_the_page_for_reviewing_it(client, signed_in, hospital):
    activity = waiting(hospital)
    signed_in(Role.FIRST_REVIEWER)
    (task,) = excerpt_on(client.get(INDEX), "awaiting").tasks
    assert task.url == reverse("admin:branches_activity_review", args=[activity.pk])


def test_every_row_leads_to_a_page_that_opens(client, signed_in, hospital):
    administrator = signed_in(is_superuser=True)
    for name in BOARDS:
        fill_board(name, 1, administrator, hospital)
    page = client.get(INDEX)
    tasks = [task for name in BOARDS for task in excerpt_on(page, name).tasks]
    assert tasks and {client.get(task.url).status_code for task in tasks} == {200}


# ── the badge ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def badge(page) -> str:
    found = re.search(r'等我审核(?: <b class="count-badge">(\d+)</b>)?</a>', page.content.decode())
    return found and (found.group(1) or "")


ANY_PAGES = [INDEX, "/admin/branches/activity/", "/admin/password_change/", "/admin/work/awaiting/"]


@pytest.mark.parametrize("path", ANY_PAGES)
def test_every_page_tells_a_reviewer_how_much_waits(client, signed_in, hospital, path):
    waiting(hospital)
    waiting(hospital)
    waiting(make_hospital())
    signed_in(Role.FIRST_REVIEWER)
    assert badge(client.get(path)) == "2"


def test_where_nothing_waits_the_badge_is_gone(client, signed_in):
    signed_in(Role.FIRST_REVIEWER)
    assert badge(client.get(INDEX)) == ""


@pytest.mark.parametrize("path", ANY_PAGES[:3])
def test_who_reviews_nothing_is_not_told(client, signed_in, hospital, path):
    waiting(hospital)
    signed_in(Role.REPORTER)
    assert badge(client.get(path)) is None


def asked(user) -> Workbench:
    from django.contrib import admin

    request = RequestFactory().get(INDEX)
    request.user = User.objects.get(pk=user.pk)
    request.user.roles()  # asked once on every page of the admin anyway
    return admin.site._workbench(request)


def test_the_badge_is_one_query(signed_in, hospital, django_assert_num_queries):
    waiting(hospital)
    user = signed_in(Role.FIRST_REVIEWER)
    asked(user).waiting()  # content types are known from here on
    workbench = asked(user)
    with django_assert_num_queries(1):
        assert workbench.waiting() == 1


def test_the_badge_costs_who_reviews_nothing_no_query(signed_in, django_assert_num_queries):
    workbench = asked(signed_in(Role.REPORTER))
    with django_assert_num_queries(0):
        workbench.waiting()


# ── how many queries ──────────────────────────────────────────────────────────────────────────────────────────────────

_numbers = count(1)


def kinds(hospital):
    """For each kind of record, something that makes one that is not saved yet."""
    day = {"start": date(2023, 6, 1), "end": date(2023, 6, 1)}
    clinic = ActivityKind.objects.get(slug="free_clinic")
    yield lambda number, **own: Activity(
        hospital=hospital, title=f"活动{number}", kind=clinic, reference=f"T-{number}", **day, **own
    )
    yield lambda number, **own: PeriodReport(hospital=hospital, title=f"报数{number}", **day, **own)
    yield lambda number, **own: Article(hospital=hospital, title=f"稿件{number}", body="<p>正文。</p>", **own)
    yield lambda number, **own: Brand(hospital=hospital, name=f"品牌{number}", is_current=False, **own)
    yield lambda number, **own: Initiative(hospital=hospital, name=f"举措{number}", kind="service", **own)


def fill_board(name: str, each: int, user: User, hospital) -> None:
    """Rows for one board, as many of each kind: written straight into the tables."""
    Status = Publishable.Status
    now = timezone.now()
    author = make_user() if name == "awaiting" else user
    fields = {
        "returned": {"status": Status.DRAFT},
        "awaiting": {"status": Status.FIRST_REVIEW, "submitted_digest": "0"},
        "drafts": {"status": Status.DRAFT},
        "submitted": {"status": Status.SECOND_REVIEW, "submitted_digest": "0"},
        "scheduled": {"status": Status.PUBLISHED, "published_at": now + timedelta(days=1)},
        "latest": {"status": Status.PUBLISHED, "published_at": now - timedelta(days=1)},
    }[name] | {"created_by": author, "updated_by": author}
    for make in [make for _number in range(each) for make in kinds(hospital)]:  # so that each page has all kinds
        if "published_at" in fields:
            fields["published_at"] += timedelta(seconds=1)
        row = make(next(_numbers), **fields)
        type(row).objects.bulk_create([row])
        if name == "returned":
            ReviewEntry.objects.create(
                record=row,
                edition=1,
                step=Step.RETURN,
                status=Status.FIRST_REVIEW,
                label="初审",
                user=user,
                user_name="李明",
                at=now,
                reason="请核对。",
            )


@pytest.fixture
def queries_with(client, hospital, signed_in):
    """How many queries an address takes for an administrator who has one row of each kind on each board, then 200."""
    administrator = signed_in(is_superuser=True)

    def measure(path: str) -> tuple[int, int]:
        measured = []
        for each in (1, 39):
            for name in BOARDS:
                fill_board(name, each, administrator, hospital)
            client.get(path)
            measured.append(count_queries(client, path))
        return tuple(measured)

    return measure


def test_where_there_is_nothing_to_do_only_the_counts_are_asked_for(client, signed_in):
    """Session, person, counts."""
    signed_in(is_superuser=True)
    client.get(INDEX)
    assert count_queries(client, INDEX) == 3


def test_the_workbench_takes_fifteen_queries_with_one_row_of_each_kind_and_with_two_hundred_rows(queries_with):
    """Session, person; the counts, also for the badge; six boards; their rows of five kinds; the reasons of returns."""
    assert queries_with(INDEX) == (15, 15)


@pytest.mark.parametrize(
    ("name", "queries"),
    [("returned", 11), ("awaiting", 10), ("drafts", 10), ("submitted", 10), ("scheduled", 10), ("latest", 10)],
)
def test_a_whole_board_takes_as_many_queries_with_two_hundred_rows_as_with_five(queries_with, name, queries):
    """Session, person; how many; its keys; its rows of five kinds; the badge; where they came back, the reasons."""
    assert queries_with(board_address(name)) == (queries, queries)
