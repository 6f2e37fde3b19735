from django.urls import path

from branches import calendars, views

urlpatterns = [
    path("brands/", views.brand_wall, name="brand_wall"),
    path("activities.csv", views.activity_download, {"extension": "csv"}, name="activity_csv"),
    path("activities.xlsx", views.activity_download, {"extension": "xlsx"}, name="activity_xlsx"),
    path("activities.ics", calendars.activity_calendar, name="activity_ics"),
    path("activities/", views.activity_list, name="activity_list"),
    path("statistics.csv", views.statistics_download, {"extension": "csv"}, name="statistics_csv"),
    path("statistics.xlsx", views.statistics_download, {"extension": "xlsx"}, name="statistics_xlsx"),
    path("statistics/", views.statistics, name="statistics"),
]
