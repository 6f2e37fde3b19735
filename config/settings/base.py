"""Settings that every environment shares. No secret has a default here."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django_prose_editor.config import html_tags
from js_asset import static_lazy

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"  # everything the running site writes; ignored by git

env = environ.Env()

INSTALLED_APPS = [
    "config.apps.HongfanAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "taggit",
    "django_prose_editor",
    "drf_spectacular",
    "publishing",
    "hospitals",
    "branches",
    "articles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.AnswerApiInJson",
    "config.middleware.RefuseControlCharacters",
    "config.middleware.VaryOnLargeText",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context_processors.site",
            ],
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def database(default_file: Path | None = None) -> dict:
    """The one database: SQLite to try things out, PostgreSQL in production, the same code on both.

    DATABASE_URL decides; without it the given SQLite file is used.
    """
    if default_file and not env.str("DATABASE_URL", default=""):
        connection = {"ENGINE": "django.db.backends.sqlite3", "NAME": default_file}
    else:
        connection = env.db_url("DATABASE_URL")
    if connection["ENGINE"].endswith("sqlite3"):
        connection["OPTIONS"] = connection.get("OPTIONS", {}) | {
            "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN instead of failing half-way
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        # A pool instead of a new connection for each request, which costs more than most of our queries.
        pool = {"min_size": 1, "max_size": 8, "timeout": 10}
        # Our queries are short; to compile one takes longer than to run it.
        connection["OPTIONS"] = {"options": "-c jit=off"} | connection.get("OPTIONS", {}) | {"pool": pool}
    return connection


# Whose tables hold what the public may read (publishing/freshness.py); models in them can say that theirs does not.
CONTENT_APPS = ["publishing", "hospitals", "branches", "articles", "taggit"]
# Fragments, counts and choices, kept by the process that made them under a key that ends with any change.
# A fragment is some kilobytes; what a search found may be a hundred, and anybody can think of another search, or of
# another choice of conditions for a list.
_IN_THIS_PROCESS = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _IN_THIS_PROCESS, "LOCATION": "fragments", "OPTIONS": {"MAX_ENTRIES": 8_000}},
    "lists": {"BACKEND": _IN_THIS_PROCESS, "LOCATION": "lists", "OPTIONS": {"MAX_ENTRIES": 2_000}},
    "searches": {"BACKEND": _IN_THIS_PROCESS, "LOCATION": "searches", "OPTIONS": {"MAX_ENTRIES": 600}},
    "hits": {"BACKEND": _IN_THIS_PROCESS, "LOCATION": "hits", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}

AUTH_USER_MODEL = "hospitals.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "hospitals.backends.MembershipBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
# Ten failures of one account from one address close it for that address for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # whoever waits gets in, whatever others try meanwhile
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "publishing.log.address_of"
AXES_USERNAME_CALLABLE = "publishing.signals.counted_name"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # logins are in our own log
AXES_DISABLE_ACCESS_LOG = True
# How many proxies of our own stand in front, each adding to X-Forwarded-For (docs/operations.md); 0: believe none.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.system.csrf_failure"

LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Where the web server in front has the folder as an internal location; empty: we send the bytes ourselves.
MEDIA_ACCEL_PREFIX = env.str("MEDIA_ACCEL_PREFIX", default="")
# A picture may weigh 20 MB and a form may carry many of them; text alone never needs more than this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False
TAGGIT_TAGS_FROM_STRING = "articles.tags.split_tags"
TAGGIT_STRING_FROM_TAGS = "articles.tags.join_tags"

# Our own parts of the text editor: they add no elements to what a text may hold (publishing/richtext.py).
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy(f"js/editor-{name}.js")],
        "extensions": {name.capitalize(): html_tags([])},
    }
    for name in ("notes", "pasting", "photos")
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The nonce is sent only by pages that ask for one: the admin's import map for the text editor.
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# The public read API. rest_framework is not among the applications: it would bring its HTML pages and their scripts.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["publishing.api_answers.PlainJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "publishing.api_schema.Schema",
    "EXCEPTION_HANDLER": "publishing.api_answers.answer_to_error",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "红帆公开数据接口",
    "DESCRIPTION": "公立医院党支部的品牌、活动与报道，只读，无需登录。用法见docs/api.md。v1只增加字段，不改、不删。",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {
        "ActivityNature": "branches.models.activity.Activity.Nature",
        "BranchKind": "branches.models.branch.Branch.Kind",
        "BrandStage": "branches.models.brand.Brand.Stage",
        "BylineRole": "articles.models.Byline.Role",
        "DatePrecision": "branches.periods.Precision",
        "HospitalNameKind": "hospitals.models.HospitalName.Kind",
        "InitiativeKind": "branches.models.initiative.Initiative.Kind",
        "KindGroup": "branches.models.kind.ActivityKind.Group",
        "NumberPrecision": "publishing.quantities.Precision",
    },
}

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# What the footer shows; each line appears only where it is configured.
SITE_NAME = "红帆"
SITE_ICP_NUMBER = env.str("SITE_ICP_NUMBER", default="")
SITE_POLICE_NUMBER = env.str("SITE_POLICE_NUMBER", default="")
# The identification code of a government website, for its meta element.
SITE_ID_CODE = env.str("SITE_ID_CODE", default="")
# Where readers report mistakes, if not on /about/: an address outside in which {url} stands for the page's own.
SITE_CORRECTION_URL = env.str("SITE_CORRECTION_URL", default="")
# Where /about/ lets readers write to about mistakes and barriers, beside the hospitals' hotlines.
SITE_CORRECTION_EMAIL = env.str("SITE_CORRECTION_EMAIL", default="")
