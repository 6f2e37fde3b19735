"""The documents of the corpus and their labels.

Twenty-five are made up. Five more are newspaper reports whose sentences are not ours to store: they are built from a folder that
holds their texts, named by an argument or by REPORT_SEEDS, and their labels name lines of them (``@15+17``).
"""

import json
import os
import re
from pathlib import Path

from tests.articles.reports import news, office
from tests.articles.reports.newspaper import NEWSPAPER, Seed

LABELS = Path(__file__).parent / "labels"
MADE_UP = dict(sorted((news.DOCUMENTS | office.DOCUMENTS).items()))


def seeds_folder(named: str | Path | None = None) -> Path | None:
    folder = named or os.environ.get("REPORT_SEEDS")
    return Path(folder) if folder else None


def files(seeds: str | Path | None = None) -> dict[str, bytes]:
    """Every document by its name; the newspaper reports only where their texts are."""
    made = {}
    if folder := seeds_folder(seeds):
        made |= {name: make(Seed.read(folder, number)).save() for name, (number, make) in NEWSPAPER.items()}
    return made | {name: make().save() for name, make in MADE_UP.items()}


def labels(seeds: str | Path | None = None) -> dict[str, dict]:
    """The labels by the name of the document, those of the newspaper reports with the text of the lines that they name.

    Such a label also has ``restored``: the paragraphs of the report in the order in which they are to be read.
    """
    found = {}
    folder = seeds_folder(seeds)
    for path in sorted(LABELS.glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        name = label["file"]
        if name in NEWSPAPER:
            if folder is None:
                continue
            number, make = NEWSPAPER[name]
            seed = Seed.read(folder, number)
            label = _with_lines(label, seed)
            label["body"] = make(seed).text
            label["restored"] = ["".join(seed.line(n) for n in lines) for lines in label.pop("reading_order")]
        found[name] = label
    return found


def _with_lines(value, seed: Seed):
    """The same with the text of every line that it names; marks of Markdown and the dashes of a subtitle are no text."""
    match value:
        case dict():
            return {key: _with_lines(inner, seed) for key, inner in value.items()}
        case list():
            return [_with_lines(inner, seed) for inner in value]
        case str() if re.fullmatch(r"@\d+(\+\d+)*", value):
            return " ".join(seed.line(int(n)).lstrip("#— ") for n in value[1:].split("+"))
    return value
