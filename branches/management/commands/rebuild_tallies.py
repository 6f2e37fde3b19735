"""``manage.py rebuild_tallies``: make the kept sums of all hospitals anew, or compare them with the records."""

from collections import defaultdict
from itertools import chain

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from branches import tallies, tally_check
from branches.models import HospitalChange
from branches.models.tally import group_of
from hospitals.models import Hospital
from publishing.moments import one_moment

#: groups that are made in one transaction, with everybody's sums at its end
AT_ONCE = 8


class Command(BaseCommand):
    help = "重算各医院的分项合计（统计页面用）。升级之后、一次导入很多家医院之后运行；平时有改动会自动重算。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="不重算，只核对保存的合计与逐条合计是否一致")

    def handle(self, *, check, **options):
        if check:
            self._check()
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        keys = list(Hospital.objects.order_by("pk").values_list("pk", flat=True))
        left = set(keys)
        groups: dict[int, list[int]] = defaultdict(list)
        for key in keys:
            groups[group_of(key)].append(key)
        numbers = sorted(groups)
        for start in tqdm(range(0, len(numbers), AT_ONCE), desc="正在重算", unit="批", disable=None):
            some = numbers[start : start + AT_ONCE]
            left -= tallies.make_anew(*(groups[number] for number in some))
            tallies.make_unpublished_anew(some)
        self.stdout.write(f"重算了{len(keys) - len(left)}家医院的合计。")
        if left:
            self.stdout.write(f"另有{len(left)}家医院的合计这时正由别的进程重算，下次打开统计时再核对。")

    def _check(self) -> None:
        with one_moment():
            waiting = len(HospitalChange.objects.outdated())
            groups_waiting = len(HospitalChange.objects.outdated_groups())
            different = 0
            together = (tally_check.differences(scope) for scope in tally_check.all_scopes())
            differing = (
                tally_check.differing_tallies(), tally_check.differing_parts(),
                tally_check.differing_groups(), tally_check.differing_unpublished(),
            )  # fmt: skip
            for sentence in chain(*differing, *together):
                different += 1
                self.stdout.write(sentence)
        if waiting:
            self.stdout.write(f"有{waiting}家医院有新的改动，合计还没有重算，核对时按逐条合计。")
        if groups_waiting:
            self.stdout.write(f"有{groups_waiting}组医院的未发布记录有新的改动，合计还没有重算，没有核对。")
        if different:
            raise CommandError(
                f"有{different}处不一致。请运行 manage.py rebuild_tallies 重算，并把上面的内容告诉维护人员。"
            )
        self.stdout.write("保存的合计与逐条合计一致。")
