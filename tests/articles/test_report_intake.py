"""A report becomes a draft: in the admin, for those who may, with nothing applied that was only guessed."""

import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.intake.drafting import body_of, draft_of
from articles.intake.report import lines_of, read_report
from articles.models import Article, ReceivedReport
from branches.models import Activity
from hospitals.roles import Role
from publishing.images import clean_picture, stated_pixels
from publishing.models import LogEntry, PictureDigest, ReviewEntry
from publishing.richtext import plain_text, sanitise
from tests.articles.reports.corpus import MADE_UP, files
from tests.factories import make_branch, make_hospital, make_user

pytestmark = pytest.mark.django_db
PAGE = "admin:articles_article_intake"
NEWS = "06-clinic-news.docx"


@pytest.fixture(scope="module")
def documents():
    return files()


@pytest.fixture
def hospital():
    return make_hospital(name="甲一县人民医院")


@pytest.fixture
def reporter(client, hospital):
    user = make_user(Role.REPORTER, hospital)
    client.force_login(user)
    return user


def send(client, name: str, content: bytes, **data):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse(PAGE), {"file": file} | data, follow=True)


def draft(documents, name, hospital, by) -> Article:
    return draft_of(read_report(name, documents[name]), documents[name], hospital=hospital, branches=[], by=by)


def test_a_report_from_word_becomes_a_draft_with_its_photos_in_place(client, reporter, hospital, documents):
    page = send(client, NEWS, documents[NEWS]).content.decode()
    article = Article.objects.get()
    assert (article.status, article.hospital, article.title) == ("draft", hospital, "把专家号挂到家门口")
    assert [(row.role, row.name) for row in article.bylines.all()] == [
        ("reporter", "周闻舟"),
        ("correspondent", "沈若兰"),
    ]
    captions = [photo.caption for photo in article.photos.all()]
    assert captions == ["眼科医生为村民检查视力。", "义诊现场，党员志愿者帮老人填写登记卡。"]
    assert re.findall(r"\[图\d\]", article.body) == ["[图1]", "[图2]"]
    assert "已读成草稿" in page and "新建活动草稿" in page


def test_the_draft_is_its_makers_work_is_logged_and_found(client, reporter, documents):
    send(client, NEWS, documents[NEWS])
    article = Article.objects.get()
    assert ReviewEntry.objects.filter(object_id=article.pk, user=reporter, step="write").exists()
    assert LogEntry.objects.filter(verb=LogEntry.Verb.CREATE, reason=f"由来稿“{NEWS}”读成").exists()
    assert "周闻舟" in article.search_text


def test_nothing_that_was_only_found_is_in_the_draft(client, reporter, hospital, documents):
    make_branch(hospital, name="第五支部")
    send(client, NEWS, documents[NEWS])
    article = Article.objects.get()
    assert not article.branches.exists() and not article.activities.exists() and not Activity.objects.exists()


@pytest.mark.parametrize("name", sorted(MADE_UP))
def test_every_draft_opens_again_as_it_was_stored(name, documents):
    """What intake makes is within what the editor and the sanitiser allow, and nothing of the text is lost on the way."""
    report = read_report(name, documents[name])
    for number, shot in enumerate(report.pictures, 1):
        shot.number = number
    body = body_of(report.blocks)
    assert sanitise(body) == body
    assert body.count("[图") == len(report.pictures)
    said = re.sub(r"\s|\[图\d+\]", "", plain_text(body))
    told = [line for block in report.blocks for line in lines_of(block) if line not in report.captions]
    assert [line for line in told if re.sub(r"\s", "", line) not in said] == []


def test_the_original_is_kept_and_only_the_hospitals_own_people_get_it(client, reporter, documents):
    send(client, NEWS, documents[NEWS])
    article = Article.objects.get()
    url = reverse("admin:articles_article_received", args=[article.pk])
    response = client.get(url)
    assert b"".join(response.streaming_content) == documents[NEWS]
    assert response["Content-Type"] == "application/octet-stream" and "attachment" in response["Content-Disposition"]
    assert client.get(f"/media/{article.received.file.name}").status_code == 404
    client.force_login(make_user(Role.REPORTER, make_hospital()))
    assert client.get(url).status_code == 404


