"""An office with one person for each part of the way to the public, and that way in one call."""

from hospitals.roles import Role
from publishing.workflow import contributed
from tests.factories import (
    make_activity,
    make_article,
    make_brand,
    make_hospital,
    make_initiative,
    make_report,
    make_user,
)

#: one of everything that goes through reviews
MAKE = {
    "activity": make_activity,
    "article": make_article,
    "brand": make_brand,
    "initiative": make_initiative,
    "report": make_report,
}


def rewrite(record, *, by, **fields) -> None:
    """What the form does when somebody saves a draft."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.updated_by = by
    record.save()
    contributed(record, by=by)


class Office:
    """Everybody of one hospital: who writes and who reviews at each stage."""

    def __init__(self, hospital=None):
        self.hospital = hospital or make_hospital()
        self.reporter = make_user(Role.REPORTER, self.hospital, name="王芳")
        self.first = make_user(Role.FIRST_REVIEWER, self.hospital, name="李明")
        self.second = make_user(Role.SECOND_REVIEWER, self.hospital, name="赵强")
        self.final = make_user(Role.FINAL_REVIEWER, self.hospital, name="陈静")
        self.manager = make_user(Role.MANAGER, self.hospital, name="周伟")

    def hand_in(self, record, reviews=0):
        """Submitted by the reporter, and passed on by as many reviewers."""
        record.submit(by=self.reporter)
        for reviewer in (self.first, self.second, self.final)[:reviews]:
            record = record.approve(by=reviewer)
        return record

    def publish(self, record):
        """The public row."""
        return self.hand_in(record, reviews=3)

    def rewrite(self, record, **fields):
        rewrite(record, by=self.reporter, **fields)
        return record
