"""Addresses of the directory's deeds. The pages of participants themselves belong to the portal's directory."""

from django.urls import path

from members.views import deeds, handover

app_name = "members"
urlpatterns = [
    path("admissions/", deeds.admission_list, name="admission-list"),
    path("admissions/propose/", deeds.admission_propose, name="admission-propose"),
    path("admissions/<int:pk>/", deeds.admission_detail, name="admission-detail"),
    path("admissions/<int:pk>/step/", deeds.admission_step, name="admission-step"),
    path("admissions/<int:pk>/drop/", deeds.admission_drop, name="admission-drop"),
    path("members/<slug:slug>/rename/", deeds.participant_rename, name="participant-rename"),
    path("members/<slug:slug>/merge/", deeds.participant_merge, name="participant-merge"),
    path("members/<slug:slug>/note/", handover.handover_note_change, name="handover-note-change"),
]
