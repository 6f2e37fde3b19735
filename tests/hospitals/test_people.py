"""Accounts and roles in the admin: what the platform's administrator does, and what a manager does for the own hospital."""

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse

from hospitals.forms import NewPasswordForm
from hospitals.models import Membership, User
from hospitals.roles import Role
from publishing.models import LogEntry
from tests.admin_pages import count_queries, errors, posted, said
from tests.factories import make_activity, make_branch, make_hospital, make_user
from tests.publishing.test_workflow_at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LIST, ADD = "/admin/hospitals/user/", "/admin/hospitals/user/add/"
PASSWORD = "long-enough-words"
NEW_USER = {"username": "wangfang", "name": "王芳", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def hospital():
    return make_hospital(name="甲医院")


@pytest.fixture
def elsewhere():
    return make_hospital(name="乙医院")


@pytest.fixture
def manager(hospital):
    return make_user("manager", hospital, username="guanli", name="张管理")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def colleague(hospital):
    return make_user("reporter", hospital, username="lihua", name="李华", password="the-old-password")


@pytest.fixture
def shared(hospital, elsewhere):
    """A person with a role in the manager's hospital and one in another."""
    user = make_user("reporter", hospital, username="liangchu", name="梁初", password="the-old-password")
    user.memberships.create(hospital=elsewhere, role="exporter")
    return user


def page_of(user) -> str:
    return reverse("admin:hospitals_user_change", args=[user.pk])


def password_page_of(user) -> str:
    return reverse("admin:auth_user_password_change", args=[user.pk])


def add(client, **typed):
    return client.post(ADD, posted(client.get(ADD)) | NEW_USER | typed)


def change(client, user, **typed):
    return client.post(page_of(user), posted(client.get(page_of(user))) | typed)


def row(client, user, role: str) -> str:
    """The prefix of the line for a role on the person's page."""
    formset = client.get(page_of(user)).context["inline_admin_formsets"][0].formset
    return next(form.prefix for form in formset.initial_forms if form.instance.role == role)


def listed(client, **query) -> set[str]:
    return {user.username for user in client.get(LIST, query).context["cl"].result_list}


def roles(user) -> list[tuple[str, str]]:
    return sorted(user.memberships.values_list("hospital__name", "role"))


# ── who sees accounts ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.MANAGER])
@pytest.mark.parametrize("address", [LIST, ADD])
def test_nobody_but_managers_and_the_platform_sees_accounts(client, hospital, role, address):
    client.force_login(make_user(role, hospital))
    assert client.get(address).status_code == 403


def test_a_manager_lists_the_people_of_the_own_hospital(as_manager, colleague, shared, elsewhere):
    make_user("reporter", elsewhere, username="waiyuan")
    make_user(username="wujuese")
    assert listed(as_manager) == {"guanli", "lihua", "liangchu"}


def test_a_manager_does_not_see_the_platforms_administrators(as_manager, hospital):
    admin = make_user("reporter", hospital, username="zongguan", is_superuser=True)
    assert "zongguan" not in listed(as_manager)
    assert as_manager.get(page_of(admin), follow=True).context.get("original") is None


def test_a_manager_who_only_reports_elsewhere_sees_nobody_there(as_manager, manager, elsewhere):
    manager.memberships.create(hospital=elsewhere, role="reporter")
    make_user("reporter", elsewhere, username="waiyuan")
    assert listed(as_manager) == {"guanli"}


def test_the_list_says_the_roles_here_and_not_those_elsewhere(as_manager, shared):
    page = as_manager.get(LIST).content.decode()
    assert "填报人" in page
    assert "乙医院" not in page
    assert page.count("台账员") == 1  # among the filter's choices


def test_the_list_says_which_branches_a_reporter_is_limited_to(as_manager, colleague, hospital):
    colleague.memberships.get().branches.add(make_branch(hospital, name="第五支部（眼科支部）"))
    assert "填报人（第五支部）" in as_manager.get(LIST).content.decode()


def test_the_role_filter_knows_only_the_roles_here(as_manager, colleague, shared):
    assert listed(as_manager, role="reporter") == {"lihua", "liangchu"}
    assert listed(as_manager, role="exporter") == set()


def test_the_hospital_filter_knows_only_the_managers_hospitals(as_manager, manager, shared, elsewhere):
    third = make_hospital(name="丙医院")
    manager.memberships.create(hospital=third, role="manager")
    assert listed(as_manager, hospital=third.pk) == {"guanli"}
    assert listed(as_manager, hospital=elsewhere.pk) == {"guanli", "liangchu"}
    assert "乙医院" not in as_manager.get(LIST).content.decode()


@pytest.mark.parametrize("lookup", ["memberships__hospital", "memberships__role", "memberships"])
def test_no_address_asks_for_roles_elsewhere(as_manager, shared, elsewhere, lookup):
    value = shared.memberships.get(hospital=elsewhere).pk if lookup == "memberships" else elsewhere.pk
    assert as_manager.get(LIST, {lookup: value}).status_code == 400


def test_a_person_of_another_hospital_is_not_found(as_manager, elsewhere):
    stranger = make_user("reporter", elsewhere, name="外院人", password="the-old-password")
    for address in (page_of(stranger), password_page_of(stranger), f"{LIST}{stranger.pk}/history/"):
        assert "外院人" not in as_manager.get(address, follow=True).content.decode()


def test_a_post_to_a_person_of_another_hospital_changes_nothing(as_manager, elsewhere):
    stranger = make_user("reporter", elsewhere, name="外院人", password="the-old-password")
    as_manager.post(page_of(stranger), {"name": "改", "is_active": ""})
    as_manager.post(password_page_of(stranger), {"password1": PASSWORD, "password2": PASSWORD})
    stranger.refresh_from_db()
    assert (stranger.name, stranger.is_active) == ("外院人", True)
    assert stranger.check_password("the-old-password")


def test_people_are_looked_up_in_the_own_hospital_only(as_manager, colleague, elsewhere):
    make_user("reporter", elsewhere, name="外院人")
    query = {"app_label": "hospitals", "model_name": "membership", "field_name": "user", "term": ""}
    found = as_manager.get("/admin/autocomplete/", query).json()["results"]
    assert {one["text"] for one in found} == {"张管理", "李华"}


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_the_list_takes_as_many_queries_for_thirty_people_as_for_three(client, manager, hospital, who):
    client.force_login(manager if who == "manager" else make_user(is_superuser=True))
    branch = make_branch(hospital)

    def more(count):
        for _number in range(count):
            make_user("reporter", hospital).memberships.get().branches.add(branch)

    more(3)
    client.get(LIST)
    few = count_queries(client, LIST)
    more(27)
    assert count_queries(client, LIST) == few


# ── new accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_account_is_one_of_the_staff_with_a_role(admin_client, hospital):
    add(admin_client, **{"memberships-0-hospital": hospital.pk, "memberships-0-role": "reporter"})
    user = User.objects.get(username="wangfang")
    assert (user.is_staff, user.is_superuser, user.name) == (True, False, "王芳")
    assert user.check_password(PASSWORD)
    assert user.roles(hospital.pk) == {"reporter"}


def test_a_manager_makes_an_account_with_a_role_in_the_own_hospital(as_manager):
    add(as_manager, **{"memberships-0-role": "reporter"})
    user = User.objects.get(username="wangfang")
    assert roles(user) == [("甲医院", "reporter")]
    assert (user.is_staff, user.is_superuser) == (True, False)


def test_a_new_account_can_sign_in(as_manager, client):
    add(as_manager, **{"memberships-0-role": "reporter"})
    client.logout()
    client.post("/admin/login/?next=/admin/", {"username": "wangfang", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_a_manager_makes_no_account_without_a_role(as_manager):
    assert "至少给一个角色" in errors(add(as_manager))["memberships"]
    assert not User.objects.filter(username="wangfang").exists()


def test_a_role_that_is_struck_out_again_does_not_count(as_manager):
    response = add(as_manager, **{"memberships-0-role": "reporter", "memberships-0-DELETE": "on"})
    assert "至少给一个角色" in errors(response)["memberships"]


def test_the_platform_may_make_an_account_without_a_role(admin_client):
    add(admin_client)
    assert roles(User.objects.get(username="wangfang")) == []


def test_a_posted_hospital_is_not_taken_where_there_is_only_one(as_manager, elsewhere):
    add(as_manager, **{"memberships-0-role": "reporter", "memberships-0-hospital": elsewhere.pk})
    assert roles(User.objects.get(username="wangfang")) == [("甲医院", "reporter")]


def test_a_manager_of_two_hospitals_cannot_give_a_role_in_a_third(as_manager, manager, elsewhere):
    manager.memberships.create(hospital=make_hospital(name="丙医院"), role="manager")
    response = add(as_manager, **{"memberships-0-role": "reporter", "memberships-0-hospital": elsewhere.pk})
    assert "memberships-0-hospital" in errors(response)
    assert not User.objects.filter(username="wangfang").exists()


def test_a_manager_cannot_give_a_role_where_they_only_report(as_manager, manager, elsewhere):
    manager.memberships.create(hospital=make_hospital(name="丙医院"), role="manager")
    manager.memberships.create(hospital=elsewhere, role="reporter")
    assert "乙医院" not in as_manager.get(ADD).content.decode()
    response = add(as_manager, **{"memberships-0-role": "reporter", "memberships-0-hospital": elsewhere.pk})
    assert "memberships-0-hospital" in errors(response)


def test_a_manager_of_two_hospitals_chooses_which(as_manager, manager, elsewhere):
    manager.memberships.create(hospital=elsewhere, role="manager")
    add(as_manager, **{"memberships-0-role": "reporter", "memberships-0-hospital": elsewhere.pk})
    assert roles(User.objects.get(username="wangfang")) == [("乙医院", "reporter")]


def test_a_manager_makes_nobody_an_administrator_of_the_platform(as_manager):
    add(as_manager, **{"memberships-0-role": "reporter", "is_superuser": "on"})
    assert not User.objects.get(username="wangfang").is_superuser


def test_the_form_says_who_adds_a_person_of_another_hospital(as_manager):
    assert "请联系平台管理员给原账号加上本院的角色" in as_manager.get(ADD).content.decode()


@pytest.mark.parametrize("username", ["lihua", "LiHua"])
def test_a_name_that_is_taken_is_refused_with_what_to_do(as_manager, colleague, username):
    response = add(as_manager, username=username, **{"memberships-0-role": "reporter"})
    assert "请联系平台管理员给原账号加上本院的角色" in errors(response)["username"]


def test_a_new_account_has_the_name_of_a_person(as_manager):
    assert "name" in errors(add(as_manager, name="", **{"memberships-0-role": "reporter"}))


def test_a_weak_password_is_refused_in_chinese(as_manager):
    response = add(as_manager, password1="12345678", password2="12345678", **{"memberships-0-role": "reporter"})
    assert "密码" in errors(response)["password2"]
    assert not User.objects.filter(username="wangfang").exists()


# ── changing an account ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_corrects_the_name_of_a_colleague(as_manager, colleague):
    change(as_manager, colleague, name="李桦")
    colleague.refresh_from_db()
    assert colleague.name == "李桦"
    assert colleague.check_password("the-old-password")


def test_a_manager_does_not_rename_the_sign_in(as_manager, colleague):
    change(as_manager, colleague, username="other")
    colleague.refresh_from_db()
    assert colleague.username == "lihua"


def test_a_manager_switches_an_account_off(as_manager, colleague):
    change(as_manager, colleague, is_active="")
    colleague.refresh_from_db()
    assert not colleague.is_active


def test_a_switched_off_person_is_out_with_the_next_request(as_manager, colleague):
    browser = type(as_manager)()
    browser.force_login(colleague)
    assert browser.get("/admin/").status_code == 200
    change(as_manager, colleague, is_active="")
    assert "/login/" in browser.get("/admin/").url


def test_a_manager_cannot_switch_the_own_account_off(as_manager, manager):
    change(as_manager, manager, is_active="")
    manager.refresh_from_db()
    assert manager.is_active


def test_the_platforms_administrator_stays_one(client):
    admin = make_user(is_superuser=True, username="zongguan")
    client.force_login(admin)
    change(client, admin, is_superuser="", is_active="")
    admin.refresh_from_db()
    assert (admin.is_superuser, admin.is_active) == (True, True)


def test_a_manager_promotes_nobody_to_the_platform(as_manager, colleague):
    change(as_manager, colleague, is_superuser="on")
    colleague.refresh_from_db()
    assert not colleague.is_superuser


def test_an_account_is_switched_off_not_deleted(admin_client, colleague):
    address = reverse("admin:hospitals_user_delete", args=[colleague.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403


def test_nobody_reads_a_hash_on_the_page(as_manager, colleague):
    page = as_manager.get(page_of(colleague)).content.decode()
    assert colleague.password.split("$")[0] not in page


# ── somebody who serves another hospital as well ──────────────────────────────────────────────────────────────────────


def test_the_name_of_a_shared_person_is_the_platforms_to_change(as_manager, shared):
    change(as_manager, shared, name="改", username="gai", is_active="")
    shared.refresh_from_db()
    assert (shared.name, shared.username, shared.is_active) == ("梁初", "liangchu", True)


def test_the_page_of_a_shared_person_says_why(as_manager, shared):
    page = as_manager.get(page_of(shared)).content.decode()
    assert "在别的医院也有角色" in page
    assert "乙医院" not in page
    assert password_page_of(shared) not in page


def test_a_shared_person_gets_roles_here(as_manager, shared):
    change(as_manager, shared, **{"memberships-1-role": "first_reviewer"})
    assert roles(shared) == [("乙医院", "exporter"), ("甲医院", "first_reviewer"), ("甲医院", "reporter")]


def test_a_shared_person_loses_roles_here_and_keeps_those_elsewhere(as_manager, shared):
    change(as_manager, shared, **{f"{row(as_manager, shared, 'reporter')}-DELETE": "on"})
    assert roles(shared) == [("乙医院", "exporter")]


@pytest.mark.parametrize("typed", [{"role": "manager"}, {"DELETE": "on"}])
def test_the_posted_key_of_a_role_elsewhere_changes_nothing_there(as_manager, shared, elsewhere, typed):
    foreign = shared.memberships.get(hospital=elsewhere)
    change(
        as_manager,
        shared,
        **{"memberships-0-id": foreign.pk} | {f"memberships-0-{name}": value for name, value in typed.items()},
    )
    assert list(shared.memberships.filter(hospital=elsewhere).values_list("pk", "role")) == [(foreign.pk, "exporter")]


def test_a_manager_sets_no_password_for_a_shared_person(as_manager, shared):
    page = as_manager.post(password_page_of(shared), {"password1": PASSWORD, "password2": PASSWORD})
    assert page.status_code == 403
    assert "请联系平台管理员重设" in page.content.decode()
    shared.refresh_from_db()
    assert shared.check_password("the-old-password")


def test_a_manager_of_both_hospitals_looks_after_the_whole_account(as_manager, manager, shared, elsewhere):
    manager.memberships.create(hospital=elsewhere, role="manager")
    change(as_manager, shared, name="梁楚")
    shared.refresh_from_db()
    assert shared.name == "梁楚"


# ── roles ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_gives_a_colleague_a_second_role(as_manager, colleague):
    change(as_manager, colleague, **{"memberships-1-role": "exporter"})
    assert roles(colleague) == [("甲医院", "exporter"), ("甲医院", "reporter")]


def test_the_same_role_twice_is_refused_in_chinese(as_manager, colleague):
    response = change(as_manager, colleague, **{"memberships-1-role": "reporter"})
    assert "已经有这个角色" in errors(response)["memberships-1-__all__"]
    assert colleague.memberships.count() == 1


def test_a_role_is_taken_with_the_next_request(as_manager, colleague, hospital):
    browser = type(as_manager)()
    browser.force_login(colleague)
    record = make_activity(hospital)
    address = reverse("admin:branches_activity_change", args=[record.pk])
    assert browser.get(address).context["has_change_permission"]
    change(as_manager, colleague, **{"memberships-1-role": "exporter", "memberships-0-DELETE": "on"})
    assert not browser.get(address).context["has_change_permission"]


def test_who_has_lost_the_last_role_here_leaves_the_list_and_the_page_says_so(as_manager, colleague):
    address, typed = page_of(colleague), posted(as_manager.get(page_of(colleague)), **{"memberships-0-DELETE": "on"})
    response = as_manager.post(address, typed | {"_continue": "1"}, follow=True)
    assert "在本院已经没有角色" in said(response)
    assert response.redirect_chain[-1][0] == LIST


def test_a_manager_cannot_take_the_own_managers_role(as_manager, manager):
    response = change(as_manager, manager, **{"memberships-0-DELETE": "on"})
    assert "不能去掉自己的医院管理员角色" in errors(response)["memberships"]
    assert roles(manager) == [("甲医院", "manager")]


def test_a_manager_cannot_turn_the_own_managers_role_into_another(as_manager, manager):
    response = change(as_manager, manager, **{"memberships-0-role": "reporter"})
    assert "不能去掉自己的医院管理员角色" in errors(response)["memberships"]
    assert roles(manager) == [("甲医院", "manager")]


def test_a_manager_may_take_another_role_of_their_own(as_manager, manager, hospital):
    manager.memberships.create(hospital=hospital, role="reporter")
    change(as_manager, manager, **{f"{row(as_manager, manager, 'reporter')}-DELETE": "on"})
    assert roles(manager) == [("甲医院", "manager")]


def test_a_manager_may_take_the_role_of_another_manager(as_manager, hospital):
    other = make_user("manager", hospital)
    change(as_manager, other, **{"memberships-0-role": "exporter"})
    assert roles(other) == [("甲医院", "exporter")]


@pytest.mark.each_database
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_managers_who_take_each_others_role_leave_one_manager():
    for _round in range(5):
        hospital = make_hospital()
        managers = [make_user("manager", hospital) for _number in range(2)]
        browsers = [Client() for _manager in managers]
        typed = []
        for browser, own, other in zip(browsers, managers, reversed(managers), strict=True):
            browser.force_login(own)
            typed.append((browser, other, posted(browser.get(page_of(other)), **{"memberships-0-DELETE": "on"})))
        sent = at_once(
            2, lambda number, typed=typed: typed[number][0].post(page_of(typed[number][1]), typed[number][2])
        )
        assert not [one for one in sent if isinstance(one, Exception)]
        assert hospital.memberships.filter(role="manager").count() == 1


def test_the_platform_takes_a_managers_role(admin_client, manager):
    change(admin_client, manager, **{"memberships-0-DELETE": "on"})
    assert roles(manager) == []


def test_the_hospital_of_a_role_never_changes(admin_client, colleague, elsewhere):
    change(admin_client, colleague, **{"memberships-0-hospital": elsewhere.pk})
    assert roles(colleague) == [("甲医院", "reporter")]


def test_the_second_of_two_managers_is_told_and_overwrites_nothing(as_manager, colleague):
    typed = posted(as_manager.get(page_of(colleague)))
    as_manager.post(page_of(colleague), typed | {"name": "先改"})
    response = as_manager.post(page_of(colleague), typed | {"name": "后改"})
    assert "还没有保存" in response.content.decode()
    colleague.refresh_from_db()
    assert colleague.name == "先改"


# ── the branches of a 填报人 ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def eye(hospital):
    return make_branch(hospital, name="第五支部（眼科支部）")


def test_a_new_reporter_is_limited_in_the_same_form(as_manager, eye):
    add(as_manager, **{"memberships-0-role": "reporter", "memberships-0-branches": [eye.pk]})
    assert list(User.objects.get(username="wangfang").memberships.get().branches.all()) == [eye]


def test_a_reporter_is_limited_later(as_manager, colleague, eye):
    change(as_manager, colleague, **{"memberships-0-branches": [eye.pk]})
    assert list(colleague.memberships.get().branches.all()) == [eye]


def test_a_limit_is_lifted(as_manager, colleague, eye):
    colleague.memberships.get().branches.add(eye)
    change(as_manager, colleague, **{"memberships-0-branches": []})
    assert not colleague.memberships.get().branches.exists()


def test_a_page_that_is_saved_as_it_stands_keeps_the_limits(as_manager, colleague, eye):
    colleague.memberships.get().branches.add(eye)
    change(as_manager, colleague, name="李桦")
    assert list(colleague.memberships.get().branches.all()) == [eye]


def test_a_branch_of_another_hospital_is_neither_offered_nor_accepted(as_manager, colleague, elsewhere):
    foreign = make_branch(elsewhere, name="外院支部")
    assert "外院支部" not in as_manager.get(page_of(colleague)).content.decode()
    response = change(as_manager, colleague, **{"memberships-0-branches": [foreign.pk]})
    assert "不属于这家医院" in errors(response)["memberships-0-branches"]
    assert not colleague.memberships.get().branches.exists()


def test_what_cannot_be_a_branch_is_refused(as_manager, colleague):
    response = change(as_manager, colleague, **{"memberships-0-branches": ["x"]})
    assert "不属于这家医院" in errors(response)["memberships-0-branches"]


def test_only_a_reporter_is_limited(as_manager, colleague, eye):
    response = change(as_manager, colleague, **{"memberships-0-role": "exporter", "memberships-0-branches": [eye.pk]})
    assert "只有填报人可以限定支部" in errors(response)["memberships-0-branches"]


def test_where_the_hospital_is_still_open_the_branches_wait(admin_client, eye, elsewhere):
    assert "选好医院并保存以后，可以在这里限定支部" in admin_client.get(ADD).content.decode()


def test_the_branches_are_asked_for_once_however_many_roles(as_manager, colleague, hospital, eye):
    few = count_queries(as_manager, page_of(colleague))
    for role in ("exporter", "first_reviewer"):
        colleague.memberships.create(hospital=hospital, role=role)
    assert count_queries(as_manager, page_of(colleague)) - few <= 2 * 1  # the hospital of each new line is validated


# ── passwords ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def set_password(client, user, **typed):
    return client.post(password_page_of(user), {"password1": PASSWORD, "password2": PASSWORD} | typed, follow=True)


def test_a_manager_sets_a_colleagues_password(as_manager, colleague):
    set_password(as_manager, colleague)
    colleague.refresh_from_db()
    assert colleague.check_password(PASSWORD)


def test_a_new_password_ends_the_sessions_under_the_old_one(as_manager, colleague):
    browser = type(as_manager)()
    browser.force_login(colleague)
    set_password(as_manager, colleague)
    assert "/login/" in browser.get("/admin/").url


@pytest.mark.parametrize(
    "typed",
    [{"password1": "", "password2": ""}, {"password2": "another-long-word"}, {"password1": "123", "password2": "123"}],
)
def test_a_password_that_will_not_do_is_refused(as_manager, colleague, typed):
    assert "密码没有改" in set_password(as_manager, colleague, **typed).content.decode()
    colleague.refresh_from_db()
    assert colleague.check_password("the-old-password")


def test_the_form_says_how_long_a_password_has_to_be(as_manager, settings):
    lengths = [one["OPTIONS"]["min_length"] for one in settings.AUTH_PASSWORD_VALIDATORS if "OPTIONS" in one]
    assert f"至少{max(lengths)}个字符" in as_manager.get(ADD).content.decode()


def test_a_new_password_puts_nothing_else_back(colleague):
    form = NewPasswordForm(User.objects.get(pk=colleague.pk), {"password1": PASSWORD, "password2": PASSWORD})
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert form.is_valid()
    form.save()
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.check_password(PASSWORD)) == (False, True)


def test_no_account_is_left_without_a_password(as_manager, colleague):
    set_password(as_manager, colleague, usable_password="false", **{"unset-password": "1"})
    colleague.refresh_from_db()
    assert colleague.has_usable_password()


def test_a_manager_sets_no_password_of_the_platforms_administrator(as_manager, hospital):
    admin = make_user("reporter", hospital, is_superuser=True, password="the-old-password")
    assert as_manager.get(password_page_of(admin)).status_code == 404


# ── the log ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def logged() -> LogEntry:
    return LogEntry.objects.first()


def changed(name: str) -> dict:
    return next(change for change in logged().changes if change["name"] == name)


def names_of(held: list[dict]) -> list[tuple[str, str]]:
    return [(one["hospital"]["name"], one["role"]) for one in held or []]


def test_a_given_role_is_in_the_log_before_and_after(as_manager, manager, colleague, hospital):
    change(as_manager, colleague, **{"memberships-1-role": "exporter"})
    assert (logged().verb, logged().user, logged().about) == ("change", manager, "李华")
    assert names_of(changed("memberships")["before"]) == [("甲医院", "reporter")]
    assert names_of(changed("memberships")["after"]) == [("甲医院", "exporter"), ("甲医院", "reporter")]


def test_a_taken_role_is_in_the_log(as_manager, colleague):
    change(as_manager, colleague, **{"memberships-0-DELETE": "on"})
    assert names_of(changed("memberships")["before"]) == [("甲医院", "reporter")]
    assert names_of(changed("memberships")["after"]) == []


def test_a_limit_is_in_the_log(as_manager, colleague, eye):
    change(as_manager, colleague, **{"memberships-0-branches": [eye.pk]})
    assert changed("branches") == {
        "name": "branches",
        "label": "只报这些支部",
        "before": [],
        "after": [{"id": eye.pk, "name": "第五支部（眼科支部）"}],
    }


def test_a_new_account_is_in_the_log_with_its_role(as_manager):
    add(as_manager, **{"memberships-0-role": "reporter"})
    assert (logged().verb, logged().about) == ("create", "王芳")
    assert names_of(changed("memberships")["after"]) == [("甲医院", "reporter")]


def test_switching_off_is_in_the_log(as_manager, colleague):
    change(as_manager, colleague, is_active="")
    assert changed("is_active") == {"name": "is_active", "label": "能登录", "before": True, "after": False}


def test_that_a_password_was_set_is_in_the_log_without_it(as_manager, colleague):
    set_password(as_manager, colleague)
    assert changed("password") == {"name": "password", "label": "密码", "before": None, "after": None}


def test_no_hash_ever_reaches_the_log(as_manager, colleague):
    set_password(as_manager, colleague)
    change(as_manager, colleague, name="李桦")
    add(as_manager, **{"memberships-0-role": "reporter"})
    kept = json.dumps(list(LogEntry.objects.values("changes", "reason", "about")), ensure_ascii=False)
    assert not [user for user in User.objects.all() if user.password in kept]
    assert PASSWORD not in kept


def test_the_log_of_a_manager_keeps_nothing_of_roles_elsewhere(as_manager, shared):
    change(as_manager, shared, **{"memberships-1-role": "first_reviewer"})
    assert "乙医院" not in json.dumps(logged().changes, ensure_ascii=False)


def test_what_a_manager_did_is_in_the_log_of_the_hospital(as_manager, shared, hospital):
    change(as_manager, shared, **{"memberships-1-role": "first_reviewer"})
    assert logged().institution_id == hospital.pk


def test_what_the_platform_did_for_one_hospital_is_in_its_log(admin_client, shared, elsewhere):
    change(admin_client, shared, **{f"{row(admin_client, shared, 'exporter')}-DELETE": "on"})
    assert logged().institution_id == elsewhere.pk
    assert logged().is_override


def test_what_another_hospital_did_is_not_in_the_history_a_manager_reads(as_manager, client, shared, elsewhere):
    other = make_user("manager", elsewhere, name="乙管理")
    browser = type(client)()
    browser.force_login(other)
    change(browser, shared, **{"memberships-1-role": "manager"})
    history = as_manager.get(f"{LIST}{shared.pk}/history/").content.decode()
    assert "乙" not in history


def test_a_manager_reads_the_history_of_a_colleague(as_manager, colleague):
    change(as_manager, colleague, name="李桦")
    assert as_manager.get(f"{LIST}{colleague.pk}/history/").status_code == 200


def test_a_history_with_other_hospitals_in_it_says_where_the_own_part_is(as_manager, admin_client, shared):
    change(admin_client, shared, **{f"{row(admin_client, shared, 'exporter')}-DELETE": "on"})
    page = as_manager.get(f"{LIST}{shared.pk}/history/")
    assert page.status_code == 403
    assert "请到“操作日志”里按姓名查找" in page.content.decode()


def test_there_are_no_groups(admin_client):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:auth_{Group._meta.model_name}_changelist")


def test_a_role_is_named_by_the_person_who_holds_it(colleague):
    assert str(Membership.objects.get(user=colleague)) == "李华 · 填报人"
