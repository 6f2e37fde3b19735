"""The doors of the intake: a file is sent, seen, confirmed once; nothing before, everything or nothing then."""

import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from branches.intake import writing
from branches.models import Activity, IntakeFile, Partner, ReferenceCounter
from hospitals.roles import Role
from publishing.models import LogEntry, ReviewEntry
from tests.branches.intake import PAGE, confirm, held, preview, row, upload, workbook
from tests.factories import make_activity, make_branch, make_figure, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", code="WN2")


@pytest.fixture
def reporter(client, hospital):
    user = make_user(Role.REPORTER, hospital)
    client.force_login(user)
    return user


def count() -> int:
    return Activity.objects.count()


def test_nothing_is_written_before_it_is_confirmed(client, reporter):
    page = preview(client, row(联合单位="人和小学"))
    assert page.context["plan"].counts == {"new": 1}
    assert (count(), Partner.objects.count(), ReferenceCounter.objects.count()) == (0, 0, 0)


def test_what_is_confirmed_becomes_drafts_of_whoever_imports(client, reporter, hospital):
    branch = make_branch(hospital, name="五支部")
    page = preview(client, row(党组织名称="五支部", 联合单位="人和小学", 服务人次="60余", 活动类别="义诊、主题党日"))
    confirm(client, page)
    activity = Activity.objects.get()
    assert (activity.status, activity.created_by, activity.updated_by) == ("draft", reporter, reporter)
    assert (activity.reference, activity.branch, activity.hospital) == ("WN2-2023-0001", branch, hospital)
    assert [figure.in_words for figure in activity.figures.all()] == ["服务人次60余人次"]
    assert [partner.name for partner in activity.partners.all()] == ["人和小学"]
    assert [kind.slug for kind in activity.further_kinds.all()] == ["theme_day"]


def test_what_was_imported_is_found_by_the_search(client, reporter):
    confirm(client, preview(client, row(联合单位="人和小学")))
    assert Activity.objects.search("人和小学").exists() and Activity.objects.search("下乡义诊").exists()


def test_references_go_on_in_the_order_of_the_file(client, reporter, hospital):
    make_activity(hospital)
    confirm(client, preview(client, row(活动主题="甲"), row(活动主题="乙", 活动日期="2024-06-01"), row(活动主题="丙")))
    assert list(Activity.objects.filter(title__in="甲乙丙").order_by("title").values_list("title", "reference")) == [
        ("丙", "WN2-2023-0003"),
        ("乙", "WN2-2024-0001"),
        ("甲", "WN2-2023-0002"),
    ]


def test_whoever_imported_has_written_it_and_cannot_approve_it(client, hospital, reporter):
    confirm(client, preview(client, row()))
    activity = Activity.objects.get()
    assert ReviewEntry.objects.get().user == reporter
    activity.submit(by=make_user(Role.REPORTER, hospital))
    assert not Activity.objects.approvable_by(reporter).exists()
    assert Activity.objects.approvable_by(make_user(Role.FIRST_REVIEWER, hospital)).exists()


def test_whoever_changed_a_draft_by_import_cannot_approve_it(client, hospital, reporter):
    draft = make_activity(hospital, title="旧题", created_by=make_user(Role.REPORTER, hospital))
    confirm(client, preview(client, row(活动编号=draft.reference, 活动主题="新题")))
    draft.refresh_from_db()
    assert draft.title == "新题"
    draft.submit(by=make_user(Role.REPORTER, hospital))
    Activity.objects.filter(pk=draft.pk).update(updated_by=None)
    assert not Activity.objects.approvable_by(reporter).exists()


def test_each_write_leaves_a_row_in_the_log(client, reporter, hospital):
    draft = make_activity(hospital, title="旧题")
    confirm(client, preview(client, row(活动编号=draft.reference, 活动主题="新题"), row(联合单位="人和小学")))
    said = LogEntry.objects.filter(verb__in=["create", "change"]).order_by("pk").values_list("verb", "about", "reason")
    assert [(verb, about) for verb, about, _reason in said] == [
        ("create", "人和小学"), ("create", "活动"), ("create", "下乡义诊"), ("change", "新题"),
    ]  # fmt: skip
    assert "新建1条，修改1条" in said[1][2] and held().sha256 in said[1][2]
    changes = {one["name"]: one for one in LogEntry.objects.get(verb="change").changes}
    assert (changes["title"]["before"], changes["title"]["after"]) == ("旧题", "新题")


def test_a_changed_draft_has_a_new_version_so_that_an_open_form_notices(client, reporter, hospital):
    draft = make_activity(hospital, title="旧题")
    confirm(client, preview(client, row(活动编号=draft.reference, 活动主题="新题")))
    assert Activity.objects.get().version == draft.version + 1


