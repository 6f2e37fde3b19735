"""No staff URL shows or changes anything of another hospital: every URL × five people × GET and POST.

The URLs are read from the URL configuration. Every row of both hospitals carries its hospital's mark; no answer to a
person of one hospital may hold the mark of the other, and no request of theirs may change a row of the other. A new URL
whose parts are not known here, or a new model without marked rows, fails.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image
from taggit.models import Tag

from articles.models import Article, ArticlePhoto, ReceivedReport
from branches.models import (
    Activity,
    ActivityPhoto,
    Branch,
    Brand,
    Exemption,
    FrozenLedger,
    GroupTally,
    HospitalChange,
    Initiative,
    InitiativeFigure,
    IntakeFile,
    LedgerProfile,
    Obligation,
    Partner,
    PeriodReport,
    Tally,
    UnpublishedTally,
)
from branches.statistics_filter import ROWS
from hospitals.models import Hospital, HospitalFigure, Membership, Upload, User
from hospitals.roles import Role
from publishing import log
from publishing.admin_workflow import WORDINGS
from publishing.images import picture_path
from publishing.models import Change, LogEntry, Publishable, Unfinished, Version
from publishing.quantities import parse
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_exemption,
    make_figure,
    make_frozen_ledger,
    make_grey_period,
    make_hospital,
    make_initiative,
    make_ledger_profile,
    make_obligation,
    make_partner,
    make_period_figure,
    make_report,
    make_user,
)

PEOPLE = ("own_reporter", "own_manager", "other_reporter", "other_manager", "anonymous")
#: Who may see what does not depend on the database; that every address answers, and narrows down what it finds, does.
PEOPLE_ON_POSTGRESQL = ("own_manager", "other_reporter")
#: Lists that belong to no hospital: everybody on the staff may read them, only the administrator changes them.
SHARED = {
    "branches_activitykind", "branches_measure", "hospitals_region", "taggit_tag", "publishing_watchedword",
    "publishing_greyperiod",
}  # fmt: skip
#: Staff doors outside the admin: previews of what is not public.
PREVIEWS = {
    "activity": lambda rows: [
        f"/activities/{rows[Activity].reference}/",
        f"/activities/{rows['live'].reference}/?draft=1",
    ],
    "article": lambda rows: [f"/articles/{rows[Article].pk}/", f"/articles/{rows['live_article'].pk}/?draft=1"],
    "brand_preview": lambda rows: [f"/preview/brand/{rows[Brand].pk}/"],
    "initiative_preview": lambda rows: [f"/preview/initiative/{rows[Initiative].pk}/"],
    "report_preview": lambda rows: [f"/preview/report/{rows[PeriodReport].pk}/"],
    "media": lambda rows: [f"/media/{photo.image.name}" for photo in rows["photos"]],
}


def patterns(found=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found if found is not None else admin.site.get_urls():
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


ROUTES = dict(patterns())


def model_of(route: str) -> type[models.Model] | None:
    parts = route.split("/")
    by_path = {(m._meta.app_label, m._meta.model_name): m for m in admin.site._registry}
    return by_path.get(tuple(parts[:2])) if len(parts) > 2 else None


# ---- the two hospitals


def furnish(hospital: Hospital, mark: str) -> dict:
    """One row of everything in a hospital, each with its mark, in each state that matters."""
    people = {role: make_user(role, hospital, name=f"{mark}{role.label}") for role in Role}
    writer, manager = people[Role.REPORTER], people[Role.MANAGER]
    by = {"created_by": writer, "updated_by": writer}
    hospital.names.create(name=f"{mark}别名")
    hospital.leaders.create(office="书记", name=f"{mark}书记")
    figure = HospitalFigure(hospital=hospital, label=f"{mark}支部")
    figure.set_quantity(parse("22"))
    figure.save()
    branch = make_branch(hospital, name=f"{mark}支部", slug=f"branch-{hospital.pk}", departments=f"{mark}科室")
    partner = make_partner(hospital, name=f"{mark}小学")
    obligation = make_obligation(hospital=hospital, name=f"{mark}事项")
    exemption = make_exemption(branch=branch, obligation=obligation, reason=f"{mark}免除原因")
    brand = make_brand(branch=branch, name=f"{mark}品牌", idea=f"{mark}理念", **by)
    initiative = make_initiative(branch=branch, name=f"{mark}举措", **by)
    amount = InitiativeFigure(initiative=initiative, label=f"{mark}数据")
    amount.set_quantity(parse("12"))
    amount.save()
    draft = make_activity(branch=branch, title=f"{mark}草稿活动", summary=f"{mark}摘要", remarks=f"{mark}备注", **by)
    make_figure(draft, measure="visits", label=f"{mark}人次")
    unfinished = {"values": {"title": [f"{mark}没写完"]}, "labels": {}, "files": 0, "query": ""}
    for key in (draft.pk, 0):
        Unfinished.objects.create(
            user=writer, content_type=activity_type(), object_id=key, holder=uuid4(), content=unfinished
        )
    draft.partners.add(partner)
    draft.tags.add(f"{mark}标签")
    photos = [photo_of(ActivityPhoto, activity=draft, caption=f"{mark}照片")]
    reviewed = make_activity(branch=branch, title=f"{mark}待审活动", **by)
    reviewed.submit(by=writer)
    live = make_activity(branch=branch, title=f"{mark}公开活动", **by)
    copy = publish(live, people).revise(by=writer)
    Activity.objects.filter(pk=copy.pk).update(title=f"{mark}修订活动")
    hidden = make_activity(branch=branch, title=f"{mark}撤回活动", **by)
    publish(hidden, people).withdraw(by=manager, reason=f"{mark}原因")
    scheduled = make_activity(branch=branch, title=f"{mark}定时活动", **by)
    publish(scheduled, people, at=timezone.now() + timedelta(days=1))
    live_brand = publish(make_brand(hospital, name=f"{mark}公开品牌", is_current=False, **by), people)
    report = make_report(branch=branch, title=f"{mark}报数", **by)
    make_period_figure(report, label=f"{mark}场次")
    content = f"活动类别,活动主题,活动日期,党组织名称\n义诊,{mark}导入活动,2023-06-01,{mark}支部\n".encode()
    intake = IntakeFile.objects.create(
        user=writer, hospital=hospital, name=f"{mark}台账.csv", content=content, sha256=f"{mark}指纹"
    )
    upload = Upload.objects.create(user=writer, hospital=hospital, image=stored_picture(), sha256=f"{mark}指纹")
    article = make_article(hospital, title=f"{mark}草稿稿件", body=f"<p>{mark}正文</p>", **by)
    article.bylines.create(name=f"{mark}记者")
    article.branches.add(branch)
    photos.append(photo_of(ArticlePhoto, article=article, caption=f"{mark}稿件照片"))
    received = ReceivedReport(
        article=article, user=writer, name=f"{mark}来稿.txt", sha256=f"{mark}指纹", not_understood=[f"{mark}没有看懂"]
    )
    received.file.save(received.name, ContentFile(f"{mark}原文".encode()))
    article.telling.create(activity=live, figures={f"{mark}人次": "60余人次"})
    live_article = publish(make_article(hospital, title=f"{mark}公开稿件", **by), people)
    own = make_ledger_profile(writer, "序号", ("活动主题", f"{mark}栏"), name=f"{mark}栏目", is_shared=True)
    article_copy = live_article.revise(by=writer)
    Article.objects.filter(pk=article_copy.pk).update(title=f"{mark}修订稿件")
    frozen = make_frozen_ledger(branch=branch, by=manager, note=f"{mark}说明")
    return {
        Hospital: hospital, Branch: branch, Partner: partner, Brand: brand, Initiative: initiative, Activity: draft,
        Obligation: obligation, Exemption: exemption, FrozenLedger: frozen, LedgerProfile: own,
        PeriodReport: report, Article: article, User: writer, Membership: writer.memberships.get(),
        LogEntry: log.record(log.Verb.CHANGE, by=writer, about=draft, reason=f"{mark}日志"),
        "people": people, "photos": [*photos, upload], "live": live, "live_article": live_article, "live_brand": live_brand,
        "copy": copy,
        "intake": intake,
        "activities": [draft, reviewed, live, copy, hidden, scheduled],
    }  # fmt: skip


def photo_of(model, **fields):
    photo = model(image=stored_picture(), width=8, height=8, **fields)
    photo.save()
    return photo


def stored_picture() -> str:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return default_storage.save(picture_path(None, ""), file)


def publish(record: Publishable, people: dict, at=None) -> Publishable:
    record.submit(by=people[Role.REPORTER])
    record.approve(by=people[Role.FIRST_REVIEWER])
    record.approve(by=people[Role.SECOND_REVIEWER])
    return record.approve(by=people[Role.FINAL_REVIEWER], at=at)


def unpacked(raw: bytes) -> bytes:
    """The parts of a workbook, and of an archive with workbooks in it."""
    if raw[:2] != b"PK":
        return raw
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return b"".join(name.encode() + unpacked(archive.read(name)) for name in archive.namelist())


def text_of(response) -> str:
    """All that an answer says: its body, a workbook's parts unpacked, and its headers."""
    raw = unpacked(response.getvalue() if response.streaming else response.content)
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    text = raw.decode("utf-8", "replace")
    # JSON writes Han characters as escapes, addresses percent-encode them.
    unescaped = re.sub(r"\\u([0-9a-f]{4})", lambda escape: chr(int(escape[1], 16)), text)
    return text + unescaped + unquote(headers) + str(response.cookies)


