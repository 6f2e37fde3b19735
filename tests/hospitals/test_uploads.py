"""The door for photos: one picture a request, for the person and the hospital it was uploaded for, for a day."""

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from articles.models import Article
from branches.models import Activity, ActivityPhoto
from hospitals import photos
from hospitals.models import Upload
from hospitals.roles import Role
from publishing.images import MESSAGES, clean_picture
from publishing.models import PictureDigest
from tests.admin_pages import errors, posted
from tests.factories import make_activity, make_article, make_branch, make_hospital, make_user

pytestmark = pytest.mark.django_db

DOOR = "/admin/branches/activity/photos/"
ADD = "/admin/branches/activity/add/?kind=free_clinic"


def drawn(colour="red", size=(64, 48)) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return SimpleUploadedFile("患者李某.jpg", file.getvalue(), "image/jpeg")


@pytest.fixture
def hospital():
    return make_hospital(name="甲医院")


@pytest.fixture
def reporter(hospital):
    return make_user(Role.REPORTER, hospital)


@pytest.fixture
def desk(client, reporter):
    client.force_login(reporter)
    return client


def send(client, colour="red", door=DOOR, **fields):
    return client.post(door, {"image": drawn(colour)} | fields)


def sent(client, colour="red", **fields) -> Upload:
    response = send(client, colour, **fields)
    assert response.status_code == 201, response.content
    return Upload.objects.get(token=response.json()["token"])


def change(record) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"


def row(upload, place=0, **values) -> dict:
    """What a form sends for a photo that was uploaded."""
    token = getattr(upload, "token", upload)
    return {
        f"photos-{place}-{name}": value
        for name, value in ({"upload": str(token), "position": place + 1} | values).items()
    }


def save(client, record, *rows, address=None, **fields):
    address = address or change(record)
    count = {"photos-TOTAL_FORMS": len(rows), "photos-INITIAL_FORMS": 0}
    form = posted(client.get(address), **count, **fields)
    for sent_row in rows:
        form |= sent_row
    return client.post(address, form)


# ── the door ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_waits_for_its_form_under_a_name_that_says_nothing(desk, hospital, reporter):
    upload = sent(desk)
    assert (upload.hospital, upload.user, upload.used_as) == (hospital, reporter, "")
    assert default_storage.exists(upload.image.name)
    assert "患者" not in upload.image.name


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("door", [DOOR, "/admin/articles/article/photos/"])
def test_who_writes_records_of_a_hospital_uploads_for_it_and_nobody_else(client, hospital, role, door):
    client.force_login(make_user(role, hospital))
    assert send(client, door=door).status_code == (201 if role == Role.REPORTER else 403)


@pytest.mark.parametrize("role", Role)
def test_for_another_hospital_nobody_uploads(client, hospital, role):
    client.force_login(make_user(role, make_hospital()))
    assert send(client, hospital=hospital.pk).status_code == 404
    assert not Upload.objects.exists()


def test_a_stranger_is_led_to_the_login(client):
    response = send(client)
    assert (response.status_code, response.url[:13]) == (302, "/admin/login/")


def test_nothing_is_taken_without_the_forms_token(reporter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    assert send(client).status_code == 403
    assert not Upload.objects.exists()


def test_who_reports_for_two_hospitals_says_for_which(desk, hospital, reporter):
    other = make_hospital()
    reporter.memberships.create(hospital=other, role=Role.REPORTER)
    assert send(desk).json()["error"] == "请先在表单上面选好医院，再选照片。"
    assert sent(desk, hospital=other.pk).hospital == other


@pytest.mark.parametrize("named", ["x", "-1", "0", "9" * 30, "１", "\x00"])
def test_a_hospital_that_does_not_exist_is_not_found(desk, named):
    assert send(desk, hospital=named).status_code in {400, 404}


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"GIF89a", "not_a_picture"), (b"\xff\xd8\xff\xe0 cut", "broken")]
)
def test_what_is_no_picture_is_refused_in_the_words_of_the_form(desk, content, code):
    response = desk.post(DOOR, {"image": SimpleUploadedFile("a.jpg", content)})
    assert (response.status_code, response.json()["error"]) == (400, str(MESSAGES[code]))
    assert not Upload.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"image": "text"}, {"other": drawn()}, {"image": [drawn(), drawn("blue")]}])