def test_a_changed_draft_keeps_its_internal_figure_and_its_story(client, reporter, hospital):
    draft = make_activity(hospital, title="旧题", story="<p>纪实</p>")
    make_figure(draft, "visits", "12", is_internal=True)
    confirm(client, preview(client, row(活动编号=draft.reference, 活动主题="新题", 服务人次=15)))
    (figure,) = Activity.objects.get().figures.all()
    assert (figure.value, figure.is_internal, Activity.objects.get().story) == (15, True, "<p>纪实</p>")


def test_one_refused_row_stops_the_whole_file(client, reporter):
    page = preview(client, row(), row(活动主题="乙", 活动类别="没有的"))
    assert "不能导入" in page.content.decode() and "确认导入" not in page.content.decode()
    confirm(client, page)
    assert count() == 0


def test_the_page_says_at_which_cell_and_what_to_type(client, reporter):
    text = preview(client, row(活动日期="昨天")).content.decode()
    assert "活动日期" in text and "昨天" in text and "2023-06-01" in text


def test_pressing_twice_imports_once(client, reporter):
    page = preview(client, row())
    confirm(client, page), confirm(client, page)
    assert count() == 1


def test_the_second_of_two_confirmations_at_once_writes_nothing(client, reporter):
    page = preview(client, row())
    file, digest = held(), page.context["plan"].digest
    writing.confirm(file, by=reporter, digest=digest, with_doubtful=None)
    with pytest.raises(writing.StaleStatus, match="已经导入过"):
        writing.confirm(file, by=reporter, digest=digest, with_doubtful=None)
    assert count() == 1


def test_a_draft_that_changed_since_the_preview_stops_the_import_and_is_named(client, reporter, hospital):
    draft = make_activity(hospital, title="旧题")
    page = preview(client, row(活动编号=draft.reference, 活动主题="新题"), row())
    Activity.objects.filter(pk=draft.pk).update(place="别人刚改的", version=2)
    answer = confirm(client, page)
    told = client.get(answer.url).content.decode()
    assert "第3行" in told and "一行也没有写入" in told
    assert (count(), Activity.objects.get().title) == (1, "旧题")


def test_a_record_that_appeared_since_the_preview_stops_the_import(client, reporter, hospital):
    page = preview(client, row())
    make_activity(hospital, title="下乡义诊")
    confirm(client, page)
    assert count() == 1


def test_a_role_taken_away_since_the_preview_stops_the_import(client, reporter):
    page = preview(client, row())
    reporter.memberships.all().delete()
    assert confirm(client, page).status_code in {403, 404}
    assert count() == 0


@pytest.mark.parametrize("step", ["_create", "_connect", "_figures", "contributed_to", "_log_import", "_finish"])
def test_an_import_that_is_cut_off_in_the_middle_leaves_nothing(client, reporter, hospital, monkeypatch, step):
    draft = make_activity(hospital, title="旧题")
    page = preview(client, row(联合单位="人和小学"), row(活动编号=draft.reference, 活动主题="新题", 服务人次=3))

    def cut_off(*args, **kwargs):
        raise DatabaseError("the connection is gone")

    monkeypatch.setattr(writing, step, cut_off)
    assert confirm(client, page).status_code == 302
    assert (count(), Activity.objects.get().title, Partner.objects.count()) == (1, "旧题", 0)
    assert not LogEntry.objects.filter(verb="create").exists() and held().imported_at is None


def test_possible_duplicates_need_an_answer(client, reporter, hospital):
    make_activity(hospital, title="下乡义诊")
    page = preview(client, row(), row(活动主题="新的"))
    assert "请选一下" in confirm(client, page).content.decode()
    assert count() == 1


@pytest.mark.parametrize(("answer", "expected"), [("leave", 2), ("import", 3)])
def test_possible_duplicates_are_left_out_or_imported_as_told(client, reporter, hospital, answer, expected):
    make_activity(hospital, title="下乡义诊")
    confirm(client, preview(client, row(), row(活动主题="新的")), doubtful=answer)
    assert count() == expected


def test_the_problems_come_as_a_workbook_in_the_same_columns_with_the_reason(client, reporter):
    preview(client, row(活动主题="好的"), row(活动日期="昨天", 服务人次="60余"))
    answer = client.get(reverse(f"{PAGE}_problems", args=[held().pk]))
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    header, cells = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2, max_row=3)]
    assert header == ["活动类别", "活动主题", "活动日期", "服务人次", "原因"]
    assert cells[1:4] == ["下乡义诊", "昨天", "60余"] and "活动日期" in cells[4]


def test_corrected_problems_can_be_sent_as_they_are(client, reporter):
    page = preview(client, row(原因="第3行：改好了"))
    assert (page.context["plan"].counts, page.context["plan"].table.unknown) == ({"new": 1}, [])


