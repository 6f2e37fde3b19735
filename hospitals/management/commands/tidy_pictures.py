"""``manage.py tidy_pictures``: forget uploads that were never saved; note what is in files stored before that was kept."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from hospitals.models import Upload
from publishing import picture_files
from publishing.holders import picture_fields
from publishing.models import PictureDigest


class Command(BaseCommand):
    help = "清除上传后一天没有保存的照片；给早先的照片补上指纹（用来认出重复的照片）。升级之后运行一次，以后可以每天定时运行。"

    def handle(self, **options):
        forgotten = Upload.objects.forget_old()
        noted, lost = self._note()
        self.stdout.write(f"清除了{forgotten}张没有保存的照片，给{noted}张照片补了指纹。")
        if lost:
            self.stdout.write(f"另有{lost}张照片的文件不在MEDIA_ROOT里，请从备份恢复。")

    def _note(self) -> tuple[int, int]:
        noted = lost = 0
        known = PictureDigest.objects.values("name")
        for field in picture_fields():
            rows = field.model._default_manager.exclude(**{field.name: ""}).exclude(**{f"{field.name}__in": known})
            names = set(rows.order_by().values_list(field.name, flat=True))
            for name in tqdm(names, desc="补指纹", unit="张", disable=None):
                try:
                    with field.storage.open(name) as file:
                        picture_files.note(name, file.read())
                    noted += 1
                except FileNotFoundError:
                    lost += 1
        return noted, lost
