"""The demo content: what load_demo promises, and the traps of the five reports it was made from."""

import copy
import hashlib
import os
import re
import stat
from datetime import date
from functools import partial
from io import StringIO

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils.html import strip_tags

from articles.demo import accounts, content, pictures
from articles.demo.loader import load
from articles.models import Article, ArticlePhoto
from branches.models import (
    Activity,
    ActivityPhoto,
    Branch,
    Brand,
    Figure,
    Initiative,
    InitiativeFigure,
    PeriodFigure,
    PeriodReport,
)
from branches.periods import Precision
from hospitals.models import Hospital, HospitalFigure, User
from publishing.images import rendition_name

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
FIGURES = (HospitalFigure, Figure, InitiativeFigure, PeriodFigure)
PUBLISHED = (Activity, Brand, Initiative, PeriodReport, Article)
APPS = ("hospitals", "branches", "articles", "taggit")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def demo(folder, django_db_setup, django_db_blocker):
    """The texts of the demo, loaded once for this file."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.delenv("DEMO_PASSWORD", raising=False)
        run(folder, no_pictures=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def no_password_from_outside(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


def run(folder, **options) -> str:
    output = StringIO()
    with override_settings(DEBUG=True, VAR_DIR=folder):
        call_command("load_demo", stdout=output, **options)
    return output.getvalue()


def every_row() -> dict[str, tuple[int, str]]:
    """The count and a digest of each table, every column and link included."""
    tables = {}
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        rows = sorted(map(repr, model._base_manager.values_list()))
        tables[model._meta.db_table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return tables


# ---- loading


def test_it_refuses_outside_a_trial_site(tmp_path):
    with override_settings(DEBUG=False, VAR_DIR=tmp_path), pytest.raises(CommandError, match="只能装入试用环境"):
        call_command("load_demo")


def test_loading_twice_changes_nothing(demo, folder):
    before = every_row()
    run(folder, no_pictures=True)
    assert every_row() == before


def test_what_an_editor_changed_stays_as_it_is(demo, folder):
    Activity.objects.filter(title="第二支部开展义诊服务").update(summary="改过的内容")
    run(folder, no_pictures=True)
    assert Activity.objects.get(title="第二支部开展义诊服务").summary == "改过的内容"


def test_a_record_that_is_missing_comes_back(demo, folder):
    Article.objects.get(title="力量，在党旗下凝聚").delete()
    run(folder, no_pictures=True)
    assert Article.objects.public().get(title="力量，在党旗下凝聚").activities.count() == 37


@pytest.mark.parametrize("hospital", content.hospitals(), ids=content.HOSPITALS)
@pytest.mark.parametrize(("table", "key"), [("activity", "title"), ("initiative", "name"), ("article", "title")])
def test_the_natural_keys_of_the_files_are_unique(hospital, table, key):
    names = [entry[key] for entry in hospital[table]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("model", "count"), [(Hospital, 4), (Branch, 10), (Brand, 8), (Activity, 113), (Initiative, 58), (Article, 5)]
)
def test_everything_the_reports_tell_is_there(demo, model, count):
    assert model.objects.count() == count


def test_all_figures_are_there_each_in_one_place(demo):
    assert sum(model.objects.count() for model in FIGURES) == 48


def test_each_mechanism_is_an_initiative_or_the_hospital_brand(demo):
    more_than_the_reports_list = {"医德医风专项教育整治"}
    names = {(row.hospital_id, row.name) for row in Initiative.objects.exclude(name__in=more_than_the_reports_list)}
    names |= {(row.hospital_id, row.name) for row in Brand.objects.filter(branch=None)}
    assert len(names) == 58


@pytest.mark.parametrize("model", PUBLISHED)
def test_every_record_is_published(demo, model):
    assert model.objects.public().count() == model.objects.count() > 0


@pytest.mark.parametrize("model", [*PUBLISHED, *FIGURES, Hospital, Branch])
def test_every_record_passes_the_checks_of_its_form(demo, model):
    for record in model.objects.all():
        record.full_clean()


def test_every_search_text_is_up_to_date(demo):
    stale = [
        record
        for model in (Hospital, Branch, Brand, Initiative, Activity, PeriodReport, Article)
        for record in model.objects.all()
        if record.search_text != record.build_search_text()
    ]
    assert not stale


def test_running_numbers_follow_the_dates(demo):
    dated = Activity.objects.filter(start__year=2023, hospital__code="WN2").order_by("reference")
    assert [row.reference for row in dated] == [f"WN2-2023-{number:04d}" for number in range(1, 9)]
    assert [row.start for row in dated] == sorted(row.start for row in dated)


# ---- accounts


def test_each_role_has_an_account_in_its_hospital_only(demo):
    held = {
        (membership.user.username, membership.hospital.code, membership.role)
        for user in User.objects.filter(is_superuser=False)
        for membership in user.memberships.all()
    }
    assert held == {
        ("wn-reporter", "WN2", "reporter"),
        ("wn-reviewer1", "WN2", "first_reviewer"),
        ("wn-reviewer2", "WN2", "second_reviewer"),
        ("wn-reviewer3", "WN2", "final_reviewer"),
        ("wn-exporter", "WN2", "exporter"),
        ("wn-manager", "WN2", "manager"),
        ("jn-reporter", "JN3", "reporter"),
        ("jn-reviewer1", "JN3", "first_reviewer"),
        ("jn-reviewer2", "JN3", "second_reviewer"),
        ("jn-reviewer3", "JN3", "final_reviewer"),
        ("jn-manager", "JN3", "manager"),
    }


def test_only_the_administrator_is_a_superuser(demo):
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]


def test_the_reporter_of_a_hospital_wrote_its_records(demo):
    writers = Activity.objects.values_list("hospital__code", "created_by__username")
    assert set(writers) == {("JN3", "jn-reporter"), ("JX", "admin"), ("WN2", "wn-reporter"), ("WS", "admin")}


def test_every_account_opens_with_the_password_of_the_file(demo, folder):
    password = (folder / "demo_password").read_text().strip()
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
    assert all(user.check_password(password) and user.is_staff for user in User.objects.all())


def test_only_the_owner_can_read_the_password_file(demo, folder):
    assert stat.S_IMODE(os.stat(folder / "demo_password").st_mode) == 0o600


def test_the_accounts_are_printed_with_role_hospital_and_password(demo, folder):
    lines = run(folder, no_pictures=True).splitlines()
    password = (folder / "demo_password").read_text().strip()
    assert ["wn-reviewer1", "初审", "渭南市第二医院", password] in [line.split() for line in lines]


def test_a_password_somebody_chose_is_kept_and_not_shown_as_ours(demo, folder):
    user = User.objects.get(username="wn-manager")
    user.set_password("我自己的密码2026")
    user.save()
    output = run(folder, no_pictures=True)
    user.refresh_from_db()
    assert user.check_password("我自己的密码2026")
    assert re.search(r"wn-manager .*另设过", output)


@pytest.mark.parametrize("options", [{}, {"if_empty": True}])
def test_demo_password_sets_every_account_anew(demo, tmp_path, monkeypatch, options):
    monkeypatch.setenv("DEMO_PASSWORD", "xin-mima-2026")
    output = run(tmp_path, no_pictures=True, **options)
    assert all(user.check_password("xin-mima-2026") for user in User.objects.all())
    assert "xin-mima-2026" in output


def test_if_empty_loads_nothing_into_a_site_with_hospitals(demo, folder):
    Article.objects.all().delete()
    run(folder, if_empty=True)
    assert not Article.objects.exists()


def test_if_empty_shows_the_accounts_in_one_line(demo, folder):
    password = (folder / "demo_password").read_text().strip()
    (line,) = run(folder, if_empty=True).splitlines()
    assert all(account.username in line for account in accounts.ACCOUNTS)
    assert line.endswith(password)


# ---- names, places and search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("兖州", ["济宁市第三人民医院"]),
        ("济宁市兖州区人民医院", ["济宁市第三人民医院"]),
        ("第三人民医院", ["济宁市第三人民医院"]),
        ("眼科医院", ["渭南市第二医院"]),
        ("市二院", ["渭南市第二医院"]),
        ("县医院", ["微山县人民医院", "金乡县人民医院"]),
    ],
)
def test_a_hospital_is_found_once_by_any_of_its_names(demo, client, query, found):
    response = client.get(reverse("hospital_list"), {"q": query})
    assert [hospital.name for hospital in response.context["hospitals"]] == found


def test_a_county_lies_in_its_city_and_province(demo):
    assert Hospital.objects.get(code="JX").region.full_name == "山东省济宁市金乡县"


def test_the_same_service_point_may_belong_to_two_hospitals(demo):
    assert Initiative.objects.filter(name="红帆驿站").count() == 2


def test_announced_branches_and_entered_branches_are_told_apart(demo):
    stated = {row.code: (row.stated_branches, row.branches.count()) for row in Hospital.objects.all()}
    assert stated == {"JN3": ("22", 3), "JX": ("", 0), "WN2": ("7", 7), "WS": ("5＋1", 0)}


# ---- numbers


@pytest.mark.parametrize(
    ("model", "label", "shown"),
    [
        (HospitalFigure, "干部职工", "1,500余名"),
        (HospitalFigure, "党员", "348名"),
        (PeriodFigure, "累计志愿服务时长", "2万余小时"),
        (PeriodFigure, "志愿活动", "60余场"),
        (PeriodFigure, "乡村社区义诊", "193场"),
        (PeriodFigure, "义诊惠及群众", "18,694人次"),
        (PeriodFigure, "近视防控知识讲座", "12场"),
        (PeriodFigure, "近视筛查学校", "10所"),
        (PeriodFigure, "近视筛查儿童青少年", "2,570人"),
        (Figure, "累计服务家庭", "几百个"),
        (Figure, "服务范围（周边）", "数十公里"),
        (Figure, "参加科室", "10余个"),
        (Figure, "脊柱外科手术量较去年同期增长", "30%以上"),
        (Figure, "青年职工志愿服务目标", "不少于50小时/年"),
    ],
)
def test_a_number_is_shown_as_it_was_stated(demo, model, label, shown):
    figure = model.objects.get(label=label)
    assert figure.quantity.display(figure.unit_text) == shown


def test_the_lectures_are_part_of_the_volunteering(demo):
    lectures = PeriodFigure.objects.get(label="近视防控知识讲座")
    assert lectures.subset_of.label == "志愿活动"


def test_the_page_of_the_fifth_branch_shows_60_and_never_72(demo, client):
    page = strip_tags(client.get("/hospitals/weinan-shi-dier-yiyuan/branches/di-wu-zhibu/").content.decode())
    assert "60余" in page
    assert "72" not in page


def test_announced_numbers_are_not_recorded_a_second_time(demo):
    assert not Figure.objects.filter(activity__nature=Activity.Nature.SUMMARY).exists()


def test_the_half_year_finds_its_summaries_and_the_day_within(demo, client):
    filters = {"hospital": "weinan-shi-dier-yiyuan", "branch": "di-wu-zhibu", "period": "2023H1"}
    titles = {row.title for row in client.get(reverse("activity_list"), filters).context["page"]}
    assert {"第五支部走进人和小学宣讲眼健康知识", "第五支部2023年上半年下乡进社区义诊"} <= titles


def test_a_telephone_number_is_no_quantity(demo, client):
    page = client.get("/hospitals/jinxiang-xian-renmin-yiyuan/").content.decode()
    assert 'href="tel:8722000"' in page
    assert "8,722,000" not in page


def test_undated_activities_come_last(demo):
    precisions = [row.precision for row in Activity.objects.newest_first()]
    first = precisions.index(Precision.UNKNOWN)
    assert first > 10
    assert set(precisions[first:]) == {Precision.UNKNOWN}


# ---- what must not be said


@pytest.mark.parametrize("name", content.HOSPITALS)
def test_no_patient_or_private_person_can_be_recognised(name):
    text = (content.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    persons = re.findall(r"[\u4e00-\u9fff](?:先生|女士|大爷|大妈|奶奶|爷爷)", text)
    names = re.findall("魏改梅|贾淑贤|王坤立|两城镇", text)
    illnesses = re.findall("癌|泪道|透析|玻璃体|晚期|去世|病逝", text)
    assert not persons + names + illnesses


@pytest.mark.parametrize("name", content.HOSPITALS)
def test_nothing_internal_about_persons_is_told(name):
    text = (content.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert not re.findall("通报批评|缺席|扣分|约谈", text)


@pytest.mark.parametrize("label", ["患者年龄", "诊疗次数", "手术时长", "抢救用时", "手术级别"])
def test_numbers_about_a_patient_stay_inside(demo, label):
    figures = Figure.objects.filter(label__startswith=label)
    assert figures
    assert all(figure.is_internal for figure in figures)


def test_a_publisher_that_was_only_guessed_is_not_named(demo):
    assert Article.objects.get(title="党建引领有力度，医疗服务有温度").publisher == ""


# ---- pages


def test_every_initiative_is_on_its_owners_page(demo, client):
    pages = {}
    for initiative in Initiative.objects.all():
        url, anchor = initiative.get_absolute_url().split("#")
        if url not in pages:
            pages[url] = client.get(url).content.decode()
        assert f'id="{anchor}"' in pages[url]
        assert initiative.name in pages[url]


def test_the_report_with_a_date_leads_the_front_page(demo, client):
    assert client.get("/").context["articles"][0].title == "力量，在党旗下凝聚"


def test_every_article_opens(demo, client):
    pages = [client.get(article.get_absolute_url()) for article in Article.objects.all()]
    assert [page.status_code for page in pages] == [200] * 5


def test_a_body_has_the_headings_lists_and_quotations_of_the_file(demo):
    article = Article.objects.get(title="力量，在党旗下凝聚")
    assert "<h2>信念 前进的源泉</h2>" in article.body
    assert "<li><p>第五支部（眼科支部）：先锋志愿做引领科普宣讲惠百姓</p></li>" in article.body
    assert "<blockquote><p>说学马上行动</p><p>——第一支部书记邓维泉</p></blockquote>" in article.body


def test_tags_and_bylines_stand_in_the_order_of_the_report(demo):
    article = Article.objects.get(title="肩扛健康重任，凝心聚力为民服务")
    assert [tag.name for tag in article.tags.all()][:3] == ["党建引领", "医德医风", "第一议题"]
    assert article.credits == ["记者 郭纪轩", "通讯员 王倩"]


def test_an_activity_is_tied_to_all_it_belongs_to(demo):
    activity = Activity.objects.get(title="第六支部到丰原镇卫生院指导医技工作")
    assert activity.branch.name == "第六支部（医技支部）"
    assert activity.brand.branch == activity.branch
    assert activity.initiative.name == "线上+线下"
    assert [partner.name for partner in activity.partners.all()] == ["临渭区丰原镇卫生院"]
    assert [kind.slug for kind in activity.further_kinds.all()] == ["volunteer"]
    assert [article.title for article in activity.articles.all()] == ["力量，在党旗下凝聚"]


def test_an_activity_names_the_report_it_was_told_in(demo):
    activity = Activity.objects.get(title="第五支部走进人和小学宣讲眼健康知识")
    assert activity.source == "《力量，在党旗下凝聚》，渭南青年网 2023年8月13日"
    assert activity.start == date(2023, 6, 1)


# ---- pictures


def a_copy_of_the_smallest_hospital() -> dict:
    """Under other natural keys, so that it is new whatever is loaded."""
    hospital = copy.deepcopy(content.hospitals()[0])
    hospital["hospital"] |= {"slug": "copy", "code": "COPY", "name": "副本医院"}
    return hospital


@pytest.fixture
def small_pictures(monkeypatch):
    monkeypatch.setattr(pictures, "SIZE", (600, 400))
    pictures._drawn.cache_clear()
    yield
    pictures._drawn.cache_clear()


def load_copy(photos) -> Hospital:
    users = {accounts.ADMINISTRATOR: User.objects.create(username="publisher", is_superuser=True)}
    load([a_copy_of_the_smallest_hospital()], office_of=partial(accounts.open_office, users=users), photos=photos)
    return Hospital.objects.get(slug="copy")


def test_pictures_are_in_their_records_and_their_places(db, small_pictures):
    hospital = load_copy([])
    (article,) = hospital.articles.all()
    shown = [block["photo"].caption for block in article.blocks if "photo" in block]
    assert shown == [photo["caption"] for photo in a_copy_of_the_smallest_hospital()["article"][0]["photos"]]
    assert ActivityPhoto.objects.filter(activity__hospital=hospital).count() == 6


def test_pictures_go_through_the_pipeline_of_uploads(db, small_pictures):
    load_copy([])
    photo = ArticlePhoto.objects.last()
    assert photo.image.name.startswith("pictures/")
    assert default_storage.exists(rendition_name(photo.image.name, 480))


def test_the_files_go_again_when_the_load_fails(db, small_pictures):
    with pytest.raises(RuntimeError), pictures.taken_back_on_failure() as photos:
        load_copy(photos)
        raise RuntimeError
    files = [name for photo in photos for name in (photo.image.name, rendition_name(photo.image.name, 480))]
    assert len(files) == 20
    assert not [name for name in files if default_storage.exists(name)]
