from django.urls import path

from config import api

urlpatterns = [
    path("", api.Root.as_view(), name="api_root"),
    path("openapi.json", api.OpenApi.as_view(), name="api_openapi"),
    path("hospitals/", api.HospitalList.as_view(), name="api_hospitals"),
    path("hospitals/<slug:slug>/", api.HospitalRecord.as_view(), name="api_hospital"),
    path("branches/", api.BranchList.as_view(), name="api_branches"),
    path("branches/<slug:hospital_slug>/<slug:slug>/", api.BranchRecord.as_view(), name="api_branch"),
    path("brands/", api.BrandList.as_view(), name="api_brands"),
    path("brands/<int:id>/", api.BrandRecord.as_view(), name="api_brand"),
    path("activities/", api.ActivityList.as_view(), name="api_activities"),
    path("activities/<str:reference>/", api.ActivityRecord.as_view(), name="api_activity"),
    path("articles/", api.ArticleList.as_view(), name="api_articles"),
    path("articles/<int:id>/", api.ArticleRecord.as_view(), name="api_article"),
]