class World(TestCase):
    MARKS = {"own": "甲院暗记", "other": "乙院暗记"}

    @classmethod
    def setUpTestData(cls):
        make_grey_period()  # of no hospital: there before anybody asks
        cls.rows, cls.keys = {}, {}
        for side, mark in cls.MARKS.items():
            before = keys_of_everything()
            cls.rows[side] = furnish(make_hospital(name=f"{mark}医院"), mark)
            cls.keys[side] = {model: keys - before[model] for model, keys in keys_of_everything().items()}

    def sign_in(self, person: str) -> str:
        """Whose person it is; the rows asked for are those of the own hospital throughout."""
        side, _underscore, role = person.partition("_")
        self.client.logout()
        if person == "anonymous":
            return ""
        self.client.force_login(self.rows[side]["people"][Role(role)])
        return side

    def state_of(self, side: str) -> dict[str, list]:
        """Every row of a hospital that a request could change, or that it could have added to one, by table."""
        return {
            model._meta.db_table: [row for row in rows_of(model) if belongs(row, model, self.keys[side])]
            for model in written_models()
        }


def written_models() -> list[type[models.Model]]:
    """What people write; not what is made anew from it as pages are read, nor the marks that something was written."""
    return [
        model
        for app in ("hospitals", "branches", "articles", "publishing", "taggit")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model not in {Change, GroupTally, HospitalChange, Tally, UnpublishedTally}
    ]