def test_a_request_brings_one_picture(desk, fields):
    assert desk.post(DOOR, fields).status_code == 400
    assert not Upload.objects.exists()


def test_the_door_is_no_store(desk, monkeypatch):
    monkeypatch.setattr("hospitals.admin.photos.MOST_WAITING", 2)
    first = sent(desk, "red")
    sent(desk, "blue")
    assert "请先保存" in send(desk, "green").json()["error"]
    desk.post(DOOR, {"forget": str(first.token)})
    assert send(desk, "green").status_code == 201


def test_the_limit_is_said_in_words_where_it_is_one_number(desk):
    assert f"一次最多{photos.MOST_AT_ONCE}张" in desk.get(ADD).content.decode()


# ── who sees it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_who_uploaded_it_sees_what_is_not_saved_yet(client, desk, hospital):
    upload = sent(desk)
    seen = {"uploader": desk.get(upload.thumbnail).status_code}
    people = {
        "colleague": make_user(Role.REPORTER, hospital), "manager": make_user(Role.MANAGER, hospital),
        "other hospital": make_user(Role.REPORTER, make_hospital()), "administrator": make_user(is_superuser=True),
    }  # fmt: skip
    for name, person in people.items():
        client.force_login(person)
        seen[name] = client.get(upload.thumbnail).status_code
    client.logout()
    seen["visitor"] = client.get(upload.thumbnail).status_code
    assert seen == {"uploader": 200} | dict.fromkeys([*people, "visitor"], 404)


def test_a_photo_of_a_draft_is_seen_by_its_hospital_and_by_no_visitor(client, desk, hospital):
    activity = make_activity(hospital)
    upload = sent(desk)
    save(desk, activity, row(upload, consent="granted"))
    name = activity.photos.get().image.name
    client.force_login(make_user(Role.MANAGER, hospital))
    inside = client.get(f"/media/{name}").status_code
    client.logout()
    assert (inside, client.get(f"/media/{name}").status_code) == (200, 404)


# ── it becomes a photo ────────────────────────────────────────────────────────────────────────────────────────────────


def test_saving_the_form_makes_photos_in_the_order_of_their_numbers(desk, hospital):
    activity = make_activity(hospital)
    red, blue, green = (sent(desk, colour) for colour in ("red", "blue", "green"))
    save(
        desk, activity,
        row(red, 0, position=3, caption="红"), row(blue, 1, position=1, caption="蓝"), row(green, 2, position=2, caption="绿"),
    )  # fmt: skip
    assert [photo.caption for photo in activity.photos.all()] == ["蓝", "绿", "红"]
    assert not Upload.objects.waiting().exists()
    photo = activity.photos.first()
    assert (photo.image.name, photo.width, photo.height) == (blue.image.name, 64, 48)
    assert desk.get(photo.url_at(480)).status_code == 200


def test_a_new_record_takes_them_too(desk, hospital, reporter):
    upload = sent(desk)
    make_branch(hospital)
    response = save(
        desk,
        None,
        row(upload),
        address=ADD,
        title="义诊",
        start="2023-06-01",
        end="2023-06-01",
        precision="day",
        nature="single",
    )
    assert response.status_code == 302, errors(response)
    assert Activity.objects.get().photos.get().image.name == upload.image.name


def test_a_form_that_comes_back_with_errors_keeps_them(desk, hospital):
    activity = make_activity(hospital)
    upload = sent(desk)
    response = save(desk, activity, row(upload, caption="义诊现场"), title="")
    page = response.content.decode()
    assert response.status_code == 200
    assert upload.thumbnail in page
    assert "照片需要重新选择" not in page
    again = posted(response, title="义诊")
    assert desk.post(change(activity), again).status_code == 302
    assert activity.photos.get().caption == "义诊现场"


