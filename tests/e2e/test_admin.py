"""The admin in a browser: under the strict Content-Security-Policy (the ``page`` fixture listens), on a desk and on a phone."""

from collections.abc import Iterator

import pytest

from articles.models import Article, ReceivedReport
from hospitals.models import Hospital
from tests.e2e.conftest import WIDTHS, keep_picture, sign_in
from tests.e2e.test_accessibility import ANY_RULE, faults, reader
from tests.factories import make_article

pytestmark = pytest.mark.any_database

PATHS = {
    "login": "login/",
    "workbench": "",
    "kinds": "branches/activity/add/",
    "activity": "branches/activity/add/?kind=free_clinic",
    "activities": "branches/activity/",
    "article": "articles/article/add/",
    "articles": "articles/article/",
    "brand": "branches/brand/add/",
    "report": "branches/periodreport/add/",
    "hospital": "hospitals/hospital/",
    "user": "hospitals/user/add/",
    "password": "password_change/",
    "ledger": "branches/activity/ledger/?year=2023",
    "printed ledger": "branches/activity/ledger/print/",
    "duties": "branches/obligation/board/",
    "printed duties": "branches/obligation/board/print/",
    "obligation": "branches/obligation/add/",
    "exemption": "branches/exemption/add/",
    "frozen ledgers": "branches/frozenledger/",
    "freeze a ledger": "branches/frozenledger/add/?year=2023",
    "pack": "branches/activity/pack/?year=2023&hospital=1",
    "statistics": "branches/activity/statistics/?by=branch&unpublished=1",
    "printed statistics": "branches/activity/statistics/print/?by=month",
    "ledger behind a number": "branches/activity/ledger/?counted=1&joint=1",
    "reconciliation": "branches/activity/reconciliation/",
    "report sent in": "articles/article/intake/",
    "article of an activity": "articles/article/of-activity/1/",
}

# Each stands in the place of its field, once its script has run.
EDITORS_ARE_THERE = """() => [...document.querySelectorAll('textarea')]
    .filter(one => Object.keys(one.dataset).some(name => name.startsWith('djangoProseEditor')) && !one.id.includes('__prefix__'))
    .every(one => one.closest('.prose-editor'))"""


def walk(page, site: str, paths=PATHS) -> Iterator[str]:
    """Each of the pages in turn, by name; as whoever sees everything, once one has signed in."""
    for name, path in paths.items():
        if name == "workbench":
            sign_in(page, site, "admin")
        page.goto(f"{site}/admin/{path}")
        page.wait_for_function(EDITORS_ARE_THERE)
        yield name


@pytest.fixture
def new_article(page, site):
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/articles/article/add/")
    page.locator(".prose-menubar button").first.wait_for()
    return page


def test_no_page_is_wider_than_its_window(page, site):
    wide = []
    for name in walk(page, site):
        for width in (*WIDTHS.values(), 320):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((name, width))
        keep_picture(page, f"admin-{name}")
    assert not wide


#: What a desk shows in another way than a phone does, and not only wider.
LOOKED_AT_TWICE = {
    "login",
    "workbench",
    "activities",
    "articles",
    "activity",
    "article",
    "draft of a report",
    "review",
    "handing in",
}


def test_no_page_shuts_anybody_out(browser, site):
    """What axe finds: names of inputs, contrast, order of headings. It asks for style sheets in its own way: nobody listens."""
    draft = draft_of_a_report()
    of_draft = {"draft of a report": "change/", "review": "review/", "handing in": "step/submit/"}
    paths = PATHS | {name: f"articles/article/{draft.pk}/{path}" for name, path in of_draft.items()}
    wrong = {}
    with reader(browser, site) as page:
        for name in walk(page, site, paths):
            for label, width in WIDTHS.items():
                if label == "phone" or name in LOOKED_AT_TWICE:
                    page.set_viewport_size({"width": width, "height": 900})
                    wrong[name, label] = faults(page, ANY_RULE)
    assert not {where: found for where, found in wrong.items() if found}


def draft_of_a_report() -> Article:
    """Without a text, and with something in it that may not become public: there is much to say of it."""
    hospital = Hospital.objects.get(slug="weinan-shi-dier-yiyuan")
    draft = make_article(hospital, title="到人和小学义诊，联系13812345678", body="")
    ReceivedReport.objects.create(
        article=draft, name="来稿.txt", file="来稿.txt",
        suggestions={"hospital": "渭南市第二医院"}, not_understood=["第3段像小标题，没有当小标题。"],
    )  # fmt: skip
    return draft


