"""The workbench: the boards that each role has before it, and how much of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from branches.duty_board import Tally, open_of
from hospitals.roles import Role
from publishing.paging import page_of
from publishing.worklists import BOARDS, Board, Task, Worklists

if TYPE_CHECKING:
    from publishing.admin_workflow import PublishableAdmin

BOARDS_OF = {
    Role.REPORTER: {"returned", "drafts", "submitted", "scheduled", "latest"},
    Role.FIRST_REVIEWER: {"awaiting"},
    Role.SECOND_REVIEWER: {"awaiting"},
    Role.FINAL_REVIEWER: {"awaiting", "scheduled", "latest"},  # whose approval sets the time
    Role.EXPORTER: {"scheduled", "latest"},
    Role.MANAGER: {"scheduled", "latest"},
}
#: Who is told how much their branches have still to hold
TOLD_OF_DUTIES = {Role.REPORTER, Role.EXPORTER, Role.MANAGER}
FIRST_ROWS = 10
ROWS_A_PAGE = 50


class Excerpt(NamedTuple):
    """A board as the workbench shows it: its first rows and how many there are."""

    board: Board
    count: int
    tasks: list[Task]


class Workbench:
    """What one person has before them. The platform's administrator has every board."""

    def __init__(self, request, admins: Iterable["PublishableAdmin"]):
        user = request.user
        names = set(BOARDS) if user.is_superuser else set().union(*(BOARDS_OF[role] for role in user.roles()))
        self.boards = [board for board in BOARDS.values() if board.name in names]
        #: who works in several hospitals reads with each row whose it is
        self.shows_place = user.serves_several
        self.worklists = Worklists(request, admins)

    def board(self, name: str) -> Board | None:
        return next((board for board in self.boards if board.name == name), None)

    def excerpts(self) -> list[Excerpt]:
        counts = self.worklists.counts(self.boards)
        first = {board.name: self.worklists.keys(board)[:FIRST_ROWS] for board in self.boards if counts[board.name]}
        tasks = self.worklists.tasks(first)
        return [Excerpt(board, counts[board.name], tasks.get(board.name, [])) for board in self.boards]

    def page(self, request, board: Board):
        """A page of the whole board, its rows read."""
        page = page_of(request, self.worklists.keys(board), per_page=ROWS_A_PAGE)
        page.object_list = self.worklists.tasks({board.name: page.object_list})[board.name]
        return page

    def duties(self) -> Tally | None:
        """What the person's branches have done and have open this year; None for who is not told."""
        user = self.worklists.request.user
        is_told = not user.is_superuser and user.roles() & TOLD_OF_DUTIES
        return open_of(user, timezone.localdate()) if is_told else None

    def waiting(self) -> int | None:
        """How many records wait for the person's review; None for who reviews nothing."""
        board = self.board("awaiting")
        return self.worklists.counts([board])[board.name] if board else None