def test_they_survive_the_end_of_a_session(desk, hospital, reporter):
    upload = sent(desk)
    desk.logout()
    desk.force_login(reporter)
    assert [one["token"] for one in desk.get(DOOR).json()["uploads"]] == [str(upload.token)]
    save(desk, make_activity(hospital), row(upload))
    assert desk.get(DOOR).json()["uploads"] == []


def test_a_form_without_scripts_takes_files_as_before(desk, hospital):
    activity = make_activity(hospital)
    save(desk, activity, {"photos-0-image": drawn(), "photos-0-caption": "一"})
    assert activity.photos.get().caption == "一"
    assert not Upload.objects.exists()


def test_a_file_in_the_row_counts_more_than_what_was_uploaded_before(desk, hospital):
    activity = make_activity(hospital)
    upload = sent(desk, "red")
    save(desk, activity, row(upload) | {"photos-0-image": drawn("blue", (80, 60))})
    assert activity.photos.get().width == 80
    assert Upload.objects.waiting().get() == upload


# ── and only once, only by whom, only where ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "../../etc/passwd",
        "pictures/aa/" + "a" * 32 + ".jpg",
        "00000000-0000-4000-8000-000000000000",
        "\x00",
        "1" * 500,
    ],
)
def test_no_path_and_no_token_of_nothing_makes_a_photo(desk, hospital, token):
    activity = make_activity(hospital)
    response = save(desk, activity, row(token))
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert "请移除这一行，重新上传" in errors(response)["photos-0-image"]
    assert not activity.photos.exists()


def test_a_colleagues_upload_makes_no_photo(client, desk, hospital):
    upload = sent(desk)
    client.force_login(make_user(Role.REPORTER, hospital))
    activity = make_activity(hospital)
    response = save(client, activity, row(upload))
    assert "请移除这一行" in errors(response)["photos-0-image"]
    assert upload.thumbnail not in response.content.decode()


def test_an_upload_for_one_hospital_is_no_photo_of_another(desk, hospital, reporter):
    other = make_hospital()
    reporter.memberships.create(hospital=other, role=Role.REPORTER)
    upload = sent(desk, hospital=other.pk)
    activity = make_activity(hospital)
    assert "另一家医院" in errors(save(desk, activity, row(upload)))["photos-0-image"]
    assert not activity.photos.exists()


def test_an_upload_is_used_once(desk, hospital):
    upload = sent(desk)
    first, second = make_activity(hospital), make_activity(hospital)
    save(desk, first, row(upload))
    assert "已经用过" in errors(save(desk, second, row(upload)))["photos-0-image"]
    assert (first.photos.count(), second.photos.count()) == (1, 0)


def test_two_rows_do_not_share_an_upload(desk, hospital):
    upload = sent(desk)
    activity = make_activity(hospital)
    assert "已经用过" in errors(save(desk, activity, row(upload, 0), row(upload, 1)))["photos-1-image"]
    assert not activity.photos.exists()


def test_the_same_form_sent_twice_finds_the_photo_it_made(desk, hospital):
    """A second press on a slow line: the photo is in the comparison once, and asks for nothing."""
    activity = make_activity(hospital)
    upload = sent(desk)
    form = posted(desk.get(change(activity)), **{"photos-TOTAL_FORMS": 1}) | row(upload, caption="一")
    desk.post(change(activity), form)
    response = desk.post(change(activity), form | {"photos-0-caption": "二"})
    assert response.context["conflict"].pictures == 0
    assert "photos-0-image" not in errors(response)
    assert posted(response)["photos-0-caption"] == "二"
    desk.post(change(activity), posted(response))
    assert [photo.caption for photo in activity.photos.all()] == ["二"]


def test_after_a_conflict_an_upload_need_not_be_chosen_again(client, desk, hospital):
    activity = make_activity(hospital)
    upload = sent(desk)
    form = posted(desk.get(change(activity)), **{"photos-TOTAL_FORMS": 1}) | row(upload, caption="一")
    Activity.objects.filter(pk=activity.pk).update(version=activity.version + 1)
    response = desk.post(change(activity), form)
    assert response.context["conflict"].pictures == 0
    assert desk.post(change(activity), posted(response)).status_code == 302
    assert activity.photos.get().caption == "一"


