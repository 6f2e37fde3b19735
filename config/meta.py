"""What the pages that join applications say of themselves (``publishing.meta``)."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.meta import feeds_of
from publishing.meta import NOT_INDEXED_BUT_FOLLOWED, Address, PageMeta, list_path


def home_meta() -> PageMeta:
    """The one page without breadcrumbs; it tells search engines where the site's own search is."""
    description = _("公立医院党支部的活动、品牌与报道：先审后发，数字按原文照录，每个数字都查得到出处。")
    site = {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": Address(reverse("home")),
        "inLanguage": "zh-CN",
        "description": description,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": Address(f"{reverse('search')}?q={{search_term_string}}")},
            "query-input": "required name=search_term_string",
        },
    }
    return PageMeta(
        title=_("首页：公立医院党支部的活动与品牌"),
        description=description,
        path=reverse("home"),
        json_ld=(site,),
        feeds=feeds_of(),
    )


def search_meta(query: str, page: int = 1) -> PageMeta:
    """Of a search the page with the empty form is the one worth finding."""
    own = reverse("search")
    return PageMeta(
        title=_("搜索“%s”") % query if query else _("搜索"),
        description=_("搜索各医院的支部、品牌、举措、活动与报道。"),
        path=list_path(own, {"q": query}, page),
        crumbs=((_("搜索"), own),),
        robots=NOT_INDEXED_BUT_FOLLOWED if query else "",
    )


def page_meta(title: str, description: str, url_name: str, *, name: str = "") -> PageMeta:
    """A page at a fixed address: 关于, 无障碍声明, 网站地图. ``name``: what the breadcrumbs call it."""
    own = reverse(url_name)
    return PageMeta(title=title, description=description, path=own, crumbs=((name or title, own),))


def site_map_meta() -> PageMeta:
    return page_meta(
        _("网站地图"), _("全站目录：各医院和它们的支部、品牌，活动类别、年份、标签、订阅与说明页面。"), "site_map"
    )
