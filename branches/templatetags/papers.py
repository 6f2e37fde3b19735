"""The style of a sheet that is a file and not a page of the site."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
@cache
def paper_style() -> SafeString:
    """Inside the file: it is opened from any folder, where no stylesheet lies beside it and no policy applies."""
    styles = (Path(finders.find(f"css/{name}.css")).read_text(encoding="utf-8") for name in ("paper", "pack_paper"))
    return mark_safe(f"<style>\n{''.join(styles)}</style>")  # our own files
