"""The addresses of pages and files; other programs rely on them."""

from django.contrib.auth import views as auth
from django.urls import path
from django.views.generic import RedirectView

from incidents import seeing, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="incident-list", query_string=True), name="home"),
    path("incidents/", views.incident_list, name="incident-list"),
    path("incidents/<str:code>/", views.incident_detail, name="incident-detail"),
    path("incidents/<str:code>/sheet/", views.incident_sheet, name="incident-sheet"),
    path(
        "incidents/<str:code>/picture.<str:form>", views.incident_picture, name="incident-picture"
    ),
    path("incidents.csv", views.table_csv, {"table": "incidents"}, name="incidents-csv"),
    path("claims.csv", views.table_csv, {"table": "claims"}, name="claims-csv"),
    path("package.zip", views.package_zip, name="package-zip"),
    path("map/", seeing.map_page, name="map"),
    path("map.svg", seeing.map_picture, {"form": "svg"}, name="map-svg"),
    path("map.png", seeing.map_picture, {"form": "png"}, name="map-png"),
    path("summary/", seeing.summary, name="summary"),
    path("compare/", seeing.compare, name="compare"),
    path("timeline.svg", seeing.timeline_picture, {"form": "svg"}, name="timeline-svg"),
    path("timeline.png", seeing.timeline_picture, {"form": "png"}, name="timeline-png"),
    path("timeline/", seeing.timeline, name="timeline"),
    path("sources/", views.source_list, name="source-list"),
    path("sources/<slug:slug>/", views.source_detail, name="source-detail"),
    path("articles/<int:pk>/", views.article_detail, name="article-detail"),
    path("codebook/", views.codebook_page, name="codebook"),
    path("accounts/logout/", auth.LogoutView.as_view(), name="logout"),
    path("healthz", views.healthz, name="healthz"),
]
