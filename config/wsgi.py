"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")


def _settle() -> None:
    """What is loaded stays as long as the process: the collector of garbage need not look through it again and again, while
    some visitor waits. Nor need it begin after every 700 objects, and look through all of them after 70,000: a table of sums
    makes more than that, of which none is garbage.
    """
    get_resolver().url_patterns  # noqa: B018 - loads the pages, which the first visitor would wait for
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)


application = get_wsgi_application()
_settle()
