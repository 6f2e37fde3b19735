"""Where photos stand in an article: paragraphs that say [图1]."""

import pytest

from articles.models import ArticlePhoto
from publishing.checks import Severity
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def article_with(body: str, photos: int = 2):
    article = make_article(body=body)
    rows = [
        ArticlePhoto(article=article, image=f"pictures/{n}.jpg", width=9, height=9, position=n) for n in range(photos)
    ]
    ArticlePhoto.objects.bulk_create(rows)
    return article


def shown(article) -> list:
    return [block.get("html") or block["photo"].position + 1 for block in article.blocks]


def test_a_photo_stands_where_the_text_names_it_and_the_others_at_the_end():
    assert shown(article_with("<p>甲</p><p>（图 2）</p><p>乙</p>")) == ["<p>甲</p>", 2, "<p>乙</p>", 1]


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li><p>[图1]</p></li></ul>",
        "<blockquote><p>[图1]</p></blockquote>",
        "<table><tbody><tr><td><p>（图1）</p></td></tr></tbody></table>",
    ],
)
def test_a_mark_within_something_else_is_words_and_tears_nothing_apart(body):
    assert shown(article_with(f"{body}<p>[图1]</p>", photos=1)) == [body, 1]


def test_a_second_mark_of_the_same_photo_shows_nothing():
    assert shown(article_with("<p>[图1]</p><p>甲</p><p>[图1]</p>", photos=1)) == [1, "<p>甲</p>"]


def test_a_mark_without_its_photo_is_noticed_before_publication():
    article = article_with("<p>甲</p><p>[图2]</p><p>[图3]</p><p>[图0]</p>")
    (finding,) = (found for found in article.findings() if found.code == "no_such_photo")
    assert finding.severity == Severity.WARN
    assert "[图0][图3]没有对应的照片" in finding.message


def test_of_marks_that_all_have_photos_nothing_is_said():
    codes = [found.code for found in article_with("<p>甲</p><p>[图1]</p><p>[图2]</p>").findings()]
    assert "no_such_photo" not in codes
