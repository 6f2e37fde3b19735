from django.urls import path

from articles import feeds, views

urlpatterns = [
    path("articles/", views.article_list, name="article_list"),
    path("articles/<int:pk>/", views.article_detail, name="article"),
    path("feeds/articles.atom", feeds.article_feed, name="article_feed"),
    path("feeds/activities.atom", feeds.activity_feed, name="activity_feed"),
    path("feeds/<slug:slug>/articles.atom", feeds.article_feed, name="hospital_article_feed"),
    path("feeds/<slug:slug>/activities.atom", feeds.activity_feed, name="hospital_activity_feed"),
]
