"""What each piece of a report is: its title and who wrote it, headings, captions, paragraphs, lists, tables, pictures.

Style and look say most, where there are any; then how lines begin and end, and how long they are.
"""

from articles.intake.blocks import Arranged, Look
from articles.intake.credits import Credits
from articles.intake.heads import without_foot, without_head
from articles.intake.pieces import Source
from articles.intake.texts import put_together
from articles.intake.tidied import tidied


def arranged(source: Source) -> Arranged:
    found, credits = Arranged(), Credits()
    pieces = tidied(source.pieces, found)
    look = Look.of(pieces, is_set=source.is_set)
    pieces = without_foot(without_head(pieces, look, found, credits), found, credits)
    put_together(pieces, look, found, credits)
    found.bylines, found.source = credits.bylines, found.source or credits.source
    return found
