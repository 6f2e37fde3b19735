"""What is kept of pages is for visitors and of this state of the content; a preview has nothing to do with it."""

import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.http import Http404
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test.utils import CaptureQueriesContext

from branches.models import Activity
from publishing.freshness import Stamp
from publishing.kept import NothingKept, find, find_or_404, kept_each
from tests.factories import make_activity, make_article, make_branch, make_figure, make_user

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


# -- Previews


@pytest.fixture
def staff():
    return make_user(is_superuser=True)


@pytest.fixture(params=[make_activity, make_article], ids=["activity", "article"])
def record(request):
    """Public, with all that has a part of the page of its own."""
    branch = make_branch(name="线上的支部")
    record = request.param(branch.hospital, title="线上的题目", public=True)
    if request.param is make_activity:
        make_figure(record, label="线上的数")
        Activity.objects.filter(pk=record.pk).update(place="线上的地点", summary="线上的内容")
    else:
        record.branches.add(branch)
        type(record).objects.filter(pk=record.pk).update(body="<p>线上的内容</p>", lede="线上的导语")
    return type(record).objects.get(pk=record.pk)


@pytest.fixture
def copy(record, staff):
    copy = record.revise(by=staff)
    copy.title, copy.place, copy.summary = "修订的题目", "修订的地点", "修订的内容"
    copy.body, copy.lede = "<p>修订的内容</p>", "修订的导语"
    copy.save()
    return copy


