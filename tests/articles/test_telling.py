"""生成稿件: what an activity's record says becomes the first draft of its article, and stays tied to it."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from articles.models import Article
from articles.telling import body_of, tell
from branches.models import Activity, ActivityPhoto
from hospitals.roles import Role
from publishing.images import clean_picture
from publishing.quantities import parse
from publishing.richtext import plain_text, sanitise
from tests.factories import make_activity, make_branch, make_figure, make_hospital, make_partner, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院")


@pytest.fixture
def reporter(client, hospital):
    user = make_user(Role.REPORTER, hospital)
    client.force_login(user)
    return user


@pytest.fixture
def activity(hospital):
    branch = make_branch(hospital, name="第五支部（眼科支部）")
    made = make_activity(
        branch=branch, title="走进小学讲眼健康", kind="health_talk", start=date(2023, 6, 1), place="人和小学",
        summary="支部书记给学生讲怎样保护眼睛。", results="学校请支部下学期再来。",
        figures={"audience": "60余", "leaflets": "120"},
    )  # fmt: skip
    made.partners.add(make_partner(hospital, name="人和小学"))
    return made


def page(activity) -> str:
    return reverse("admin:articles_article_of_activity", args=[activity.pk])


def test_the_draft_says_when_who_where_what_and_the_numbers_in_their_own_words(activity):
    assert plain_text(body_of(activity)).split("\n") == [
        "2023年6月1日，渭南市第二医院第五支部（眼科支部）联合人和小学在人和小学开展健康宣教。",
        "支部书记给学生讲怎样保护眼睛。",
        "活动有听众60余人次，发放资料120份。",
        "活动成效",
        "学校请支部下学期再来。",
    ]


def test_what_is_not_recorded_is_not_told(hospital):
    bare = make_activity(hospital, title="义诊", kind="free_clinic", start=None, end=None, precision="unknown")
    assert plain_text(body_of(bare)) == "渭南市第二医院开展义诊。"


def test_a_number_with_a_name_of_its_own_has_a_sentence_of_its_own(hospital):
    standing = make_activity(hospital, title="复诊免挂号", kind="other", start=date(2025, 3, 1))
    make_figure(standing, measure=None, stated="3", label="免挂号期限", unit="日")
    assert plain_text(body_of(standing)).split("\n") == [
        "2025年3月1日，渭南市第二医院开展“复诊免挂号”活动。", "免挂号期限3日。",
    ]  # fmt: skip


def test_internal_figures_and_announced_ones_stay_out(activity):
    activity.figures.filter(measure__slug="leaflets").update(is_internal=True)
    assert "120" not in body_of(activity)
    Activity.objects.filter(pk=activity.pk).update(nature="summary")
    activity.refresh_from_db()
    assert "60余" not in body_of(activity)


def test_the_draft_opens_again_as_it_was_stored(activity):
    activity.summary = "<script>alert(1)</script> & 5 < 6"
    body = body_of(activity)
    assert sanitise(body) == body and "<script" not in body


def test_the_page_shows_it_first_and_writes_nothing(client, reporter, activity):
    assert "60余人次" in client.get(page(activity)).content.decode()
    assert not Article.objects.exists()


def test_a_draft_is_made_once_with_branches_and_activity(client, reporter, activity):
    for _time in range(2):
        response = client.post(page(activity))
    article = Article.objects.get()
    assert response.url == reverse("admin:articles_article_change", args=[article.pk])
    assert (article.status, article.created_by) == ("draft", reporter)
    assert list(article.branches.all()) == [activity.branch] and list(article.activities.all()) == [activity]


def test_its_photos_come_along_with_their_captions_and_stay_when_the_draft_goes(reporter, activity):
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(file, "JPEG")
    upload = clean_picture(SimpleUploadedFile("a.jpg", file.getvalue())).as_upload()
    photo = ActivityPhoto.objects.create(activity=activity, image=upload, caption="讲课现场", consent="no_person")
    article = tell(activity, by=reporter)
    (own,) = article.photos.all()
    assert (own.image.name, own.caption, own.consent, own.width) == (photo.image.name, "讲课现场", "no_person", 640)
    assert "[图1]" in article.body
    own.delete()
    assert photo.image.storage.exists(photo.image.name)


def test_a_number_that_has_changed_since_is_pointed_out_where_it_still_stands(activity, reporter):
    article = tell(activity, by=reporter)
    assert not [found for found in article.own_findings() if found.code == "changed_number"]
    figure = activity.figures.get(measure__slug="audience")
    figure.set_quantity(parse("80余"))
    figure.save()
    (found,) = [found for found in article.own_findings() if found.code == "changed_number"]
    assert "现在是80余人次，这里写的是60余人次" in found.message and found.name == "body" and not found.is_blocking
    article.body = article.body.replace("60余人次", "80余人次")
    assert not [found for found in article.own_findings() if found.code == "changed_number"]


def test_a_number_that_was_taken_out_is_pointed_out_too(activity, reporter):
    article = tell(activity, by=reporter)
    activity.figures.filter(measure__slug="leaflets").delete()
    (found,) = [found for found in article.own_findings() if found.code == "changed_number"]
    assert "没有填报" in found.message


@pytest.mark.parametrize(("role", "status"), [(Role.FIRST_REVIEWER, 403), (Role.EXPORTER, 403), (Role.REPORTER, 200)])
def test_only_those_who_may_write_articles_make_one(role, status, client, hospital, activity):
    client.force_login(make_user(role, hospital))
    assert client.get(page(activity)).status_code == status


def test_an_activity_of_another_hospital_is_not_there(client, activity):
    client.force_login(make_user(Role.REPORTER, make_hospital()))
    assert client.get(page(activity)).status_code == 404 and client.post(page(activity)).status_code == 404
    assert not Article.objects.exists()


# -- 以此为模板


def test_a_new_activity_takes_what_stays_the_same_from_another(client, reporter, activity):
    address = f"{reverse('admin:branches_activity_add')}?kind=health_talk&like={activity.pk}"
    form = client.get(address).context["adminform"].form
    assert form.initial["title"] == "走进小学讲眼健康" and form.initial["branch"] == activity.branch_id
    assert list(form.initial["partners"]) == list(activity.partners.all())
    assert not {"start", "end", "summary", "results", "story"} & set(form.initial)
    assert 'value="60余"' not in client.get(address).content.decode()


def test_the_pattern_of_another_hospital_gives_nothing(client, activity):
    client.force_login(make_user(Role.REPORTER, make_hospital()))
    address = f"{reverse('admin:branches_activity_add')}?kind=health_talk&like={activity.pk}"
    assert "走进小学讲眼健康" not in client.get(address).content.decode()
