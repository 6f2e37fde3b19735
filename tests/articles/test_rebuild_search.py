"""A search text is always what its record says, whatever was edited where: rebuilding it changes nothing."""

import random
from contextlib import suppress
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from taggit.models import Tag

from articles.models import Article
from branches.models import Activity, ActivityKind, Branch, Brand, Initiative, Partner, PeriodReport
from hospitals.models import Hospital, Region
from publishing.models import Publishable
from publishing.search import searchable_models
from publishing.workflow import StaleStatus
from tests.admin_pages import errors, posted
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_hospital,
    make_initiative,
    make_partner,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db


def rebuild(**options) -> str:
    output = StringIO()
    call_command("rebuild_search", stdout=output, **options)
    return output.getvalue()


def address(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def save(client, row, **typed):
    """What the row's form does; ``**typed`` over what it holds."""
    response = client.post(address(row), posted(client.get(address(row))) | typed)
    assert response.status_code == 302, errors(response)


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (64, 48)).save(file, "JPEG")
    return SimpleUploadedFile("a.jpg", file.getvalue())


@pytest.fixture
def admin(client):
    """A browser in which the platform's administrator is logged in."""
    client.force_login(make_user(is_superuser=True))
    return client


@pytest.fixture
def site():
    """One record of each kind, that names one of each thing that has a name of its own."""
    hospital = make_hospital(name="金乡医院")
    branch = make_branch(hospital, name="眼科支部")
    activity = make_activity(branch=branch)
    activity.partners.add(make_partner(hospital, name="人和小学"))
    activity.tags.add("爱眼")
    article = make_article(hospital)
    article.branches.add(branch)
    article.tags.add("爱眼")
    records = [activity, article, make_brand(branch=branch), make_initiative(hospital), make_report(hospital)]
    for record in [hospital, branch, *records]:
        record.refresh_search_text()
    return [hospital, branch, *records]


def naming(word: str) -> set[str]:
    """The kinds of records whose text has the word."""
    return {model._meta.model_name for model in searchable_models() if model.objects.search(word).exists()}


# -- What has a name is renamed

