"""All URLs. Pages that join applications are here, those of one application in its own urls.py."""

from django.contrib import admin
from django.urls import include, path, re_path

from config.views import discovery, home, organisation, pages, previews, records, search, system

urlpatterns = [
    path("", home.home, name="home"),
    path("hospitals/", organisation.hospital_list, name="hospital_list"),
    path("hospitals/<slug:slug>/", organisation.hospital_detail, name="hospital"),
    path("hospitals/<slug:hospital_slug>/branches/<slug:slug>/", organisation.branch_detail, name="branch"),
    path("", include("branches.urls")),
    path("activities/<str:reference>/", records.activity_detail, name="activity"),
    path("", include("articles.urls")),
    path("tags/<str:slug>/", records.tag_detail, name="tag"),
    path("search/", search.search, name="search"),
    path("preview/brand/<int:pk>/", previews.brand_preview, name="brand_preview"),
    path("preview/initiative/<int:pk>/", previews.initiative_preview, name="initiative_preview"),
    path("preview/report/<int:pk>/", previews.report_preview, name="report_preview"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("api/v1/", include("config.api_urls")),
    path("sitemap/", discovery.site_map, name="site_map"),
    path("sitemap.xml", discovery.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", discovery.sitemap_section, name="sitemap_section"),
    path("robots.txt", discovery.robots, name="robots"),
    path("care/", system.care, name="care"),
    path("healthz", system.health, name="health"),
    path("readyz", system.ready, name="ready"),
    re_path(r"^media/(?P<name>.+)$", system.media, name="media"),
    path("admin/", admin.site.urls),
]
