"""For `make run`: SQLite in var/, debugging on, a secret key of this machine only."""

import secrets

from config.settings.base import *
from config.settings.base import VAR_DIR, database, env

DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

VAR_DIR.mkdir(exist_ok=True)


def _local_secret_key() -> str:
    """A random key kept in var/, so that sessions outlive a restart and no key is ever committed."""
    file = VAR_DIR / "secret_key"
    if not file.exists():
        file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        file.chmod(0o600)
    return file.read_text(encoding="utf-8").strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _local_secret_key()
DATABASES = {"default": database(default_file=VAR_DIR / "db.sqlite3")}