# ── for a day ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def grow_old(upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(uploaded_at=timezone.now() - timedelta(hours=24, minutes=1))


def test_after_a_day_it_is_gone_for_everybody(desk, hospital):
    upload = sent(desk)
    grow_old(upload)
    assert desk.get(upload.thumbnail).status_code == 404
    assert desk.get(DOOR).json()["uploads"] == []
    assert "重新上传" in errors(save(desk, make_activity(hospital), row(upload)))["photos-0-image"]


def test_the_next_upload_sweeps_out_what_is_old_with_its_files(desk, django_capture_on_commit_callbacks):
    old = sent(desk, "red")
    grow_old(old)
    with django_capture_on_commit_callbacks(execute=True):
        new = sent(desk, "blue")
    assert list(Upload.objects.all()) == [new]
    assert not default_storage.exists(old.image.name)
    assert not PictureDigest.objects.filter(name=old.image.name).exists()


def test_sweeping_leaves_the_file_that_a_photo_shows(desk, hospital, django_capture_on_commit_callbacks):
    upload = sent(desk)
    activity = make_activity(hospital)
    save(desk, activity, row(upload))
    grow_old(upload)
    with django_capture_on_commit_callbacks(execute=True):
        assert Upload.objects.forget_old() == 1
    assert default_storage.exists(activity.photos.get().image.name)


def test_what_is_not_wanted_goes_at_once_but_only_ones_own(client, desk, hospital, django_capture_on_commit_callbacks):
    upload = sent(desk)
    client.force_login(make_user(Role.REPORTER, hospital))
    assert client.post(DOOR, {"forget": str(upload.token)}).json() == {"forgotten": 0}
    client.force_login(upload.user)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(DOOR, {"forget": ["x" * 36, str(upload.token)]}).status_code == 200
        client.post(DOOR, {"forget": str(upload.token)})
    assert not default_storage.exists(upload.image.name)


# ── the same picture again ────────────────────────────────────────────────────────────────────────────────────────────


def with_photo(record, **fields) -> ActivityPhoto:
    """Stored as the form stores it: the same picture as the door makes of it."""
    return record.photos.create(image=clean_picture(drawn()).as_upload(), **({"caption": "义诊现场"} | fields))


def test_a_picture_that_a_record_of_the_hospital_shows_is_said_and_stored_once(desk, hospital):
    photo = with_photo(make_article(hospital, title="义诊进社区"), alt="医生量血压", consent="granted")
    answer = send(desk).json()
    assert answer["used"] == {"title": "义诊进社区", "caption": "义诊现场", "alt": "医生量血压", "consent": "granted"}
    assert Upload.objects.get().image.name == photo.image.name


def test_two_records_that_show_one_file_do_not_lose_it_with_one_of_them(
    desk, hospital, django_capture_on_commit_callbacks
):
    photo = with_photo(make_article(hospital))
    activity = make_activity(hospital)
    save(desk, activity, row(sent(desk)))
    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()
    assert default_storage.exists(activity.photos.get().image.name)
    with django_capture_on_commit_callbacks(execute=True):
        activity.photos.get().delete()
    assert not default_storage.exists(photo.image.name)


def test_a_picture_of_another_hospital_is_said_to_nobody(desk):
    photo = with_photo(make_article(make_hospital(), public=True, title="乙院的稿件"))
    response = send(desk)
    assert response.json()["used"] is None
    assert "乙院" not in response.content.decode()
    assert Upload.objects.get().image.name != photo.image.name


def test_a_limited_reporter_is_not_told_of_other_branches_drafts(client, hospital):
    mine, theirs = make_branch(hospital), make_branch(hospital)
    person = make_user(Role.REPORTER, hospital)
    person.memberships.get().branches.add(mine)
    client.force_login(person)
    with_photo(make_activity(branch=theirs, title="别的支部的草稿"))
    assert send(client).json()["used"] is None
    with_photo(make_activity(branch=theirs, title="公开的活动", public=True))
    assert send(client).json()["used"]["title"] == "公开的活动"