def test_the_empty_template_is_read_back_and_its_example_is_no_row(client, reporter):
    content = b"".join(client.get(reverse(f"{PAGE}_template")))
    answer = upload(client, content)
    assert client.get(answer.url).context["plan"].rows == []


def test_unknown_columns_are_named(client, reporter):
    assert "天气" in preview(client, row(天气="晴")).content.decode()


def test_a_file_that_cannot_be_read_says_why_at_the_field(client, reporter):
    assert "没有找到表头" in upload(client, "姓名,电话\n".encode(), "名单.csv").content.decode()
    assert not IntakeFile.objects.exists()


def test_the_file_is_gone_after_the_import_and_after_a_day(client, reporter):
    confirm(client, preview(client, row()))
    assert bytes(held().content) == b""
    IntakeFile.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    preview(client, row(活动主题="另一份"))
    assert IntakeFile.objects.count() == 1


def test_an_expired_file_cannot_be_confirmed(client, reporter):
    page = preview(client, row())
    IntakeFile.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    assert confirm(client, page).status_code == 404
    assert count() == 0


# -- Who may, and where


@pytest.mark.parametrize("role", [Role.FIRST_REVIEWER, Role.EXPORTER, Role.MANAGER])
def test_roles_that_report_nothing_import_nothing(client, hospital, role):
    client.force_login(make_user(role, hospital))
    assert client.get(reverse(PAGE)).status_code == 403
    assert upload(client, workbook(row())).status_code == 403


def test_a_stranger_is_sent_to_the_login(client):
    assert "/login/" in client.get(reverse(PAGE)).url


@pytest.mark.parametrize("page", ["preview", "problems"])
def test_nobody_sees_what_somebody_else_is_about_to_import(client, reporter, hospital, page):
    preview(client, row())
    address = reverse(f"{PAGE}_{page}", args=[held().pk])
    for other in (make_user(Role.REPORTER, hospital), make_user(Role.REPORTER), make_user(is_superuser=True)):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.post(address, {"digest": "x"}).status_code == 404
    assert count() == 0


def test_whoever_reports_for_several_hospitals_chooses_one_of_theirs(client, reporter, hospital):
    second = make_hospital()
    reporter.memberships.create(hospital=second, role=Role.REPORTER)
    reporter.memberships.create(hospital=make_hospital(name="只审核的医院"), role=Role.FIRST_REVIEWER)
    assert "只审核的医院" not in client.get(reverse(PAGE)).content.decode()
    assert upload(client, workbook(row())).status_code == 200
    assert upload(client, workbook(row()), hospital=make_hospital().pk).status_code == 200
    upload(client, workbook(row()), hospital=second.pk)
    assert held().hospital == second


def test_the_tab_is_there_for_whoever_may_import(client, reporter, hospital):
    address = reverse("admin:branches_activity_ledger_page")
    assert reverse(PAGE) in client.get(address).content.decode()
    client.force_login(make_user(Role.EXPORTER, hospital))
    assert reverse(PAGE) not in client.get(address).content.decode()


# -- How much it asks of the database


def queries_of(work) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_the_number_of_queries_of_a_preview_does_not_grow_with_the_rows(client, reporter, hospital):
    make_branch(hospital, name="五支部")

    def rows(number):
        drafts = [make_activity(hospital, title=f"旧题{number}-{place}") for place in range(number)]
        return [
            row(活动主题=f"{number}号{place}", 党组织名称="五支部", 联合单位=f"单位{place}") for place in range(number)
        ] + [row(活动编号=draft.reference, 活动主题="新题") for draft in drafts]

    few, many = ([workbook(*rows(number))] for number in (2, 30))
    addresses = [upload(client, content).url for (content,) in (few, many)]
    client.get(addresses[0])
    assert queries_of(lambda: client.get(addresses[0])) == queries_of(lambda: client.get(addresses[1]))


def test_the_number_of_queries_of_an_import_does_not_grow_with_the_rows(client, reporter, hospital):
    pages = []
    for number in (2, 2, 30):
        drafts = [make_activity(hospital, title=f"旧{number}-{place}") for place in range(number)]
        pages.append(
            preview(
                client,
                *[row(活动主题=f"{len(pages)}号{number}-{place}", 联合单位=f"单位{len(pages)}-{place}", 服务人次=3) for place in range(number)],
                *[row(活动编号=draft.reference, 活动主题="新题", 活动地点=draft.title) for draft in drafts],
            )
        )  # fmt: skip
    counted = [queries_of(lambda page=page: confirm(client, page)) for page in pages]
    assert count() == 68
    assert counted[2] <= counted[1] + 2  # SQLite takes so many values in one statement and no more
