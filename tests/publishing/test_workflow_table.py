"""Every state × role × verb, tried against the one table in docs/workflow.md."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from hospitals.models import Hospital
from hospitals.roles import Role
from publishing.models import LogEntry, Step
from publishing.workflow import REASONED, StaleStatus
from tests.factories import make_activity, make_hospital, make_user

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "workflow.md"
STATES = ["草稿", "修订稿", "待初审", "待复审", "待终审", "定时发布", "已发布", "已撤回"]
ROLES = {str(role.label): role for role in Role}
STRANGERS = ["外院各角色", "平台管理员"]


def read_table() -> dict[tuple[str, str], set[str]]:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| | 草稿"))
    assert [cell.strip() for cell in lines[start].split("|")[2:-1]] == STATES
    table = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        verb, *cells = [cell.strip() for cell in line.split("|")[1:-1]]
        for state, cell in zip(STATES, cells, strict=True):
            table[verb.split()[0], state] = set(filter(None, cell.split("、")))
    return table


TABLE = read_table()


def test_the_table_has_a_row_for_each_verb():
    assert {verb for verb, _state in TABLE} == {step.value for step in Step} - {Step.WRITE}


class Scene:
    """A hospital with one person for each role, and others; and a record in any state."""

    def __init__(self):
        self.hospital = make_hospital()
        self.people = {name: make_user(role, self.hospital, name=name) for name, role in ROLES.items()}
        self.people["平台管理员"] = make_user(is_superuser=True)
        stranger = make_user(Role.REPORTER, make_hospital())
        elsewhere = Hospital.objects.get(memberships__user=stranger)
        for role in set(Role) - {Role.REPORTER}:
            stranger.memberships.create(hospital=elsewhere, role=role)
        self.people["外院各角色"] = stranger

    def record(self, state: str, **fields):
        writer = self.people["填报人"]
        record = make_activity(self.hospital, created_by=writer, updated_by=writer, **fields)
        if state == "草稿":
            return record
        record.submit(by=writer)
        for waiting, role in (("待初审", "初审"), ("待复审", "复审")):
            if state == waiting:
                return record
            record.approve(by=self.people[role])
        if state == "待终审":
            return record
        at = timezone.now() + timedelta(days=1) if state == "定时发布" else None
        record.approve(by=self.people["终审"], at=at)
        record.refresh_from_db()
        if state == "已撤回":
            record.withdraw(by=self.people["医院管理员"], reason="测试")
        return record.revise(by=writer) if state == "修订稿" else record


def attempt(scene: Scene, verb: str, record, person) -> None:
    if verb == Step.RESTORE:
        version = record.versions.first() or scene.record("已发布").versions.first()
        record.restore(version, by=person)
    else:
        told = {"reason": "测试原因"} if verb in REASONED else {}
        getattr(record, "return_" if verb == Step.RETURN else verb)(by=person, **told)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", sorted({verb for verb, _state in TABLE}))
def test_only_whom_the_table_names_succeeds_and_every_refusal_is_logged(verb, state):
    scene = Scene()
    allowed = TABLE[verb, state] | ({"平台管理员"} if TABLE[verb, state] else set())
    # A name in full next to an illness is what an override is for.
    fields = {"summary": "患者王建国，67岁，因脑梗死入院。"} if verb == Step.OVERRIDE and state == "待终审" else {}
    record = scene.record(state, **fields)
    model, succeeded = type(record), set()
    for name, person in scene.people.items():
        refusals = LogEntry.objects.filter(verb=LogEntry.Verb.REFUSED).count()
        with transaction.atomic():
            try:
                attempt(scene, verb, model.objects.get(pk=record.pk), person)
            except (PermissionDenied, StaleStatus):
                assert LogEntry.objects.filter(verb=LogEntry.Verb.REFUSED).count() == refusals + 1, name
            else:
                succeeded.add(name)
                transaction.set_rollback(True)
    assert succeeded == allowed