def test_pasted_text_becomes_a_draft_too(client, reporter):
    text = "志愿服务进社区\n记者 张三丰\n6月19日，第五支部在社区开展义诊3场，为群众测量血压、讲解用药，受到大家欢迎。"
    client.post(reverse(PAGE), {"text": text})
    assert Article.objects.get().title == "志愿服务进社区"


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ({}, "file", "请选择稿件文件"),
        ({"text": "只有文字", "file": SimpleUploadedFile("a.txt", b"x")}, "text", "只要一样"),
        ({"file": SimpleUploadedFile("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 99)}, "file", "另存为.docx"),
        ({"file": SimpleUploadedFile("a.docx", b"")}, "file", "空的"),
    ],
)
def test_what_cannot_be_read_says_so_at_its_field_and_writes_nothing(data, field, says, client, reporter):
    for file in data.values():
        if hasattr(file, "seek"):
            file.seek(0)
    form = client.post(reverse(PAGE), data).context["form"]
    assert says in "".join(form.errors[field])
    assert not Article.objects.exists() and not ReceivedReport.objects.exists()


def test_a_reporter_of_some_branches_says_which(client, hospital, documents):
    branch = make_branch(hospital, name="第五支部")
    user = make_user(Role.REPORTER, hospital)
    user.memberships.get().branches.add(branch)
    client.force_login(user)
    form = send(client, NEWS, documents[NEWS]).context["form"]
    assert "请在这里选上" in "".join(form.errors["branch"])
    send(client, NEWS, documents[NEWS], branch=branch.pk)
    assert list(Article.objects.get().branches.all()) == [branch]


def test_whoever_only_reviews_makes_no_draft(client, hospital, documents):
    client.force_login(make_user(Role.FIRST_REVIEWER, hospital))
    assert send(client, NEWS, documents[NEWS]).status_code == 403


def test_a_picture_that_cannot_be_shown_is_named_and_its_place_closed(reporter, hospital):
    report = read_report(NEWS, files()[NEWS])
    report.pictures[0].read = lambda: b"no picture"
    article = draft_of(report, b"x", hospital=hospital, branches=[], by=reporter)
    assert article.photos.count() == 1 and re.findall(r"\[图\d\]", article.body) == ["[图1]"]
    assert any("图1" in said for said in article.received.not_understood)


def test_pictures_that_would_take_too_long_are_named_and_left_for_the_photos(
    reporter, hospital, documents, monkeypatch
):
    report = read_report(NEWS, documents[NEWS])
    monkeypatch.setattr("articles.intake.drafting.MOST_PIXELS", stated_pixels(report.pictures[0].read()))
    article = draft_of(report, b"x", hospital=hospital, branches=[], by=reporter)
    assert article.photos.count() == 1
    assert any("请在“照片”里上传" in said for said in article.received.not_understood)


def test_a_draft_that_fails_leaves_no_pictures_behind(reporter, hospital, documents, monkeypatch):
    def kept():
        return {path for path in Path(settings.MEDIA_ROOT, "pictures").rglob("*") if path.is_file()}

    before = kept()
    monkeypatch.setattr("articles.intake.drafting.created", Mock(side_effect=OSError("full")))
    with pytest.raises(OSError, match="full"):
        draft(documents, NEWS, hospital, reporter)
    assert kept() == before and not PictureDigest.objects.exists()


def test_nothing_is_decoded_while_the_database_is_held(reporter, hospital, documents, monkeypatch):
    """SQLite has one writer: whoever else saves meanwhile would wait for thirty photos."""
    held = []
    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(
        "articles.intake.drafting.clean_picture",
        lambda file: held.append(len(connection.savepoint_ids) - outside) or clean_picture(file),
    )
    monkeypatch.setattr("publishing.models.picture.make_renditions", Mock(side_effect=AssertionError("made")))
    draft(documents, NEWS, hospital, reporter)
    assert held == [0, 0]


def test_a_title_that_is_too_long_is_cut_and_said_in_full(reporter, hospital):
    title = "很长的题目" * 20
    report = read_report(
        "a.txt",
        f"{title[:40]}\n正文第一段写了很多内容，说明这次活动怎样开展、有哪些人参加，以及取得了什么效果。".encode(),
    )
    report.parts.title = title
    article = draft_of(report, b"x", hospital=hospital, branches=[], by=reporter)
    assert article.title == title[:80] and any(title in said for said in article.received.not_understood)


# -- What is made of the suggestions


def suggested(client, article, **data):
    return client.post(reverse("admin:articles_article_suggested", args=[article.pk]), data, follow=True)


def test_a_branch_is_named_once_somebody_says_so(client, reporter, hospital, documents):
    branch = make_branch(hospital, name="第五支部")
    article = draft(documents, NEWS, hospital, reporter)
    suggested(client, article, **{"branches-branches": [branch.pk]})
    article.refresh_from_db()
    assert list(article.branches.all()) == [branch] and article.version == 2


def test_the_forms_beside_the_draft_carry_the_token_of_their_page(reporter, hospital, documents):
    make_branch(hospital, name="第五支部")
    article = draft(documents, NEWS, hospital, reporter)
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    page = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    forms = re.findall(r'<form method="post" action="[^"]*/suggested/".*?</form>', page, re.DOTALL)
    tokens = [re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)[1] for form in forms]
    assert len(tokens) == 2
    branch = article.hospital.branches.get().pk
    suggested(client, article, **{"branches-branches": [branch], "csrfmiddlewaretoken": tokens[0]})
    assert article.branches.exists()