def rows_of(model: type[models.Model]) -> list[tuple]:
    """As they stand in the table: asked without the managers, which might leave some out."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {quote(model._meta.db_table)} ORDER BY {quote(model._meta.pk.column)}")
        return cursor.fetchall()


def keys_of_everything() -> dict[type[models.Model], set]:
    return {
        model: {row[model._meta.concrete_fields.index(model._meta.pk)] for row in rows_of(model)}
        for model in written_models()
    }


def belongs(row: tuple, model: type[models.Model], keys: dict[type[models.Model], set]) -> bool:
    """Whether it is one of these rows, or points at one."""
    for value, field in zip(row, model._meta.concrete_fields, strict=True):
        kept_under = model if field.primary_key else field.remote_field and field.remote_field.model
        if value in keys.get(kept_under, ()):
            return True
    return False


# ---- addresses


def addresses(route: str, rows: dict) -> list[str]:
    """The concrete addresses of a route for one hospital's rows; KeyError for a part that nobody has thought of."""
    model = model_of(route)
    name = ROUTES[route].name or ""
    label = f"{model._meta.app_label}_{model._meta.model_name}" if model else ""
    if name == "autocomplete":
        return [f"/admin/autocomplete/?{query}" for query in autocomplete_queries()]
    if name == "app_list":
        return [f"/admin/{app}/" for app in ("hospitals", "branches", "articles", "publishing")]
    if name == "board":
        return [
            f"/admin/work/{board}/" for board in ("returned", "awaiting", "drafts", "submitted", "scheduled", "latest")
        ]
    if route.endswith("(?P<url>.*)$"):
        return ["/admin/no-such-page/"]
    if name.endswith("_changelist"):
        return [f"/admin/{route}", *(f"/admin/{route}?{query}" for query in narrowed_to(rows, model))]
    if name.endswith("_chosen_ledger"):
        hospital, branch = rows[Hospital].pk, rows[Branch].pk
        return [
            f"/admin/branches/activity/ledger/chosen/{ledger}{query}"
            for ledger in ("full.csv", "short.xlsx", f"own-{rows[LedgerProfile].pk}.csv")
            for query in ("", f"?hospital={hospital}", f"?branch={branch}", "?status=draft")
        ]
    if name.endswith("_reconciliation_page"):
        return [
            f"/admin/{route}",
            f"/admin/{route}?hospital={rows[Hospital].pk}&state=none",
            f"/admin/{route}?year=2023",
        ]
    if name.endswith("_reconciliation_sheet"):
        return [
            f"/admin/branches/activity/reconciliation/chosen.{query}"
            for query in ("csv", f"xlsx?hospital={rows[Hospital].pk}")
        ]
    if name.endswith("_statistics_sheet"):
        return [
            f"/admin/branches/activity/statistics/chosen.{query}"
            for query in ("csv?unpublished=1&by=brand", f"xlsx?branch={rows[Branch].pk}&by=branch")
        ]
    if name.endswith(("_statistics_page", "_statistics_paper")):
        asked = [f"by={by}&unpublished=1" for by in ROWS]
        asked += [f"hospital={rows[Hospital].pk}", f"branch={rows[Branch].pk}", f"brand={rows[Brand].pk}"]
        return [f"/admin/{route}", *(f"/admin/{route}?{query}" for query in asked)]
    if name.endswith(("_ledger_page", "_ledger_paper")):
        asked = [
            f"hospital={rows[Hospital].pk}",
            f"branch={rows[Branch].pk}",
            f"brand={rows[Brand].pk}",
            "status=draft",
            "counted=1&joint=1",
            "counted=1&without=brand",
            "counted=1&coarser=month&region=370828",
        ]
        page = "/admin/" + route.replace("<str:profile>", f"own-{rows[LedgerProfile].pk}")
        return [page, *(f"{page}?{query}" for query in asked)]
    if name.startswith("branches_obligation_board"):
        asked = [f"hospital={rows[Hospital].pk}", f"item={rows[Obligation].pk}", "year=2023", "open=on"]
        return [f"/admin/{route}", *(f"/admin/{route}?{query}" for query in asked)]
    if name.endswith("_frozenledger_sheet"):
        frozen = f"/admin/branches/frozenledger/{rows[FrozenLedger].pk}/ledger"
        return [f"{frozen}/{ledger}" for ledger in ("full.csv", "full.xlsx", "short.xlsx")]
    if model is FrozenLedger and name.endswith(("_change", "_differences")):
        frozen, end = f"/admin/branches/frozenledger/{rows[FrozenLedger].pk}", route.rpartition(">/")[2]
        return [f"{frozen}/{end}{query}" for query in ("", f"?against={rows[FrozenLedger].pk}")]
    if name.endswith("_frozenledger_add"):
        unit = f"hospital={rows[Hospital].pk}&branch={rows[Branch].pk}"
        return [f"/admin/{route}{query}" for query in ("", f"?{unit}&year=2023", "?year=2023&part=Q2")]
    if name.endswith(("_pack_page", "_pack", "_dossier")):
        hospital, branch, brand = rows[Hospital].pk, rows[Branch].pk, rows["live_brand"].pk
        asked = [f"hospital={hospital}", f"branch={branch}", f"brand={brand}", f"hospital={hospital}&brand={brand}"]
        return [f"/admin/{route}", *(f"/admin/{route}?{query}" for query in asked)]
    if name.endswith("_ledger"):
        return [f"/admin/branches/activity/ledger/{name}" for name in ("full.csv", "full.xlsx", "short.csv?q=暗记")]
    if name.endswith("_export"):
        return ["/admin/publishing/logentry/export.csv", "/admin/publishing/logentry/export.xlsx?q=暗记"]
    if name.endswith("_of_activity"):
        return [f"/admin/articles/article/of-activity/{activity.pk}/" for activity in rows["activities"]]
    if "_intake_" in name and "<" in route:
        return ["/admin/" + route.replace("<uuid:token>", str(rows["intake"].pk))]
    if name.endswith("_add"):
        return [
            f"/admin/{route}",
            f"/admin/{route}?hospital={rows[Hospital].pk}&branch={rows[Branch].pk}&kind=free_clinic",
        ]
    if name.endswith("_photos"):
        return [f"/admin/{route}", f"/admin/{route}?hospital={rows[Hospital].pk}"]
    if name.endswith("_understand"):
        return [f"/admin/{route}?text=60余"]
    if "<" not in route:
        return [f"/admin/{route}"]
    records = rows["activities"] if model is Activity else [shared_row(model) if label in SHARED else rows[model]]
    return [
        filled_in(route, record, step) for record in records for step in (WORDINGS if "<str:step>" in route else [""])
    ]


