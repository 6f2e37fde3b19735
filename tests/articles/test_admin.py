"""Articles in the admin: the text, who signed it, its photos, whom it is about."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from taggit.models import Tag

from articles.models import Article
from tests.admin_pages import errors, posted
from tests.factories import make_activity, make_article, make_branch, make_hospital, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/article/add/"


@pytest.fixture
def hospital():
    return make_hospital()


@pytest.fixture
def editor(client, hospital):
    """A browser in which a reporter of the hospital is logged in."""
    client.force_login(make_user("reporter", hospital))
    return client


def add(client, **typed):
    return client.post(ADD, posted(client.get(ADD), title="题") | typed)


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (64, 48)).save(file, "JPEG")
    return SimpleUploadedFile("a.jpg", file.getvalue())


def test_all_that_was_typed_is_saved(editor, hospital):
    branch, activity = make_branch(hospital), make_activity(hospital)
    add(
        editor, kicker="引题", subtitle="副题", body="<h1>小标题</h1><p>正文</p>", branches=[branch.pk],
        activities=[activity.pk], tags="党建、义诊", source_date="2023-07-01",
    )  # fmt: skip
    article = Article.objects.get()
    assert (article.hospital, article.kicker, article.subtitle) == (hospital, "引题", "副题")
    assert article.body == "<h2>小标题</h2><p>正文</p>"
    assert (list(article.branches.all()), list(article.activities.all())) == ([branch], [activity])
    assert sorted(article.tags.names()) == ["义诊", "党建"]


def test_bylines_and_photos_are_saved_with_it_and_found(editor):
    add(
        editor, **{"bylines-0-name": "董体", "bylines-0-role": "correspondent", "photos-0-image": picture(),
        "photos-0-caption": "银杏树下"},
    )  # fmt: skip
    article = Article.objects.get()
    assert article.credits == ["通讯员 董体"]
    assert Article.objects.search("银杏树下 董体").get() == article


@pytest.mark.parametrize("field", ["branches", "activities"])
def test_what_is_of_another_hospital_is_refused_at_the_field(editor, admin_client, hospital, field):
    foreign = {"branches": make_branch, "activities": make_activity}[field]()
    assert field in errors(add(editor, **{field: [foreign.pk]}))
    response = add(admin_client, hospital=hospital.pk, **{field: [foreign.pk]})
    assert "另一家医院" in errors(response)[field]


def test_after_an_error_the_text_is_still_there(editor):
    response = add(editor, title="", body="<p>写了很久的正文</p>", **{"bylines-0-name": "董体"})
    page = response.content.decode()
    assert "写了很久的正文" in page
    assert 'value="董体"' in page


def test_an_address_without_a_scheme_is_a_secure_one(editor):
    add(editor, source_url="example.com/a")
    assert Article.objects.get().source_url == "https://example.com/a"


def test_the_history_of_a_tag_is_not_every_hospitals(admin_client, editor, hospital):
    """taggit's own page lists what every hospital has tagged."""
    article = make_article(hospital, title="某稿")
    article.tags.add("义诊")
    tag = Tag.objects.get()
    assert editor.get(reverse("admin:taggit_tag_change", args=[tag.pk])).status_code == 403
    assert "某稿" not in admin_client.get(reverse("admin:taggit_tag_change", args=[tag.pk])).content.decode()