def test_the_same_picture_sent_again_is_stored_once(desk):
    first = sent(desk)
    assert sent(desk).image.name == first.image.name


def test_forgetting_one_of_two_uploads_of_a_picture_leaves_the_other(desk, django_capture_on_commit_callbacks):
    first, second = sent(desk), sent(desk)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(DOOR, {"forget": str(first.token)})
    assert desk.get(second.thumbnail).status_code == 200


def test_a_new_file_for_a_photo_has_a_new_address_and_the_same_place(
    desk, hospital, django_capture_on_commit_callbacks
):
    """A name is never given to another picture: whoever has the old address sees the old picture or nothing."""
    activity = make_activity(hospital)
    photo = with_photo(activity, position=1)
    old = photo.image.name
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(change(activity), posted(desk.get(change(activity)), **{"photos-0-image": drawn("blue")}))
    photo.refresh_from_db()
    assert (photo.position, photo.caption) == (1, "义诊现场")
    assert photo.image.name != old
    assert not default_storage.exists(old)


# ── what a text names is not deleted under it ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def article(hospital):
    article = make_article(hospital, body="<p>上午八点开始。</p><p>[图1]</p><p>下午回访。</p><p>【图 3】</p>")
    for number in range(1, 5):
        article.photos.create(image=drawn(size=(60 + number, 48)), caption=f"图{number}", position=number)
    return article


def delete(client, article, *places, **fields):
    marked = {f"photos-{place - 1}-DELETE": "on" for place in places}
    return client.post(change(article), posted(client.get(change(article)), **marked, **fields))


def test_a_photo_that_the_text_names_is_not_deleted_and_it_is_said_where(desk, article):
    refusal = errors(delete(desk, article, 3))["photos"]
    assert "没有删除图3" in refusal
    assert "“上午八点开始。下午回访。”后面是“[图3]”" in refusal
    assert article.photos.count() == 4


def test_a_photo_whose_going_would_put_another_in_its_place_is_not_deleted(desk, article):
    assert "“[图3]”" in errors(delete(desk, article, 2))["photos"]


def test_a_photo_that_the_text_does_not_name_goes(desk, article):
    assert delete(desk, article, 4).status_code == 302
    assert article.photos.count() == 3


def test_a_photo_goes_with_its_mark(desk, article):
    body = "<p>上午八点开始。</p><p>[图1]</p><p>下午回访。</p>"
    assert delete(desk, article, 3, body=body).status_code == 302
    assert [photo.caption for photo in Article.objects.get().photos.all()] == ["图1", "图2", "图4"]


def test_a_text_is_not_left_with_a_mark_of_no_photo(desk, article):
    body = "<p>[图1]</p><p>[图4]</p>"
    assert "“[图4]”" in errors(delete(desk, article, 3, body=body))["photos"]


# ── what is stored already ────────────────────────────────────────────────────────────────────────────────────────────


def test_pictures_from_before_are_recognised_once_they_have_been_looked_at(desk, hospital, capsys):
    with_photo(make_article(hospital, title="去年的稿件"))
    PictureDigest.objects.all().delete()
    assert send(desk).json()["used"] is None
    grow_old(Upload.objects.get())
    call_command("tidy_pictures")
    assert "清除了1张没有保存的照片，给1张照片补了指纹。" in capsys.readouterr().out
    assert send(desk).json()["used"]["title"] == "去年的稿件"


def test_the_cover_is_cut_as_the_card_of_an_article_cuts_it():
    css = settings.BASE_DIR / "config" / "static" / "css"
    public, form = ((css / name).read_text("utf-8") for name in ("site.css", "photos.css"))
    shape = re.search(r"\.story img {[^}]*(aspect-ratio: [^;]+; object-fit: [^;]+);", public)[1]
    assert shape in re.search(r"\.is-cover \.thumbnail {[^}]*}", form)[0]