def filled_in(route: str, record, step: str) -> str:
    values = {
        "object_id": str(record.pk),
        "id": str(record.pk),
        "step": step,
        "number": "1",
        "before": "1",
        "after": "1",
    }
    return "/admin/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], route)


def shared_row(model):
    return model._default_manager.first() or model._default_manager.create()


def narrowed_to(rows: dict, model) -> list[str]:
    """Filters that a person could type to ask for the other hospital's rows."""
    return [
        "q=暗记",
        f"hospital__id__exact={rows[Hospital].pk}",
        f"branch__id__exact={rows[Branch].pk}",
        "status__exact=draft",
        f"hospital__name__startswith={rows[Hospital].name[:2]}",
        f"created_by__username={rows[User].username}",
    ]


def autocomplete_queries() -> list[str]:
    queries = []
    for model, model_admin in admin.site._registry.items():
        for owner in (model_admin, *(inline(model, admin.site) for inline in model_admin.inlines)):
            for field in owner.model._meta.get_fields():
                if field.is_relation and field.concrete:
                    options = owner.model._meta
                    queries.append(
                        f"app_label={options.app_label}&model_name={options.model_name}&field_name={field.name}&term="
                    )
    return sorted(set(queries))


def sent(rows: dict) -> dict:
    """A form that would change whatever takes it."""
    return {
        "activity-title": "被改", "branches-branches": rows[Branch].pk, "text": "被改的来稿",
        "title": "被改", "name": "被改", "caption": "被改", "reason": "原因", "version": "1", "page": "review",
        "hospital": rows[Hospital].pk, "branch": rows[Branch].pk, "kind": "10", "slug": "changed", "number": "9",
        "action": "submit_selected", "_selected_action": [row.pk for row in rows["activities"]], "_save": "1",
        "is_active": "", "username": "changed", "password1": "a-new-pass-phrase", "password2": "a-new-pass-phrase",
        "usable_password": "true", "year": "2023", "part": "", "note": "被改", "post": "yes", "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
        "memberships-0-role": "manager", "memberships-0-hospital": rows[Hospital].pk,
    }  # fmt: skip


