"""A search compared with plain Python: everything that contains the words, nothing else, in the stated order."""

import random
import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles.matches import KINDS
from articles.models import Article
from articles.search import Search
from branches.models import Activity, Branch, Brand, Initiative
from hospitals.models import Hospital, HospitalName
from publishing.search import normalise, terms

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")


def found(query: str) -> list[tuple[str, int]]:
    return [(KINDS[match[2]].slug, -match[3]) for match in Search(query).matches]


class Oracle:
    """The same search over lists, with ``in`` and ``sorted``. Reads each record as a page would, once."""

    def __init__(self):
        hospitals = Hospital.objects.filter(is_active=True)
        published = {"status": "published", "published_at__lte": timezone.now(), "hospital__in": hospitals}
        models = (
            hospitals,
            Branch.objects.filter(is_active=True, hospital__in=hospitals),
            Brand.objects.filter(is_current=True, **published),
            Initiative.objects.filter(**published),
            Activity.objects.filter(**published),
            Article.objects.filter(**published),
        )
        self.records = [
            self._read(place, record) for place, rows in enumerate(models) for record in rows.with_searched_rows()
        ]

    def _read(self, place: int, record) -> tuple:
        texts = [normalise(searched.text) for searched in record.searchable_texts()]
        names = texts[:1]
        if isinstance(record, Hospital):
            others = HospitalName.objects.filter(hospital=record).values_list("name", flat=True)
            names += [normalise(record.short_name), *map(normalise, others)]
        return place, record.pk, names, texts, self._day(record)

    def _day(self, record) -> date | None:
        match record:
            case Activity():
                return record.start
            case Article() if record.source_date:
                return record.source_date
            case Article() | Brand() | Initiative():
                return record.published_at.astimezone(BEIJING).date()
        return None

    def find(self, query: str) -> list[tuple[str, int]]:
        words = terms(query)
        title = words[0] if len(words) == 1 else normalise(query)
        ranked = []
        for place, pk, names, texts, day in self.records:
            if all(any(word in text for text in texts) for word in words):
                named = place < 2 and any(all(word in name for word in words) for name in names)
                rank = 0 if title in names else 1 if named else 2
                ranked.append((rank, day is None, -day.toordinal() if day else 0, place, -pk))
        return [(KINDS[place].slug, -pk) for _rank, _undated, _day, place, pk in sorted(ranked)]


@pytest.fixture(scope="module")
def samples(django_db_setup, django_db_blocker):
    """A site with some of everything, public or not."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("make_records", activities=300, articles=40, hospitals=3, into=str(connection.settings_dict["NAME"]), verbosity=0)  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what the database knows of its tables may be from another test
        yield
        transaction.set_rollback(True)


def drawn_parts(oracle: Oracle, count: int) -> list[str]:
    """Random runs of 2 to 6 Han characters from titles, names, places and bodies of public records."""
    rng = random.Random(2026)
    runs = [run for record in oracle.records for text in record[3] for run in re.findall("[\u4e00-\u9fff]{2,}", text)]
    parts = []
    for run in rng.choices(runs, k=count):
        length = min(rng.randint(2, 6), len(run))
        start = rng.randint(0, len(run) - length)
        parts.append(run[start : start + length])
    return parts


def test_two_thousand_parts_of_public_texts_are_each_found_where_they_are_and_nowhere_else(samples):
    oracle = Oracle()
    parts = set(drawn_parts(oracle, 2000))
    wrong = [part for part in parts if found(part) != oracle.find(part)]
    assert len(parts) > 700
    assert not wrong


@pytest.mark.parametrize(
    "query", ["支部 群众", "“血压和血糖” 医生", "人民 医院 甲一县", "县医院", "第一支部", "义诊", "没有的词"]
)
def test_several_words_and_phrases_are_found_like_their_parts(samples, query):
    assert found(query) == Oracle().find(query)
