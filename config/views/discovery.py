"""Pages that say what there is: for search engines, and the site map for people."""

from django.contrib.sitemaps.views import index, sitemap
from django.shortcuts import render
from django.urls import reverse

from config.meta import site_map_meta
from config.site_map import site_map_of
from config.sitemaps import sections_as_of
from publishing.freshness import public_page


@public_page
def sitemap_index(request):
    return index(request, sections_as_of(request.stamp), sitemap_url_name="sitemap_section")


@public_page
def sitemap_section(request, section):
    return sitemap(request, sections_as_of(request.stamp), section)


@public_page
def robots(request):
    context = {"sitemap": request.build_absolute_uri(reverse("sitemap"))}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


@public_page
def site_map(request):
    context = {"meta": site_map_meta(), "map": request.stamp.kept(("site map",), site_map_of)}
    return render(request, "site_map.html", context)
