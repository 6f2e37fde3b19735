"""How much of the labelled reports intake understands: ``python -m tests.articles.reports.measure [--seeds DIR]``.

Compares what ``articles.intake`` makes of each document with its label, by the rules of ``labels/README.md``, and prints a table
for docs/intake.md. ``--missed`` says what was missed and what was found that is not there.
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、．.]?)")
_CAPTION_MARKS = re.compile(
    r"^(?:[（(【]?图\s*[一二三四五六七八九十\d]*[）)】]?[:：]?|[▲△▼↑]|图为|[上下左右]图[:：为]?)|[（(][^（）()]*(?:摄|摄影|供图)[^（）()]*[）)]|[▲△▼↑]|[。.]$"
)


@dataclass
class Count:
    """``wanted`` by the labels, ``found`` by the reader, ``right``: of those found."""

    wanted: int = 0
    found: int = 0
    right: int = 0

    def add(self, other: "Count") -> None:
        self.wanted += other.wanted
        self.found += other.found
        self.right += other.right

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


@dataclass
class Result:
    """Of one document or of many: the counts by what is counted, and what was wrong in words."""

    counts: dict[str, Count] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def count(self, name: str, wanted: Iterable, found: Iterable, neutral: Iterable = ()) -> None:
        wanted, found, neutral = Counter(wanted), Counter(found), set(neutral)
        right = (wanted & found).total()
        extra = Counter({key: n for key, n in (found - wanted).items() if key not in neutral})
        self.counts[name] = Count(wanted.total(), right + extra.total(), right)
        self.missed += [f"{name}：少了{key}" for key in wanted - found] + [f"{name}：多了{key}" for key in extra]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def heading(text: str) -> str:
    return _NUMBER.sub("", bare(text).strip("【】[]"))


def caption(text: str) -> str:
    return _CAPTION_MARKS.sub("", bare(text))


def compare(report, label: dict) -> Result:
    """``report``: ``articles.intake.report.Report``."""
    result, parts = Result(), report.parts
    body, said = Counter(label["body"]), Counter(bare("".join(report.lines)))
    result.counts["characters"] = Count(body.total(), said.total(), (body & said).total())
    if result.counts["characters"].recall < 0.99:
        result.missed.append(f"characters：少了{''.join((body - said).elements())[:60]}")
    titles = {bare(own) for own in (label["title"], *_as_list(label.get("title_also")))}
    right = bare(parts.title) in titles
    result.counts["title"] = Count(1, 1, int(right))
    if not right:
        result.missed.append(f"title：{parts.title!r}，应为{label['title']!r}")
    for name in ("kicker", "subtitle"):
        wanted, found = (bare(text).strip("—-") for text in (label[name], getattr(parts, name)))
        result.count(name, filter(None, [wanted]), filter(None, [found]))
    result.count(
        "bylines",
        [(row["role"], bare(row["name"])) for row in label["bylines"]],
        [(role, bare(name)) for role, name in parts.bylines],
        [(row["role"], bare(row["name"])) for row in label.get("optional_bylines", [])],
    )
    result.count(
        "headings",
        [(row["level"], heading(row["text"])) for row in label["headings"]],
        [(own.level, heading(own.text)) for own in report.headings],
        {(level, heading(_text(row))) for row in label.get("optional_headings", []) for level in (2, 3)},
    )
    result.count(
        "captions",
        map(caption, label["captions"]),
        map(caption, report.captions),
        map(caption, label.get("optional_captions", [])),
    )
    result.counts["pictures"] = Count(
        label["pictures"], len(report.pictures), min(label["pictures"], len(report.pictures))
    )
    found = [(row, column, bare(cell)) for grid in report.tables for row, column, cell in _cells(grid.texts)]
    optional = [own for rows in label.get("optional_tables", []) for own in _bare_cells(rows)]
    tables = [own for rows in label["tables"] for own in _bare_cells(rows)]
    if label["tables"]:
        result.count("cells", tables, found, optional)
    _figures(result, report, label)
    _dates(result, report, label)
    return result


def _as_list(value) -> list:
    return value if isinstance(value, list) else [value] if value else []


def _text(row) -> str:
    return row["text"] if isinstance(row, dict) else row


def _cells(rows) -> Iterable[tuple[int, int, str]]:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            yield number, column, cell


def _bare_cells(rows) -> list[tuple[int, int, str]]:
    return [(row, column, bare(cell)) for row, column, cell in _cells(rows)]


def _figures(result: Result, report, label: dict) -> None:
    """Right if words, value and precision are; which measure it is of is counted among those that are right."""
    wanted = list(label["figures"])
    optional = {bare(row["as_stated"]) for row in label.get("optional_figures", [])}
    said, right, measured, extra = set(), 0, 0, []
    for amount in report.figures:
        value = None if amount.value is None else f"{amount.value.normalize():f}"
        key = (bare(amount.as_stated), value, amount.precision)
        same = [row for row in wanted if (bare(row["as_stated"]), row["value"], row["precision"]) == key]
        if same:
            own = next((row for row in same if _is_measure(row, amount.measure)), same[0])
            wanted.remove(own)
            right += 1
            measured += _is_measure(own, amount.measure)
            if not _is_measure(own, amount.measure):
                result.missed.append(f"measure：{amount.as_stated}是{own['measure']}，读成{amount.measure}")
            said.add((value, own["unit"]))
        elif key[0] not in optional and not any(value == own for own, _unit in said if value is not None):
            extra.append(amount.as_stated)
    result.counts["figures"] = Count(len(label["figures"]), right + len(extra), right)
    result.counts["measures"] = Count(right, right, measured)
    result.missed += [f"figures：少了{row['as_stated']}（{row['measure']}）" for row in wanted]
    result.missed += [f"figures：多了{own}" for own in extra]


def _is_measure(row: dict, slug: str) -> bool:
    return (slug or None) in [row["measure"], *row.get("also", [])]


def _dates(result: Result, report, label: dict) -> None:
    """Right if a day or period is; an inferred year may be left open."""
    wanted = list(label["dates"])
    optional = [bare(row["as_stated"]) for row in label.get("optional_dates", [])]
    right, extra, seen = 0, [], set()
    for when in report.dates:
        start = when.period.start.isoformat() if when.period.start else None
        same = [
            row
            for row in wanted
            if any(
                (own.get("start"), own["precision"]) == (start, when.period.precision)
                or (
                    not row["year_given"]
                    and start is None
                    and bare(own.get("as_stated", row["as_stated"])) == bare(when.as_stated)
                )
                for own in (row, *_as_list(row.get("also")))
            )
        ]
        if same:
            wanted.remove(same[0])
            right += 1
            seen.add(start)
        elif start not in seen and not any(
            bare(when.as_stated) in own or own in bare(when.as_stated) for own in optional
        ):
            extra.append(when.as_stated)
    result.counts["dates"] = Count(len(label["dates"]), right + len(extra), right)
    result.missed += [f"dates：少了{row['as_stated']}" for row in wanted] + [f"dates：多了{own}" for own in extra]


def measured(seeds: str | None = None) -> dict[str, Result]:
    """By document; under "" of all."""
    from articles.intake.report import read_report
    from tests.articles.reports.corpus import files, labels

    documents, results, whole = files(seeds), {}, Result()
    for name, label in labels(seeds).items():
        results[name] = compare(read_report(name, documents[name]), label)
        for counted, count in results[name].counts.items():
            whole.counts.setdefault(counted, Count()).add(count)
    return results | {"": whole}


def table(results: dict[str, Result]) -> str:
    lines = ["| | in the labels | found | right | recall | precision |", "|---|---|---|---|---|---|"]
    for name, count in results[""].counts.items():
        lines.append(
            f"| {name} | {count.wanted:,} | {count.found:,} | {count.right:,} | {count.recall:.1%} | {count.precision:.1%} |"
        )
    return "\n".join(lines)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    parser = argparse.ArgumentParser(prog="python -m tests.articles.reports.measure", description=__doc__)
    parser.add_argument("--seeds", help="folder with the texts of the five newspaper reports; else the 25 made-up ones")
    parser.add_argument(
        "--missed", action="store_true", help="also what was missed, and what was found that is not there"
    )
    options = parser.parse_args()
    results = measured(options.seeds)
    lines = [f"{len(results) - 1} documents\n\n{table(results)}"]
    if options.missed:
        lines += [f"{name}\t{line}" for name, result in results.items() for line in result.missed]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
