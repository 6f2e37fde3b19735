import pytest
from django.http import Http404

from publishing.paging import page_of


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999", "9" * 30, "１", "1.5", " 1", "2"])
def test_a_page_that_does_not_exist_is_not_found(rf, number):
    with pytest.raises(Http404):
        page_of(rf.get("/", {"page": number}), [1, 2, 3])


def test_links_to_further_pages_keep_the_filters(rf):
    page = page_of(rf.get("/", {"kind": "free_clinic", "page": "1"}), range(50), per_page=20)
    assert page.query == "kind=free_clinic"


def test_an_empty_list_has_one_empty_page(rf):
    assert list(page_of(rf.get("/"), [])) == []
