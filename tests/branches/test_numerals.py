import pytest

from branches.numerals import seal_characters


@pytest.mark.parametrize(
    ("number", "name", "seal"),
    [
        (1, "第一支部（行政支部）", "第一支部"),
        (10, "第十支部", "第十支部"),
        (12, "第十二支部", "十二支部"),
        (20, "第二十支部", "二十支部"),
        (22, "第二十二支部", "廿二支部"),
        (None, "骨科党支部", "骨科支部"),
        (None, "骨科", "骨科支部"),
        (None, "心内康复党支部", "心内康复"),
        (None, "信息装备党支部", "信息装备"),
        (35, "第三十五支部", "三十五部"),
    ],
)
def test_a_seal_shows_the_branch_in_two_or_four_characters(number, name, seal):
    assert seal_characters(number, name) == seal