def text(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_preview_shows_its_own_words_after_visitors_were_shown_the_record(client, record, copy, staff):
    text(client, record.get_absolute_url())
    client.force_login(staff)
    preview = text(client, copy.get_preview_url())
    assert "修订的题目" in preview
    assert "修订的内容" in preview
    assert not re.search("线上的(题目|内容|地点|导语)", preview)


def test_visitors_are_shown_the_record_after_staff_looked_at_its_preview(client, record, copy, staff):
    client.force_login(staff)
    text(client, copy.get_preview_url())
    client.logout()
    page = text(client, record.get_absolute_url())
    assert "线上的题目" in page
    assert "修订的" not in page


def test_a_preview_leaves_nothing_behind(client, record, copy, staff):
    client.force_login(staff)
    cache.clear()
    text(client, copy.get_preview_url())
    assert not [value for value in cache._cache.values() if "修订的".encode() in value]


def test_a_draft_at_its_own_address_leaves_nothing_behind(client, staff):
    draft = make_article(title="保密的草稿")
    client.force_login(staff)
    cache.clear()
    assert "保密的草稿" in text(client, draft.get_absolute_url())
    assert not [value for value in cache._cache.values() if "保密的草稿".encode() in value]


@pytest.mark.parametrize("care", ["0", "1"])
def test_large_text_is_in_no_kept_part(client, record, care):
    client.cookies["care"] = care
    first = text(client, record.get_absolute_url())
    client.cookies["care"] = "1" if care == "0" else "0"
    other = text(client, record.get_absolute_url())
    switched = ['aria-pressed="true">退出关怀版' in page for page in (first, other)]
    assert switched == [care == "1", care == "0"]


# -- The tag


def kept_tags() -> list[str]:
    return [
        tag for path in TEMPLATES.rglob("*.html") for tag in re.findall(r'{% kept "([^"]+)"', path.read_text("utf-8"))
    ]


def test_no_two_parts_of_pages_have_one_name():
    assert kept_tags()
    assert not [name for name, count in Counter(kept_tags()).items() if count > 1]


def test_no_template_keeps_anything_in_a_way_that_knows_no_previews():
    tags = re.compile(r"{%\s*(?:cache\s|load [^%]*\bcache\b)")
    assert not [str(path) for path in TEMPLATES.rglob("*.html") if tags.search(path.read_text("utf-8"))]


@pytest.fixture
def render(rf):
    make_article(public=True)  # while there is no content, nothing is kept

    def render(source: str, stamp, **context) -> str:
        request = rf.get("/")
        request.stamp = stamp
        return Template("{% load kept %}" + source).render(RequestContext(request, context))

    return render


class Asked:
    """Counts how often it is looked at."""

    def __init__(self):
        self.times = 0

    def __str__(self):
        self.times += 1
        return f"{self.times}"


def test_a_part_is_made_once_for_each_state_of_the_content(render):
    asked, source = Asked(), "{% kept 'a' 1 %}{{ asked }}{% endkept %}"
    first = [render(source, Stamp.now(), asked=asked) for _time in range(2)]
    make_article(public=True)
    assert [*first, render(source, Stamp.now(), asked=asked)] == ["1", "1", "2"]


def test_a_part_of_a_preview_is_made_each_time(render):
    asked, source = Asked(), "{% kept 'b' 1 %}{{ asked }}{% endkept %}"
    assert [render(source, NothingKept(), asked=asked) for _time in range(2)] == ["1", "2"]


def test_a_part_of_a_page_without_a_stamp_is_made_each_time(render):
    asked = Asked()
    template = Template("{% load kept %}{% kept 'b' 1 %}{{ asked }}{% endkept %}")
    assert [template.render(Context({"asked": asked})) for _time in range(2)] == ["1", "2"]


def test_what_can_be_typed_is_not_kept(render):
    asked, source = Asked(), "{% kept 'c' unless typed %}{{ asked }}{% endkept %}"
    assert [render(source, Stamp.now(), asked=asked, typed="x") for _time in range(2)] == ["1", "2"]
    assert [render(source, Stamp.now(), asked=asked, typed="") for _time in range(2)] == ["3", "3"]


def test_a_part_may_be_kept_on_a_shelf_of_its_own(render):
    asked, source = Asked(), "{% kept 'c' typed on 'lists' %}{{ asked }}{% endkept %}"
    assert [render(source, Stamp.now(), asked=asked, typed="x") for _time in range(2)] == ["1", "1"]
    caches["lists"].clear()
    assert render(source, Stamp.now(), asked=asked, typed="x") == "2"


def test_parts_of_two_records_are_two(render):
    source = "{% kept 'd' row.pk %}{{ row.pk }}{% endkept %}"
    assert [render(source, Stamp.now(), row=SimpleNamespace(pk=pk)) for pk in (1, 2)] == ["1", "2"]


def test_a_part_that_does_not_say_which_it_is_is_refused(render):
    with pytest.raises(TemplateSyntaxError, match=r"row\.pk"):
        render("{% kept 'e' row.pk %}{% endkept %}", Stamp.now())


def test_markup_in_a_kept_part_is_escaped_once(render):
    source = "{% kept 'f' %}{{ word }}{% endkept %}"
    assert [render(source, Stamp.now(), word="<b>") for _time in range(2)] == ["&lt;b&gt;"] * 2


# -- Rows and entries


def test_the_key_of_a_row_costs_one_query_and_the_rest_one_more():
    activity = make_activity(public=True)
    with CaptureQueriesContext(connection) as captured:
        found = find(NothingKept(), Activity.objects.public, Activity.objects.all, reference=activity.reference)
        assert (found.pk, found.is_preview, len(captured)) == (activity.pk, False, 1)
        assert (found.title, found.place, len(captured)) == (activity.title, activity.place, 2)
    assert found == activity


def test_a_key_that_is_kept_costs_no_query():
    activity, stamp = make_activity(public=True), Stamp.now()
    find(stamp, Activity.objects.public, Activity.objects.all, pk=activity.pk)
    with CaptureQueriesContext(connection) as captured:
        assert find(stamp, Activity.objects.public, Activity.objects.all, pk=activity.pk).pk == activity.pk
    assert not captured.captured_queries


def test_a_row_that_is_not_among_these_is_not_found():
    draft, stamp = make_activity(), Stamp.now()
    find(stamp, Activity.objects.originals, Activity.objects.all, pk=draft.pk)  # it is among those
    assert find(stamp, Activity.objects.public, Activity.objects.all, pk=draft.pk) is None
    with pytest.raises(Http404):
        find_or_404(stamp, Activity.objects.public, Activity.objects.all, pk=draft.pk)


def test_what_is_not_there_takes_no_room():
    make_activity(public=True)
    stamp = Stamp.now()
    before = len(cache._cache)
    find(stamp, Activity.objects.public, Activity.objects.all, reference="JX-2099-0001")
    assert len(cache._cache) == before


@pytest.mark.parametrize(("stamp", "second"), [(Stamp.now, [3]), (NothingKept, [3, 2, 1])], ids=["kept", "preview"])
def test_only_entries_that_are_not_kept_are_made_and_their_order_stays(stamp, second):
    stamp, asked = stamp(), []

    def make(keys):
        asked.append(keys)
        return {key: f"entry {key}" for key in keys if key != 9}

    kept_each(stamp, "test", [1, 2], make)
    assert kept_each(stamp, "test", [3, 2, 9, 1], make) == ["entry 3", "entry 2", "entry 1"]
    assert asked[1] == ([*second, 9] if second == [3] else [3, 2, 9, 1])
