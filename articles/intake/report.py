"""A report as it was understood: ``read_report`` makes it of a file, and writes nothing."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import cached_property

from articles.intake.amounts import Amount, amounts, amounts_of_table
from articles.intake.blocks import Arranged, Block, Caption, Heading, Paragraph
from articles.intake.days import When, days
from articles.intake.files import source_of
from articles.intake.layout import arranged
from articles.intake.mentions import Mentions
from articles.intake.pieces import Grid, Shot
from hospitals.models import Hospital


@dataclass
class Report:
    """``not_understood``: in words for whoever sent it, what is missing and what to do."""

    name: str
    parts: Arranged
    not_understood: list[str] = field(default_factory=list)
    hospital: Hospital | None = None

    @property
    def blocks(self) -> list[Block]:
        return self.parts.blocks

    @cached_property
    def pictures(self) -> list[Shot]:
        found = [block for block in self.blocks if isinstance(block, Shot)]
        for grid in self.tables:
            found += [piece for cell in grid.cells for piece in cell.pieces if isinstance(piece, Shot)]
        return found

    @cached_property
    def tables(self) -> list[Grid]:
        return [block for block in self.blocks if isinstance(block, Grid)]

    @cached_property
    def headings(self) -> list[Heading]:
        return [block for block in self.blocks if isinstance(block, Heading)]

    @cached_property
    def captions(self) -> list[str]:
        return [block.text for block in self.blocks if isinstance(block, Caption)]

    @cached_property
    def lines(self) -> list[str]:
        """All that the report says, a line each, from the title to the signature."""
        parts = self.parts
        head = [parts.kicker, parts.title, parts.subtitle, *parts.beside, parts.editors_note]
        return [line for line in [*head, *(line for block in self.blocks for line in lines_of(block))] if line]

    @property
    def characters(self) -> int:
        return len(re.sub(r"\s", "", "".join(self.lines)))

    @cached_property
    def text(self) -> str:
        """What is told, a line each: figures and dates are looked for here."""
        return "\n".join([*self._head, *(line for block in self.blocks for line in lines_of(block))])

    @property
    def _head(self) -> list[str]:
        return [self.parts.title, self.parts.subtitle, self.parts.editors_note]

    @cached_property
    def dates(self) -> list[When]:
        return list(days(self.text, self.parts.published))

    @cached_property
    def figures(self) -> list[Amount]:
        told = "\n".join(
            [*self._head, *(line for block in self.blocks if not isinstance(block, Grid) for line in lines_of(block))]
        )
        return [*amounts(told), *(amount for grid in self.tables for amount in amounts_of_table(grid.texts))]

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions(self.parts.title, self.text, self.hospital)

    def as_json(self) -> dict:
        parts, mentions = self.parts, self.mentions
        return {
            "file": self.name,
            "section_label": parts.section_label,
            "kicker": parts.kicker,
            "title": parts.title,
            "subtitle": parts.subtitle,
            "editors_note": parts.editors_note,
            "dateline": parts.dateline,
            "bylines": [{"role": role, "name": name} for role, name in parts.bylines],
            "source": parts.source,
            "published": _iso(parts.published),
            "signature": parts.signature,
            "headings": [{"level": heading.level, "text": heading.text} for heading in self.headings],
            "tables": [grid.texts for grid in self.tables],
            "pictures": [{"name": shot.name, "bytes": len(shot.read())} for shot in self.pictures],
            "captions": self.captions,
            "characters": self.characters,
            "text": self.lines,
            "suggestions": {
                "hospital": mentions.hospital,
                "branches": mentions.branches,
                "partners": mentions.partners,
                "places": mentions.places,
                "kinds": mentions.kinds,
                "dates": [
                    {
                        "start": _iso(when.period.start),
                        "end": _iso(when.period.end),
                        "precision": str(when.period.precision),
                        "as_stated": when.as_stated,
                        "year_given": when.is_year_given,
                    }
                    for when in self.dates
                ],
                "figures": [
                    {
                        "measure": amount.measure or None,
                        "value": None if amount.value is None else f"{amount.value.normalize():f}",
                        "unit": amount.unit,
                        "precision": amount.precision,
                        "as_stated": amount.as_stated,
                    }
                    for amount in self.figures
                ],
            },
            "not_understood": self.not_understood,
        }


def read_report(name: str, content: bytes, hospital: Hospital | None = None) -> Report:
    """Raises ReportError with a sentence that says what the file is and what to do."""
    source = source_of(name, content)
    parts = arranged(source)
    left_out = [f"“{line}”不是稿件内容，没有采用。" for line in parts.left_out]
    return Report(name, parts, [*source.unread, *left_out], hospital)


def lines_of(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph() | Caption():
            return [block.text]
        case Grid():
            return [line for cell in block.cells for line in cell.text.split("\n")]
        case _:
            return []


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