# ---- the promise


class EveryStaffPage(World):
    """One test for each route, made below."""

    def walk(self, route: str) -> int:
        """Ask for the own hospital's rows as each person. Returns the number of requests."""
        asked, before = 0, None
        for person in PEOPLE if connection.vendor == "sqlite" else PEOPLE_ON_POSTGRESQL:
            side = self.sign_in(person)
            hidden = self.MARKS["own"] if side != "own" else self.MARKS["other"]
            if side == "own":
                before = None  # they may change the rows
            elif before is None:
                before = self.state_of("own")  # of whoever comes next, too: nobody from here on may change them
            methods = ["get", "post"]
            for address in addresses(route, self.rows["own"]):
                for method in list(methods):
                    data = sent(self.rows["own"]) if method == "post" else None
                    response = getattr(self.client, method)(address, data)
                    asked += 1
                    case = f"{person} {method} {address}: {response.status_code}"
                    assert response.status_code < 500, case
                    assert hidden not in text_of(response), case
                    if response.status_code == 405:
                        methods.remove(method)  # a view that does not take it takes it with no query
                    if person == "anonymous" and "logout" not in route and "login" not in route:
                        assert response.status_code in {302, 403}, case
                    if side == "":
                        self.client.logout()
                    elif "logout" in route:
                        self.sign_in(person)
            if before is not None:
                assert self.state_of("own") == before, f"{person} changed a row of another hospital by {route}"
        return asked


