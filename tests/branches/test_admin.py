"""The form of an activity, which asks for what its kind counts, and the other forms of this application."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from branches.models import (
    Activity,
    ActivityKind,
    ActivityPhoto,
    Branch,
    Brand,
    Figure,
    InitiativeFigure,
    KindMeasure,
    Measure,
    PeriodFigure,
)
from tests.admin_pages import errors, posted, said
from tests.factories import (
    make_activity,
    make_branch,
    make_brand,
    make_hospital,
    make_initiative,
    make_partner,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ADD = "/admin/branches/activity/add/"


@pytest.fixture
def hospital():
    return make_hospital(name="甲医院")


@pytest.fixture
def editor(client, hospital):
    """A browser in which a reporter of the hospital is logged in."""
    client.force_login(make_user("reporter", hospital))
    return client


def add(client, kind, **changes):
    address = f"{ADD}?kind={kind}"
    typed = posted(client.get(address), title="测试", start="2023-06-01")
    return client.post(address, typed | changes)


def change(client, activity, **changes):
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    return client.post(address, posted(client.get(address)) | changes)


def row(client, address, slug):
    """The name of the input for a measure on the page."""
    page = client.get(address)
    formset = page.context["inline_admin_formsets"][0].formset
    return next(form.add_prefix("quantity") for form in formset.rows if form.measured and form.measured.slug == slug)


def type_figures(client, kind, figures, **changes):
    address = f"{ADD}?kind={kind}"
    return add(client, kind, **{row(client, address, slug): text for slug, text in figures.items()}, **changes)


def stated() -> dict:
    return {figure.measure.slug: figure.as_stated for figure in Figure.objects.select_related("measure")}


# ── kinds ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_activity_begins_with_the_choice_of_its_kind(editor):
    page = editor.get(ADD).content.decode()
    for words in ("组织生活", "服务群众", "党业融合", "义诊", "主题党日"):
        assert words in page
    assert "?kind=free_clinic" in page
    assert 'name="title"' not in page


def test_a_retired_kind_is_not_offered(editor):
    ActivityKind.objects.filter(slug="contest").update(is_active=False)
    assert "?kind=contest" not in editor.get(ADD).content.decode()
    assert "已停用" in said(editor.get(f"{ADD}?kind=contest"))


def test_an_unknown_kind_leads_back_to_the_choice(editor):
    assert "先选类别" in editor.get(f"{ADD}?kind=nothing").content.decode()


def test_the_choice_keeps_what_else_was_asked_for(editor, hospital):
    branch = make_branch(hospital)
    assert f"?kind=free_clinic&amp;branch={branch.pk}" in editor.get(f"{ADD}?branch={branch.pk}").content.decode()


@pytest.mark.parametrize("kind", ["free_clinic", "theme_day", "contest", "festival"])
def test_the_form_has_a_row_for_each_measure_of_the_kind_and_two_for_others(editor, kind):
    formset = editor.get(f"{ADD}?kind={kind}").context["inline_admin_formsets"][0].formset
    wanted = KindMeasure.objects.filter(kind__slug=kind).order_by("-is_asked", "position")
    assert [form.measured.pk for form in formset.rows if form.measured] == [asked.measure_id for asked in wanted]
    assert len([form for form in formset.rows if not form.measured]) == 2


def test_what_is_asked_for_is_marked(editor):
    formset = editor.get(f"{ADD}?kind=free_clinic").context["inline_admin_formsets"][0].formset
    assert [form.measured.slug for form in formset.rows if form.is_asked] == ["sessions", "visits"]
    assert editor.get(f"{ADD}?kind=free_clinic").content.decode().count("请填</b>") == 2


def test_a_fixed_row_lets_nobody_choose_another_measure(editor):
    page = editor.get(f"{ADD}?kind=free_clinic").content.decode()
    assert '<select name="figures-' not in page
    assert '<input type="hidden" name="figures-0-measure"' in page


def test_the_kind_is_saved_as_chosen(editor):
    add(editor, "free_clinic")
    assert Activity.objects.get().kind.slug == "free_clinic"


def test_the_next_activity_begins_with_the_same_kind(editor):
    assert add(editor, "free_clinic", _addanother="1").url == f"{ADD}?kind=free_clinic"


def test_a_retired_kind_cannot_be_posted(editor):
    page = posted(editor.get(f"{ADD}?kind=contest"), title="测试", start="2023-06-01")
    ActivityKind.objects.filter(slug="contest").update(is_active=False)
    assert "kind" in errors(editor.post(f"{ADD}?kind=contest", page))


def test_an_activity_of_a_retired_kind_can_still_be_saved(editor, hospital):
    activity = make_activity(hospital, kind="contest")
    ActivityKind.objects.filter(slug="contest").update(is_active=False)
    assert change(editor, activity, title="改了").status_code == 302


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "value", "precision"),
    [
        ("60余", 60, "at_least"),
        ("2万余", 20000, "at_least"),
        ("１２", 12, "exact"),
        ("近20", 20, "nearly"),
        ("0", 0, "exact"),
    ],
)
def test_a_figure_is_kept_as_it_was_meant(editor, typed, value, precision):
    type_figures(editor, "free_clinic", {"visits": typed})
    figure = Figure.objects.get()
    assert (figure.measure.slug, figure.value, figure.precision) == ("visits", value, precision)


def test_rows_left_empty_are_no_figures(editor):
    assert add(editor, "free_clinic").status_code == 302
    assert not Figure.objects.exists()


def test_figures_stand_in_the_order_of_the_kind(editor):
    type_figures(editor, "free_clinic", {"leaflets": "300", "visits": "60"})
    activity = Activity.objects.get()
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    change(editor, activity, **{row(editor, address, "sessions"): "2"})  # known only later
    assert list(stated()) == ["sessions", "visits", "leaflets"]


def test_emptying_a_value_removes_the_figure(editor, hospital):
    activity = make_activity(hospital, figures={"sessions": "2", "visits": "60"})
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    change(editor, activity, **{row(editor, address, "visits"): ""})
    assert stated() == {"sessions": "2"}


def test_a_figure_can_be_corrected(editor, hospital):
    activity = make_activity(hospital, figures={"visits": "60"})
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    change(editor, activity, **{row(editor, address, "visits"): "近80"})
    assert stated() == {"visits": "近80"}


def test_an_activity_shows_figures_beyond_those_of_its_kind(editor, hospital):
    activity = make_activity(hospital, kind="contest", figures={"leaflets": "300"})
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    formset = editor.get(address).context["inline_admin_formsets"][0].formset
    assert [form.measured.slug for form in formset.rows if form.measured] == ["contestants", "leaflets"]
    change(editor, activity, title="别的改了")
    assert stated() == {"leaflets": "300"}


def test_another_figure_has_a_name_and_a_unit_of_its_own(editor):
    add(editor, "contest", **{"figures-1-label": "奖项", "figures-1-quantity": "10余", "figures-1-unit": "个"})
    figure = Figure.objects.get()
    assert (figure.measure, figure.label, figure.unit, figure.as_stated) == (None, "奖项", "个", "10余")


def test_another_figure_is_emptied_as_well(editor, hospital):
    activity = make_activity(hospital, kind="contest")
    Figure.objects.create(activity=activity, label="奖项", unit="个", value=3, as_stated="3")
    change(editor, activity, **{"figures-0-quantity": ""})
    assert not Figure.objects.exists()


def test_a_figure_that_is_not_for_the_public_is_marked_so(editor):
    add(editor, "contest", **{"figures-0-quantity": "5", "figures-0-is_internal": "on"})
    assert Figure.objects.get().is_internal


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"figures-1-quantity": "-3"}, ("figures-1-quantity", "数量不能是负数")),
        ({"figures-1-quantity": "6O"}, ("figures-1-quantity", "没有看懂")),
        ({"figures-1-quantity": "1.5"}, ("figures-1-quantity", "不是整数")),
        ({"figures-7-quantity": "3"}, ("figures-7-label", "请写明这个数字是什么")),
        ({"figures-7-label": "奖项"}, ("figures-7-quantity", "请填写数字")),
    ],
)
def test_a_figure_that_is_not_understood_is_refused_at_its_field(editor, typed, message):
    field, words = message
    response = add(editor, "free_clinic", **typed)
    assert words in errors(response)[field]
    assert not Activity.objects.exists()


def test_hours_may_be_halves(editor):
    type_figures(editor, "volunteer", {"hours": "2.5"})
    assert stated() == {"hours": "2.5"}


def test_after_an_error_everything_typed_is_there_and_understood(editor):
    response = type_figures(editor, "free_clinic", {"visits": "2万余"}, title="", place="门诊大厅", summary="做了很多")
    page = response.content.decode()
    assert 'value="2万余"' in page
    assert "理解为：20,000以上（约数），显示为“2万余人次”。" in page
    assert 'value="门诊大厅"' in page
    assert "做了很多" in page


def test_a_wrong_unit_is_remarked_upon(editor):
    page = type_figures(editor, "free_clinic", {"visits": "30人"}, title="").content.decode()
    assert "人次和人数不能混用" in page


def test_a_measure_that_is_not_of_the_kind_cannot_be_posted(editor):
    hours = Measure.objects.get(slug="hours")
    response = add(editor, "contest", **{"figures-0-measure": hours.pk, "figures-0-quantity": "3"})
    assert "没有这项数据" in errors(response)["figures-0-measure"]


def test_the_measure_of_a_figure_that_is_there_cannot_be_exchanged(editor, hospital):
    activity = make_activity(hospital, figures={"visits": "60"})
    change(
        editor, activity, **{"figures-0-measure": Measure.objects.get(slug="sessions").pk, "figures-0-quantity": "70"}
    )
    assert stated() == {"visits": "70"}


def test_a_measure_is_not_stated_twice(editor):
    address = f"{ADD}?kind=free_clinic"
    sessions = Measure.objects.get(slug="sessions")
    first = row(editor, address, "sessions")
    typed = {first: "2", "figures-1-measure": sessions.pk, "figures-1-quantity": "3"}
    assert "填了两次" in errors(add(editor, "free_clinic", **typed))["figures-1-quantity"]


def test_a_measure_entered_meanwhile_in_another_window_is_not_entered_again(editor, hospital):
    activity = make_activity(hospital)
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    typed = posted(editor.get(address)) | {row(editor, address, "visits"): "60"}
    editor.post(address, typed)
    refused = editor.post(address, typed | {row(editor, address, "visits").replace("-0-", "-1-"): "60"})
    assert "conflict" in refused.context
    assert Figure.objects.count() == 1


@pytest.mark.parametrize(
    ("expected", "attended", "refused"),
    [("20", "25", True), ("20", "20", False), ("20余", "25", False), ("近20", "25", True), ("20", "约25", False)],
)
def test_no_more_members_attend_than_are_expected(editor, expected, attended, refused):
    response = type_figures(editor, "theme_day", {"expected": expected, "attended": attended})
    assert (response.status_code == 200) == refused
    if refused:
        assert "实到人数比应到人数多" in " ".join(errors(response).values())


def test_a_summary_has_no_figures_of_its_own(editor):
    response = type_figures(editor, "free_clinic", {"visits": "18694"}, nature="summary")
    assert "统计期间报数" in errors(response)["figures"]
    assert 'value="18694"' in response.content.decode()


def test_the_form_of_a_summary_asks_for_no_figures(editor, hospital):
    activity = make_activity(hospital, nature="summary")
    page = editor.get(reverse("admin:branches_activity_change", args=[activity.pk]))
    assert not page.context["inline_admin_formsets"][0].formset.rows
    assert "阶段汇总" in page.content.decode()


def test_an_emptied_figure_lets_an_activity_become_a_summary(editor, hospital):
    activity = make_activity(hospital, figures={"visits": "60"})
    assert change(editor, activity, nature="summary", **{"figures-0-quantity": ""}).status_code == 302
    activity.refresh_from_db()
    assert activity.is_summary


def test_a_reader_sees_the_figures_as_stated(client, hospital):
    client.force_login(make_user("final_reviewer", hospital))
    activity = make_activity(hospital, figures={"visits": "60余"})
    page = client.get(reverse("admin:branches_activity_change", args=[activity.pk])).content.decode()
    assert '60<span class="approx">余</span><small>人次</small>' in page
    assert 'name="figures-0-quantity"' not in page


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (
            {"text": "60余", "unit": "场次"},
            {"echo": "理解为：60以上（约数），显示为“60余场次”。", "warning": "", "error": ""},
        ),
        ({"text": "", "unit": "场"}, {"echo": "", "warning": "", "error": ""}),
    ],
)
def test_the_page_is_told_what_was_understood(editor, query, answer):
    assert editor.get("/admin/branches/activity/understand/", query).json() == answer


def test_the_page_is_told_what_was_not_understood(editor):
    answer = editor.get("/admin/branches/activity/understand/", {"text": "1.5", "unit": "人", "whole": "1"}).json()
    assert "不是整数" in answer["error"]


def test_strangers_are_told_nothing(client):
    assert client.get("/admin/branches/activity/understand/", {"text": "1"}).status_code == 302


# ── dates, relations ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"start": "2023-06-01", "end": "2023-05-01"}, "end", "结束日期早于开始日期"),
        ({"start": "", "end": "2023-06-01"}, "start", "请填写日期"),
        ({"start": str(timezone.localdate() + timedelta(days=2))}, "start", "活动日期还没到"),
        ({"title": ""}, "title", "必填"),
    ],
)
def test_what_cannot_be_is_refused_at_the_field(editor, typed, field, words):
    assert words in errors(add(editor, "free_clinic", **typed))[field]


def test_a_month_is_entered_by_any_of_its_days(editor):
    add(editor, "free_clinic", start="2023-06-15", precision="month")
    activity = Activity.objects.get()
    assert (activity.start, activity.end) == (date(2023, 6, 1), date(2023, 6, 30))


@pytest.mark.parametrize("field", ["branch", "brand", "initiative", "partners", "joint_branches"])
def test_what_is_of_another_hospital_is_refused_at_the_field(editor, field):
    foreign = {
        "branch": make_branch, "joint_branches": make_branch, "brand": make_brand, "initiative": make_initiative,
        "partners": make_partner,
    }[field]()  # fmt: skip
    response = add(editor, "free_clinic", **{field: foreign.pk})
    assert field in errors(response)
    assert str(foreign) not in response.content.decode()


@pytest.mark.parametrize("field", ["branch", "brand", "initiative", "partners", "joint_branches"])
def test_a_superuser_mixes_no_hospitals_either(admin_client, hospital, field):
    foreign = {
        "branch": make_branch, "joint_branches": make_branch, "brand": make_brand, "initiative": make_initiative,
        "partners": make_partner,
    }[field]()  # fmt: skip
    response = add(admin_client, "free_clinic", hospital=hospital.pk, **{field: foreign.pk})
    assert "另一家医院" in errors(response)[field]


def test_a_brand_of_another_branch_is_refused_at_the_field(editor, hospital):
    brand, host = make_brand(branch=make_branch(hospital)), make_branch(hospital)
    assert "另一个支部的品牌" in errors(add(editor, "free_clinic", branch=host.pk, brand=brand.pk))["brand"]


@pytest.mark.parametrize("how", ["host", "joint", "all", "whole hospital"])
def test_a_brand_of_a_branch_that_takes_part_is_accepted(editor, hospital, how):
    owner, host = make_branch(hospital), make_branch(hospital)
    brand = make_brand(hospital) if how == "whole hospital" else make_brand(branch=owner)
    typed = {"brand": brand.pk, "branch": owner.pk if how == "host" else host.pk}
    typed |= {"joint": {"joint_branches": [owner.pk]}, "all": {"all_branches": "on"}}.get(how, {})
    assert add(editor, "free_clinic", **typed).status_code == 302


def test_all_that_was_typed_is_saved(editor, hospital):
    branch, joint, partner = make_branch(hospital), make_branch(hospital), make_partner(hospital, name="人和小学")
    add(
        editor, "free_clinic", branch=branch.pk, joint_branches=[joint.pk], partners=[partner.pk], place="门诊大厅",
        story="<p>纪实</p><script>alert(1)</script>", tags="义诊、爱眼", host="张三", remarks="内部",
    )  # fmt: skip
    activity = Activity.objects.get()
    assert (activity.hospital, activity.branch, activity.place, activity.host) == (hospital, branch, "门诊大厅", "张三")
    assert (list(activity.joint_branches.all()), list(activity.partners.all())) == ([joint], [partner])
    assert (activity.story, sorted(activity.tags.names())) == ("<p>纪实</p>", ["义诊", "爱眼"])
    assert "人和小学" in activity.search_text


def test_a_filter_names_only_branches_of_the_own_hospital(editor, hospital):
    make_branch(hospital, name="本院支部"), make_branch(name="别院支部")
    page = editor.get(reverse("admin:branches_activity_changelist")).content.decode()
    assert "本院支部" in page
    assert "别院支部" not in page


def test_branches_are_offered_once_the_list_is_of_one_hospital(admin_client, hospital):
    make_branch(hospital, name="本院支部"), make_branch(name="别院支部")
    address = reverse("admin:branches_activity_changelist")
    assert "本院支部" not in admin_client.get(address).content.decode()
    page = admin_client.get(address, {"hospital__id__exact": hospital.pk}).content.decode()
    assert "本院支部" in page
    assert "别院支部" not in page


# ── photos ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def picture(size=(64, 48), name="a.jpg", form="JPEG") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", size, "white").save(file, form)
    return SimpleUploadedFile(name, file.getvalue())


def huge_png() -> SimpleUploadedFile:
    """Eighty megapixels of one colour: a small file, a quarter of a gigabyte when decoded."""
    file = BytesIO()
    Image.new("1", (10_000, 8_000)).save(file, "PNG")
    return SimpleUploadedFile("a.png", file.getvalue())


def test_a_photo_is_kept_with_its_caption_and_consent(editor):
    typed = {"photos-0-image": picture(), "photos-0-caption": "义诊现场", "photos-0-consent": "no_person"}
    assert add(editor, "free_clinic", **typed).status_code == 302
    photo = ActivityPhoto.objects.get()
    assert (photo.caption, photo.consent, photo.width) == ("义诊现场", "no_person", 64)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (lambda: SimpleUploadedFile("病毒.jpg", b"MZ" + b"0" * 100), "不是能识别的图片"),
        (lambda: SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * (30 * 1024 * 1024)), "超过20MB的上限"),
        (huge_png, "尺寸太大"),
    ],
    ids=["program", "30 MB", "80 megapixels"],
)
def test_what_is_no_usable_photo_is_refused_at_the_field(editor, file, words):
    response = add(editor, "free_clinic", **{"photos-0-image": file(), "photos-0-caption": "说明"})
    assert words in errors(response)["photos-0-image"]
    assert 'value="说明"' in response.content.decode()


def test_a_photo_that_has_to_be_chosen_again_says_so(editor):
    page = add(editor, "free_clinic", title="", **{"photos-0-image": picture()}).content.decode()
    assert page.count("照片需要重新选择") == 1


def test_a_form_without_a_photo_says_nothing_of_it(editor):
    assert "照片需要重新选择" not in add(editor, "free_clinic", title="").content.decode()


def test_a_saved_photo_is_shown_small_and_can_be_removed(editor, hospital):
    add(editor, "free_clinic", **{"photos-0-image": picture()})
    activity = Activity.objects.get()
    address = reverse("admin:branches_activity_change", args=[activity.pk])
    assert f'<img class="thumbnail" src="{activity.photos.get().url_at(480)}"' in editor.get(address).content.decode()
    change(editor, activity, **{"photos-0-DELETE": "on"})
    assert not ActivityPhoto.objects.exists()


def test_a_reader_sees_the_photo(editor, hospital):
    add(editor, "free_clinic", **{"photos-0-image": picture()})
    editor.force_login(make_user("final_reviewer", hospital))
    activity = Activity.objects.get()
    page = editor.get(reverse("admin:branches_activity_change", args=[activity.pk])).content.decode()
    assert f'<img class="thumbnail" src="{activity.photos.get().url_at(480)}"' in page


def test_the_caption_of_a_photo_is_found(editor):
    add(editor, "free_clinic", **{"photos-0-image": picture(), "photos-0-caption": "银杏树下"})
    assert "银杏树下" in Activity.objects.get().search_text


# ── branches, brands, initiatives, announced numbers, kinds ───────────────────────────────────────────────────────────


def test_a_branch_needs_no_address_typed(client, hospital):
    client.force_login(make_user("manager", hospital))
    address = reverse("admin:branches_branch_add")
    for name, number in (("第五支部", 5), ("第五联合支部", 5), ("离退休支部", "")):
        client.post(address, posted(client.get(address), name=name, number=number))
    assert set(Branch.objects.values_list("slug", flat=True)) == {"branch-5", "branch-5-2", "branch"}


def test_the_address_of_a_branch_stays(client, hospital):
    client.force_login(make_user("manager", hospital))
    branch = make_branch(hospital, slug="b5")
    address = reverse("admin:branches_branch_change", args=[branch.pk])
    client.post(address, posted(client.get(address), slug="anders", name="新名"))
    branch.refresh_from_db()
    assert (branch.slug, branch.name) == ("b5", "新名")


def test_a_second_current_brand_of_a_branch_is_refused_in_chinese(editor, hospital):
    branch = make_branch(hospital)
    make_brand(branch=branch)
    address = reverse("admin:branches_brand_add")
    response = editor.post(address, posted(editor.get(address), name="又一个", branch=branch.pk))
    assert "已有现用品牌" in response.content.decode()


def test_an_emblem_is_kept_and_can_be_taken_away(editor, hospital):
    address = reverse("admin:branches_brand_add")
    editor.post(address, posted(editor.get(address), name="品牌", emblem=picture()))
    brand = Brand.objects.get()
    assert brand.emblem
    address = reverse("admin:branches_brand_change", args=[brand.pk])
    editor.post(address, posted(editor.get(address)) | {"emblem-clear": "on"})
    brand.refresh_from_db()
    assert not brand.emblem


def test_an_initiative_has_figures_as_stated(editor, hospital):
    initiative = make_initiative(hospital)
    address = reverse("admin:branches_initiative_change", args=[initiative.pk])
    typed = {"figures-0-label": "志愿服务", "figures-0-quantity": "不少于50", "figures-0-unit": "小时"}
    editor.post(address, posted(editor.get(address)) | typed)
    assert InitiativeFigure.objects.get().as_stated == "不少于50"


def test_announced_numbers_are_typed_as_they_were_announced(editor, hospital):
    report, measure = make_report(hospital), Measure.objects.get(slug="visits")
    address = reverse("admin:branches_periodreport_change", args=[report.pk])
    editor.post(address, posted(editor.get(address)) | {"figures-0-measure": measure.pk, "figures-0-quantity": "18694"})
    assert PeriodFigure.objects.get().value == 18694


@pytest.mark.parametrize(("whose", "accepted"), [("own", True), ("other", False)])
def test_a_number_is_part_only_of_one_in_the_same_report(editor, hospital, whose, accepted):
    report, measure = make_report(hospital), Measure.objects.get(slug="sessions")
    whole = PeriodFigure.objects.create(
        report=report if whose == "own" else make_report(hospital),
        measure=measure,
        label="整个数",
        value=60,
        as_stated="60",
    )
    address = reverse("admin:branches_periodreport_change", args=[report.pk])
    free = report.figures.count()
    typed = {
        f"figures-{free}-measure": measure.pk,
        f"figures-{free}-quantity": "12",
        f"figures-{free}-subset_of": whole.pk,
    }
    page = editor.get(address)
    assert ("整个数" in page.content.decode()) == accepted
    response = editor.post(address, posted(page) | typed)
    assert PeriodFigure.objects.filter(subset_of=whole).exists() == accepted
    if not accepted:
        assert f"figures-{free}-subset_of" in errors(response)


def test_a_number_belongs_to_no_activity_of_another_hospital(admin_client, hospital):
    report, measure = make_report(hospital), Measure.objects.get(slug="sessions")
    foreign = make_activity(nature="summary")
    address = reverse("admin:branches_periodreport_change", args=[report.pk])
    typed = {"figures-0-measure": measure.pk, "figures-0-quantity": "12", "figures-0-activity": foreign.pk}
    response = admin_client.post(address, posted(admin_client.get(address)) | typed)
    assert "另一家医院" in errors(response)["figures-0-activity"]


def test_the_lines_of_a_report_ask_for_their_choices_once(editor, hospital, django_assert_max_num_queries):
    report, measure = make_report(hospital), Measure.objects.get(slug="sessions")
    for number in range(20):
        PeriodFigure.objects.create(report=report, measure=measure, value=number, as_stated=str(number))
    address = reverse("admin:branches_periodreport_change", args=[report.pk])
    editor.get(address)
    with django_assert_max_num_queries(30):
        editor.get(address)


def test_the_slug_of_a_kind_never_changes(admin_client):
    kind = ActivityKind.objects.get(slug="contest")
    address = reverse("admin:branches_activitykind_change", args=[kind.pk])
    admin_client.post(address, posted(admin_client.get(address)) | {"slug": "anders", "name": "比赛与表彰"})
    kind.refresh_from_db()
    assert (kind.slug, kind.name) == ("contest", "比赛与表彰")


@pytest.mark.parametrize("role", ["reporter", "final_reviewer", "manager"])
@pytest.mark.parametrize("name", ["activitykind", "measure"])
def test_the_controlled_lists_are_the_platforms(client, hospital, role, name):
    client.force_login(make_user(role, hospital))
    assert client.get(reverse(f"admin:branches_{name}_add")).status_code == 403
