"""For the tests: SQLite unless DATABASE_URL says PostgreSQL; cheap passwords; media in a throw-away folder."""

import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import database

DEBUG = False
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]

_folder = tempfile.TemporaryDirectory(prefix="hongfan-test-")  # removed when the tests' process ends
_scratch = Path(_folder.name)
DATABASES = {"default": database(default_file=_scratch / "db.sqlite3")}
DATABASES["default"]["OPTIONS"].pop("pool", None)  # test databases are dropped while a pool would hold them
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and the browser tests' server must see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}
MEDIA_ROOT = _scratch / "media"
STATIC_ROOT = _scratch / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