def test_an_activity_is_made_of_the_dates_and_figures_that_were_chosen(client, reporter, hospital, documents):
    article = draft(documents, NEWS, hospital, reporter)
    form = client.get(reverse("admin:articles_article_change", args=[article.pk])).context["suggested_activity"]
    places = {label: number for number, label in form.fields["figures"].choices}
    kind = form.fields["kind"].queryset.get(slug="free_clinic").pk
    chosen = [next(number for label, number in places.items() if "18个" in label)]
    data = {"title": "青石村义诊", "kind": kind, "when": "0", "place": "青石村", "figures": chosen}
    suggested(client, article, **{f"activity-{name}": value for name, value in data.items()})
    activity = article.activities.get()
    assert (activity.status, activity.title, str(activity.period)) == ("draft", "青石村义诊", "2024年6月19日")
    assert [(figure.measure.slug, str(figure)) for figure in activity.figures.all()] == [("villages", "行政村")]
    assert activity.figures.get().value == 18


def test_two_numbers_of_one_measure_are_refused_and_nothing_is_made(client, reporter, hospital):
    text = "义诊进社区\n6月19日，第五支部在社区开展义诊，服务群众60人次。下午又到学校，服务师生80人次，大家都说办得好。"
    report = read_report("a.txt", text.encode())
    article = draft_of(report, b"x", hospital=hospital, branches=[], by=reporter)
    article.received.suggestions["figures"][1]["measure"] = "visits"
    article.received.save()
    form = client.get(reverse("admin:articles_article_change", args=[article.pk])).context["suggested_activity"]
    kind = form.fields["kind"].queryset.first().pk
    data = {"title": "义诊", "kind": kind, "when": "", "figures": ["0", "1"]}
    page = suggested(client, article, **{f"activity-{name}": value for name, value in data.items()})
    assert "选了不止一个数" in page.content.decode() and not Activity.objects.exists()


def test_a_day_to_come_is_refused_in_words_and_nothing_is_made(client, reporter, hospital):
    report = read_report("a.txt", "义诊\n2099年6月19日，支部将在社区开展义诊，为群众测量血压。".encode())
    article = draft_of(report, b"x", hospital=hospital, branches=[], by=reporter)
    form = client.get(reverse("admin:articles_article_change", args=[article.pk])).context["suggested_activity"]
    data = {"title": "义诊", "kind": form.fields["kind"].queryset.first().pk, "when": "0"}
    page = suggested(client, article, **{f"activity-{name}": value for name, value in data.items()})
    assert "活动日期还没到" in page.content.decode() and not Activity.objects.exists()


def test_suggestions_of_another_hospital_or_of_what_is_submitted_are_not_used(client, reporter, hospital, documents):
    branch = make_branch(hospital, name="第五支部")
    article = draft(documents, NEWS, hospital, reporter)
    article.submit(by=reporter)
    assert suggested(client, article, **{"branches-branches": [branch.pk]}).status_code == 403
    client.force_login(make_user(Role.REPORTER, make_hospital()))
    assert suggested(client, article, **{"branches-branches": [branch.pk]}).status_code == 404
    assert not article.branches.exists()
