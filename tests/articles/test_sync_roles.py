"""``manage.py sync_roles``: the database agrees with the table of roles, and the table can be read."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError

from branches.models import Activity
from hospitals.models import User
from hospitals.roles import RIGHTS, Role
from tests.factories import make_hospital, make_user

pytestmark = pytest.mark.django_db


def sync(*options) -> str:
    out = StringIO()
    call_command("sync_roles", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def of_activities(codename: str):
    return Permission.objects.filter(content_type=ContentType.objects.get_for_model(Activity), codename=codename)


def old_right() -> Permission:
    """What activities had before there were three reviews."""
    kind = ContentType.objects.get_for_model(Activity)
    return Permission.objects.create(content_type=kind, codename="publish_activity", name="Can publish activity")


def all_rights() -> set[tuple]:
    return set(Permission.objects.values_list("content_type", "codename"))


def test_a_migrated_database_agrees():
    sync("--check")


def test_a_missing_right_is_made():
    of_activities("final_review_activity").delete()
    sync()
    assert of_activities("final_review_activity").exists()


def test_a_right_that_no_model_defines_any_more_goes():
    old_right()
    sync()
    assert not of_activities("publish_activity").exists()


def test_a_right_of_a_model_that_is_gone_goes():
    kind = ContentType.objects.create(app_label="branches", model="telegram")
    Permission.objects.create(content_type=kind, codename="add_telegram", name="Can add telegram")
    sync()
    assert not Permission.objects.filter(content_type=kind).exists()


def test_what_groups_were_given_is_taken_back():
    group = Group.objects.create(name="旧用户组")
    group.permissions.add(of_activities("change_activity").get())
    sync()
    assert not group.permissions.exists()


def test_what_a_person_was_given_past_the_table_is_taken_back():
    user = make_user()
    user.user_permissions.add(of_activities("change_activity").get())
    sync()
    assert not user.user_permissions.exists()


def test_running_it_again_changes_nothing():
    old_right()
    of_activities("final_review_activity").delete()
    sync()
    rights = all_rights()
    assert "已处理" not in sync()
    assert all_rights() == rights


def test_it_says_what_it_did():
    old_right()
    of_activities("final_review_activity").delete()
    said = sync()
    assert "补上权限 branches.final_review_activity" in said
    assert "删去权限 branches.publish_activity" in said


@pytest.mark.parametrize("fault", ["missing", "left over", "granted"])
def test_a_check_reports_the_difference_and_changes_nothing(fault):
    user = make_user()
    match fault:
        case "missing":
            of_activities("final_review_activity").delete()
        case "left over":
            old_right()
        case "granted":
            user.user_permissions.add(of_activities("change_activity").get())
    rights = all_rights()
    with pytest.raises(CommandError, match="不一致") as stopped:
        sync("--check")
    assert stopped.value.returncode == 1
    assert all_rights() == rights
    assert user.user_permissions.exists() == (fault == "granted")


def test_a_right_in_the_table_that_no_model_defines_stops_it(monkeypatch):
    monkeypatch.setitem(RIGHTS, Role.EXPORTER, RIGHTS[Role.EXPORTER] | {"branches.frame_activity"})
    old_right()
    with pytest.raises(CommandError, match="branches.frame_activity"):
        sync()
    assert of_activities("publish_activity").exists()


def test_the_table_is_told_role_by_role():
    told = sync()
    assert [line for line in told.splitlines() if line in Role.labels] == Role.labels
    assert "查看、新建、修改：活动、品牌" in told


def test_the_table_for_the_documents_is_nothing_but_the_table():
    old_right()
    lines = sync("--markdown").splitlines()
    assert all(line.startswith("|") for line in lines)
    assert lines[0] == "| 内容 | 填报人 | 初审 | 复审 | 终审 | 台账员 | 医院管理员 |"
    assert "| 活动 | 查看、新建、修改 | 查看、初审 | 查看、复审 | 查看、终审、放行 | 查看 | 查看、放行、撤回 |" in lines


def test_every_right_of_the_table_stands_in_it():
    told = sync("--markdown")
    words = sum(
        len(cell.split("、")) for line in told.splitlines()[2:] for cell in line.split(" | ")[1:] if cell.strip(" |")
    )
    assert words == sum(map(len, RIGHTS.values()))


def test_a_person_gains_nothing_past_the_table():
    user = make_user("exporter", make_hospital())
    user.user_permissions.add(of_activities("change_activity").get())
    assert not User.objects.get(pk=user.pk).has_perm("branches.change_activity")
