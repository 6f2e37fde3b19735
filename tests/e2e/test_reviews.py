"""One article from draft to public: returned once, revised once, withdrawn; each step by the person whose step it is."""

import re

from articles.models import Article
from tests.e2e.conftest import admin_address, approve, hand_in, keep_picture, sign_in, sign_out
from tests.factories import make_article

TITLE = "把眼科门诊开到村口"
FIRST_TEXT = "六月的一个早晨，医生把视力表挂在了村委会的墙上，看了60余人次。"
SECOND_TEXT = "六月的一个早晨，医生把视力表挂在了村委会的墙上，看了72人次。"


def as_(page, site: str, name: str) -> None:
    sign_out(page)
    sign_in(page, site, name)


def public_text(page, site: str, article) -> str | None:
    """What a stranger reads at the article's address; None where there is nothing."""
    sign_out(page)
    answer = page.request.get(site + article.get_absolute_url())
    return answer.text() if answer.ok else None


def write_body(page, text: str) -> None:
    editor = page.locator(".ProseMirror").first
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def save(page) -> None:
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_load_state()


def return_with(page, reason: str) -> None:
    page.locator("summary", has_text="退回").click()
    page.get_by_label("原因").fill(reason)
    page.get_by_role("button", name="确定退回").click()
    page.wait_for_load_state()


def pass_all_reviews(page, site: str, record) -> None:
    for reviewer in ("wn-reviewer1", "wn-reviewer2", "wn-reviewer3"):
        as_(page, site, reviewer)
        approve(page, site, record)


def test_an_article_goes_its_whole_way(page, site):
    # The writer writes and hands in.
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/articles/article/add/")
    page.locator("#id_title").fill(TITLE)
    write_body(page, FIRST_TEXT)
    save(page)
    article = Article.objects.get(title=TITLE)
    hand_in(page, site, article)
    assert public_text(page, site, article) is None

    # The first reviewer finds it on the desk and returns it.
    as_(page, site, "wn-reviewer1")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    assert FIRST_TEXT in page.frame_locator("iframe").get_by_role("main").inner_text()
    keep_picture(page, "review")
    return_with(page, "请补上副题")

    # The writer reads why, mends it and hands it in again.
    as_(page, site, "wn-reporter")
    assert "请补上副题" in page.get_by_role("main").inner_text()
    keep_picture(page, "workbench-of-a-writer")
    page.goto(f"{site}{admin_address(article)}change/")
    page.locator("#id_subtitle").fill("渭南市第二医院医生下乡")
    save(page)
    hand_in(page, site, article)

    # Three reviews, each by another person.
    pass_all_reviews(page, site, article)
    text = public_text(page, site, article)
    assert FIRST_TEXT in text
    assert "渭南二院 初审" in text

    # The writer revises it: the public goes on reading the first text until the last approval.
    as_(page, site, "wn-reporter")
    page.goto(f"{site}{admin_address(article)}change/")
    page.get_by_role("link", name="修订", exact=True).click()
    page.get_by_role("button", name="修订").click()
    page.wait_for_load_state()
    copy = Article.objects.get(working_copy_of=article)
    write_body(page, SECOND_TEXT)
    save(page)
    hand_in(page, site, copy)
    assert public_text(page, site, article) == text
    for reviewer in ("wn-reviewer1", "wn-reviewer2"):
        as_(page, site, reviewer)
        approve(page, site, copy)
        assert public_text(page, site, article) == text
    as_(page, site, "wn-reviewer3")
    page.goto(f"{site}{admin_address(copy)}review/")
    assert "60余" in page.locator("del").all_inner_texts()[0]
    keep_picture(page, "review-of-a-revision")
    approve(page, site, copy)
    revised = public_text(page, site, article)
    assert SECOND_TEXT in revised
    assert FIRST_TEXT not in revised

    # Staff can still open what was public before.
    as_(page, site, "wn-manager")
    page.goto(f"{site}{admin_address(article)}versions/1/")
    assert FIRST_TEXT in page.get_by_role("main").inner_text()
    keep_picture(page, "first-version")

    # The manager withdraws it, with a reason; it is gone at once.
    page.goto(f"{site}{admin_address(article)}change/")
    page.get_by_role("link", name="撤回", exact=True).click()
    page.get_by_label("原因").fill("人次有误")
    page.get_by_role("button", name="撤回").click()
    page.wait_for_load_state()
    assert public_text(page, site, article) is None
    sign_in(page, site, "wn-manager")
    trail = ""
    for number in (1, 2):
        page.goto(f"{site}{admin_address(article)}history/?p={number}")
        trail += page.get_by_role("main").inner_text()
    assert not [words for words in ("请补上副题", "人次有误", "初审", "修订") if words not in trail]


def test_the_desk_of_a_reviewer_shows_what_waits_and_how_long(page, site):
    from hospitals.models import Hospital, User

    writer = User.objects.get(username="wn-reporter")
    hospital = Hospital.objects.get(slug="weinan-shi-dier-yiyuan")
    for title in ("社区里的护眼课", "夜班里的党员先锋岗", "心内科送医到院坝"):
        make_article(hospital, title=title, created_by=writer, updated_by=writer).submit(by=writer)
    sign_in(page, site, "wn-reviewer1")
    board = page.locator('section[aria-labelledby="board-awaiting"]')
    assert "社区里的护眼课" in board.inner_text()
    assert board.locator(".count").inner_text() == "3"
    keep_picture(page, "workbench-of-a-reviewer")
