"""Addresses of the directory, open to everyone; what a page shows depends on the reader."""

from django.urls import path

from portal.directory import bodies, lists, participants

app_name = "directory"
urlpatterns = [
    path("members/", lists.participant_list, name="participant-list"),
    path("members/<slug:slug>/", participants.participant_detail, name="participant-detail"),
    path("bodies/", bodies.body_list, name="body-list"),
    path("bodies/<slug:slug>/", bodies.body_detail, name="body-detail"),
]