def _test_of(route: str):
    def test(self):
        self.walk(route)

    test.__doc__ = route
    return test


for _number, _route in enumerate(ROUTES):
    setattr(EveryStaffPage, f"test_{_number:03d}_{re.sub(r'[^a-z]+', '_', _route)}", _test_of(_route))


class WhatTheWalkCovers(World):
    def test_there_are_at_least_five_hundred_checks(self):
        checks = sum(len(addresses(route, self.rows["own"])) for route in ROUTES) * len(PEOPLE) * 2
        assert checks >= 500

    def test_every_model_of_the_admin_has_a_marked_row_or_is_shared(self):
        labels = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
        assert not [label for label, model in labels.items() if label not in SHARED and model not in self.rows["own"]]

    def test_a_person_of_the_hospital_does_see_its_rows(self):
        """Otherwise the walk would prove nothing."""
        self.sign_in("own_reporter")
        for model in (Activity, Article, Brand, Initiative, PeriodReport, Branch, Partner):
            options = model._meta
            page = self.client.get(
                f"/admin/{options.app_label}/{options.model_name}/{self.rows['own'][model].pk}/change/"
            )
            assert self.MARKS["own"] in text_of(page), model

    def test_every_page_outside_the_admin_that_shows_staff_more_is_known(self):
        """A public view asks who is there only to show a preview or a picture that is not public."""
        views = {pattern.name: pattern.callback for _route, pattern in patterns(get_resolver().url_patterns)}
        asking = {
            name
            for name, view in views.items()
            if name
            and view.__module__.startswith(("config.views", "articles.views", "branches.views"))
            and {"request.user", "public_or_preview", "preview_or_404"} & _names_in(view)
        }
        assert asking <= set(PREVIEWS)

    def test_a_preview_shows_nothing_to_another_hospital_or_a_stranger(self):
        asked = 0
        for addresses_of in PREVIEWS.values():
            for address in addresses_of(self.rows["own"]):
                for person in ("other_reporter", "other_manager", "anonymous"):
                    self.sign_in(person)
                    response = self.client.get(address)
                    asked += 1
                    assert response.status_code == 404, (person, address)
                    assert self.MARKS["own"] not in text_of(response), (person, address)
        assert asked >= 3 * len(PREVIEWS)


def _names_in(view) -> set[str]:
    code = getattr(view, "__wrapped__", view).__code__
    return set(code.co_names) | ({"request.user"} if "user" in code.co_names else set())