NAMED = {
    "hospital": (Hospital, "金乡医院", {"hospital", "branch", "brand", "initiative", "activity", "periodreport", "article"}),
    "branch": (Branch, "眼科支部", {"branch", "brand", "activity", "article"}),
    "partner": (Partner, "人和小学", {"activity"}),
    "tag": (Tag, "爱眼", {"activity", "article"}),
    "kind": (ActivityKind, None, {"activity"}),
    "region": (Region, "金乡县", {"hospital"}),
    "city": (Region, "济宁市", {"hospital"}),
    "province": (Region, "山东省", {"hospital"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMED)
def test_what_was_renamed_is_found_under_its_new_name_wherever_it_is_named(admin, site, kind):
    model, name, kinds = NAMED[kind]
    row = model.objects.get(name=name) if name else Activity.objects.get().kind
    old = row.name
    assert naming(old) >= kinds
    save(admin, row, name="全新名字")
    assert naming("全新名字") == kinds
    assert naming(old) == set()


def test_saving_without_renaming_leaves_the_texts_of_others_alone(admin, site):
    """Or every correction of a telephone number would read and lock all records of a hospital."""
    Activity.objects.update(search_text="不动")
    save(admin, site[0], hotline="8722000")
    assert Activity.objects.get().search_text == "不动"


@pytest.mark.parametrize(
    ("record", "typed"),
    [
        (0, {"names-0-name": "县人民院"}),
        (0, {"leaders-0-office": "院长", "leaders-0-name": "县人民院"}),
        (5, {"description": "县人民院"}),
        (2, {"photos-0-image": "picture", "photos-0-caption": "县人民院"}),
        (2, {"tags": "县人民院"}),
        (3, {"bylines-0-name": "县人民院"}),
        (3, {"body": "<p>在<b>县人</b>民院</p>"}),
    ],
)
def test_what_was_typed_into_a_form_is_found(admin, site, record, typed):
    save(admin, site[record], **{name: picture() if text == "picture" else text for name, text in typed.items()})
    assert site[record]._meta.model.objects.search("县人民院").exists()


def test_what_was_taken_out_of_a_form_is_no_longer_found(admin, site):
    save(admin, site[3], **{"bylines-0-name": "董大体"})
    save(admin, site[3], **{"bylines-0-DELETE": "on"})
    assert not Article.objects.search("董大体").exists()


def test_a_revision_is_found_by_its_new_text_once_it_is_merged():
    boss = make_user(is_superuser=True)
    activity = make_activity(title="原来的题目", public=True)
    activity.tags.add("旧标签")
    activity.refresh_search_text()
    copy = activity.revise(by=boss)
    copy.tags.set(["新标签"])
    copy.submit(by=boss)
    while copy.is_under_review and copy.is_working_copy:
        copy = copy.approve(by=boss)
    assert list(Activity.objects.search("新标签")) == [activity]
    assert not Activity.objects.search("旧标签").exists()


# -- Anything at all is edited

#: fields of the forms in which something is written, and the rows inside them
WRITTEN = {
    Region: ["name"],
    Hospital: ["name", "short_name", "party_committee", "introduction", "names-0-name", "leaders-0-office leaders-0-name"],
    Branch: ["name", "departments", "secretary", "motto"],
    Partner: ["name"],
    ActivityKind: ["name"],
    Tag: ["name"],
    Brand: ["name", "idea", "highlights"],
    Initiative: ["name", "description", "items", "place"],
    PeriodReport: ["title", "note", "source"],
    Activity: ["title", "place", "summary", "story", "tags", "photos-0-caption", "source"],
    Article: ["title", "lede", "body", "tags", "bylines-0-name", "photos-0-caption", "kicker"],
}  # fmt: skip
_WORDS = [
    "义诊", "下乡", "眼科", "护理", "急救", "先锋", "惠民", "健康", "讲座", "支部", "学校", "青石", "党员", "ＡＢＣ", "½", "x",
]  # fmt: skip


def edit(client, rng: random.Random, row) -> None:
    """A change in a form: something else written, a row added, a row taken out, another row chosen."""
    data = posted(client.get(address(row)))
    for name in rng.choice(WRITTEN[type(row)]).split():
        data[name] = "".join(rng.choices(_WORDS, k=3)) + str(rng.randrange(10**6))
    if "photos-0-caption" in data and not row.photos.exists():
        data["photos-0-image"] = picture()
    for name in [name for name in data if name.endswith("-DELETE")]:
        data[name] = "on" if rng.random() < 0.2 else ""
    hospital = getattr(row, "hospital", None)
    if isinstance(row, Activity):
        data["kind"] = rng.choice(ActivityKind.objects.values_list("pk", flat=True))
        data["partners"] = rng.sample(list(hospital.partners.values_list("pk", flat=True)), k=rng.randrange(2))
    if isinstance(row, Article):
        data["branches"] = rng.sample(list(hospital.branches.values_list("pk", flat=True)), k=rng.randrange(2))
    client.post(address(row), data)


def do(rng: random.Random, record: Publishable, by) -> None:
    """A verb of the workflow; what is refused leaves everything as it was."""
    verb = rng.choice(["submit", "submit", "approve", "approve", "approve", "revise", "withdraw", "return_", "discard"])
    told = {"reason": "测试"} if verb in {"withdraw", "return_"} else {}
    with suppress(ValidationError, PermissionDenied, StaleStatus):
        getattr(record, verb)(by=by, **told)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_in_any_order_a_rebuild_finds_nothing_to_do(admin, site, seed):
    rng, boss = random.Random(seed), make_user(is_superuser=True)
    edited = set()
    for _number in range(90):
        row = rng.choice(list(rng.choice(list(WRITTEN)).objects.order_by("pk")[:60]))
        if isinstance(row, Publishable) and rng.random() < 0.6:
            do(rng, row, boss)
        else:
            before = type(row).objects.filter(pk=row.pk).values().get()
            edit(admin, rng, row)
            edited |= {type(row)} if type(row).objects.filter(pk=row.pk).values().get() != before else set()
    assert len(edited) > 7  # kinds of rows that really were changed
    assert "没有过期" in rebuild(check=True)


# -- The command


@pytest.fixture
def stale():
    activity, branch = make_activity(title="银杏树下"), make_branch()
    Activity.objects.update(search_text="旧")
    Branch.objects.filter(pk=branch.pk).update(search_text="旧")
    return [activity, branch]


def test_a_rebuild_brings_every_text_up_to_date_and_says_how_many(stale):
    assert "更新了2条（党支部1条，活动1条）" in rebuild()
    assert [type(record).objects.search(str(record)).exists() for record in stale] == [True, True]


def test_a_check_changes_nothing_and_fails(stale):
    with pytest.raises(CommandError, match="有2条检索文本过期"):
        rebuild(check=True)
    assert Activity.objects.get().search_text == "旧"


def test_a_rebuild_of_what_is_right_says_so(site):
    assert "没有过期" in rebuild()


def test_a_rebuild_asks_no_more_for_a_batch_than_for_one_record():
    hospital = make_hospital()
    queries = []
    for count in (1, 5):
        for _number in range(count):
            make_activity(hospital).tags.add("标签")
        rebuild()
        with CaptureQueriesContext(connection) as captured:
            rebuild(check=True)
        queries.append(len(captured))
    assert queries[0] == queries[1]