#: where the cursor is to be, whatever has taken the place of the field
FIELDS = {
    "正文": ".field-body .ProseMirror",
    "标题": "#id_title",
    "文中支部": ".field-branches",
    "署名": "#id_bylines-0-name",
}
#: whether what holds it lies under nothing else
IS_IN_SIGHT = """() => {
    const field = document.activeElement, box = field.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + 8, box.top + Math.min(box.height / 2, 20));
    return Boolean(top) && (field.contains(top) || top.contains(field));
}"""


def test_what_is_said_of_a_field_leads_into_it(page, site):
    """On a phone, whatever has taken the place of the field, and not under the bar that stays at the foot."""
    draft = draft_of_a_report()
    sign_in(page, site, "wn-reporter")
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 844})
    hidden = []
    for label, field in FIELDS.items():
        page.goto(f"{site}/admin/articles/article/{draft.pk}/step/submit/")
        page.locator(".findings").get_by_role("link", name=label, exact=True).click()
        page.locator(f"{field}:focus, {field} :focus").first.wait_for()
        if not page.evaluate(IS_IN_SIGHT):
            hidden.append(label)
    assert not hidden
    # The same before anything is saved.
    page.locator("#id_lede").fill("联系13987654321")
    page.get_by_role("button", name="检查", exact=True).click()
    page.locator(".typed-checks").get_by_role("link", name="导语", exact=True).click()
    page.locator("#id_lede:focus").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())


def test_on_a_phone_what_is_ticked_is_dealt_with_at_the_thumb(page, site):
    make_article(Hospital.objects.get(slug="weinan-shi-dier-yiyuan"), title="社区里的护眼课")
    sign_in(page, site, "wn-reporter")
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 844})
    page.goto(f"{site}/admin/articles/article/")
    assert not page.locator(".actions").is_visible()
    page.locator("tr", has_text="社区里的护眼课").locator(".tick").click()
    bar = page.locator(".actions").bounding_box()
    assert round(bar["y"] + bar["height"]) == 844
    page.locator(".all-lists summary").click()
    assert page.get_by_role("link", name="党支部", exact=True).first.is_visible()


def test_the_buttons_of_the_editor_speak_chinese(new_article):
    titles = new_article.locator(".prose-menubar button").evaluate_all("all => all.map(one => one.title)")
    assert {"小标题", "加粗", "插入表格", "撤销", "插入照片"} <= set(titles)
    assert all(title and not title.isascii() for title in titles)


def test_the_dialogs_of_the_editor_speak_chinese_and_work(new_article):
    new_article.locator(".field-body [data-name=table]").click()
    dialog = new_article.locator(".prose-editor-dialog")
    assert dialog.locator("label").all_inner_texts() == ["行数", "列数", "第一行作表头"]
    dialog.locator("select").select_option(label="是")
    dialog.get_by_role("button", name="插入表格").click()
    assert new_article.locator(".field-body .ProseMirror th").count() == 3


def test_a_figure_says_while_it_is_typed_what_is_understood(page, site):
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/branches/activity/add/?kind=free_clinic")
    page.get_by_label("服务人次").fill("2万余")
    page.get_by_text("理解为：20,000以上（约数），显示为“2万余人次”。").wait_for()


def test_a_partner_is_added_without_leaving_the_form(page, site):
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/branches/activity/add/?kind=free_clinic")
    with page.expect_popup() as opened:
        page.locator("#add_id_partners").click()
    opened.value.get_by_label("名称").fill("新的合作单位")
    opened.value.get_by_role("button", name="保存").click()
    page.locator(".field-partners .select2-selection__choice", has_text="新的合作单位").wait_for()
    page.evaluate("document.querySelector('form#activity_form').remove()")  # nothing to lose: leave without being asked


def test_words_to_remind_with_are_copied_by_a_button(page, site):
    page.context.grant_permissions(["clipboard-write"], origin=site)  # where nobody can be asked, nobody may
    sign_in(page, site, "wn-manager")
    page.goto(f"{site}/admin/branches/obligation/board/")
    page.get_by_role("button", name="复制").first.click()
    page.get_by_text("已复制").wait_for()


def test_the_form_can_be_used_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/branches/activity/add/")
    page.get_by_role("link", name="义诊").click()
    page.get_by_label("活动主题").fill("没有脚本也能填")
    page.get_by_label("开始日期").fill("2023-06-01")
    page.get_by_label("服务人次").fill("60余")
    page.get_by_role("button", name="保存草稿").click()
    assert "已存为草稿" in page.locator(".messagelist").inner_text()
    context.close()