# ---- the shapes in which other systems have leaked


class ShapesThatLeakedElsewhere(World):
    def setUp(self):
        self.sign_in("other_manager")
        self.own = self.rows["own"]

    def test_comparing_versions_of_another_hospitals_record(self):
        live = self.own["live"]
        for page in ("compare/", "versions/", "versions/1/", "versions/1/compare/1/"):
            response = self.client.get(f"/admin/branches/activity/{live.pk}/{page}")
            assert response.status_code == 404, page

    def test_comparing_ones_own_record_with_a_version_of_another_hospital(self):
        """Versions are asked for by their number within the record, so no key of another record fits."""
        theirs = Version.objects.get(object_id=self.own["live"].pk, content_type=activity_type())
        mine = self.rows["other"]["live"]
        response = self.client.get(f"/admin/branches/activity/{mine.pk}/versions/1/compare/{theirs.pk + 1000}/")
        assert response.status_code == 404

    def test_the_history_of_another_hospitals_record(self):
        for record in self.own["activities"]:
            response = self.client.get(f"/admin/branches/activity/{record.pk}/history/", follow=True)
            assert self.MARKS["own"] not in text_of(response)

    def test_deleting_a_part_through_a_parent_of_ones_own(self):
        """The key of another hospital's figure or photo, posted inside the form of one's own activity."""
        self.sign_in("other_reporter")
        mine, theirs = self.rows["other"][Activity], self.own[Activity]
        data = {
            "title": mine.title, "hospital": mine.hospital_id, "kind": mine.kind_id, "branch": mine.branch_id,
            "nature": "single", "start": "2023-06-01", "end": "2023-06-01", "precision": "day", "version": mine.version,
        }  # fmt: skip
        for prefix, part in (("figures", theirs.figures.get()), ("photos", theirs.photos.get())):
            data |= {
                f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1, f"{prefix}-0-id": part.pk,
                f"{prefix}-0-activity": mine.pk, f"{prefix}-0-DELETE": "on", f"{prefix}-0-quantity": "",
            }  # fmt: skip
        response = self.client.post(f"/admin/branches/activity/{mine.pk}/change/", data)
        assert self.MARKS["own"] not in text_of(response)
        assert (theirs.figures.count(), theirs.photos.count()) == (1, 1)

    def test_copying_from_a_record_of_another_hospital(self):
        """Restoring an old version and beginning a revision are the ways to make a record from another."""
        self.sign_in("other_reporter")
        mine, theirs = self.rows["other"]["live"], self.own["live"]
        mine.open_copy.discard(by=self.rows["other"]["people"][Role.REPORTER])
        for record in (theirs, mine):
            for page in ("versions/1/restore/", "step/revise/"):
                before = Activity.objects.count()
                response = self.client.post(f"/admin/branches/activity/{record.pk}/{page}", {"version": record.version})
                if record == theirs:
                    assert response.status_code == 404
                    assert Activity.objects.count() == before
        mine.open_copy.discard(by=self.rows["other"]["people"][Role.REPORTER])
        mine.refresh_from_db()
        with pytest.raises(PermissionDenied, match="不属于这条记录"):
            mine.restore(theirs.versions.get(), by=self.rows["other"]["people"][Role.REPORTER])

    def test_listing_media(self):
        """There is no list of pictures; one asked for by name, and the photos a form offers, are the hospital's own."""
        for photo in self.own["photos"]:
            assert self.client.get(f"/media/{photo.image.name}").status_code == 404
        assert not [model for model in admin.site._registry if model in {ActivityPhoto, ArticlePhoto}]

    def test_tags_typed_by_another_hospital_are_not_listed(self):
        assert Tag.objects.filter(name__startswith=self.MARKS["own"]).exists()
        assert self.client.get("/admin/taggit/tag/").status_code == 403


def activity_type() -> ContentType:
    return ContentType.objects.get_for_model(Activity)
