"""Write the search text of every record anew: after a branch, hospital, partner or tag has been renamed."""

from django.apps import apps
from django.core.management.base import BaseCommand
from tqdm import tqdm

from publishing.search import Searchable


class Command(BaseCommand):
    help = "重新生成全部记录的检索文本（支部、医院、联合单位或标签改名以后运行）。"

    def handle(self, *args, **options):
        for model in apps.get_models():
            if issubclass(model, Searchable):
                rows = model._default_manager.order_by("pk")
                label = str(model._meta.verbose_name)
                for record in tqdm(rows.iterator(chunk_size=500), desc=label, total=rows.count(), unit="条"):
                    record.refresh_search_text()
        self.stdout.write("检索文本已全部更新。")
