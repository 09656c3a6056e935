"""Addresses of meetings."""

from django.urls import path

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="meeting-list"),
    path("plan/", views.meeting_plan, name="meeting-plan"),
    path("<slug:slug>/", views.meeting_detail, name="meeting-detail"),
    path("<slug:slug>/next/", views.meeting_next, name="meeting-next"),
    path("<slug:slug>/change/", views.meeting_change, name="meeting-change"),
    path("<slug:slug>/checklist/", views.meeting_checklist, name="meeting-checklist"),
    path("<slug:slug>/checklist/usual/", views.checklist_take, name="checklist-take"),
    path("<slug:slug>/checklist/<int:pk>/done/", views.task_finish, name="task-finish"),
    path("<slug:slug>/checklist/<int:pk>/undo/", views.task_reopen, name="task-reopen"),
    path("<slug:slug>/checklist/<int:pk>/drop/", views.task_drop, name="task-drop"),
    path("<slug:slug>/invitation/", views.invitation_detail, name="invitation-detail"),
    path("<slug:slug>/invitation/prepare/", views.invitation_prepare, name="invitation-prepare"),
    path("<slug:slug>/invitation/ask/", views.invitation_ask, name="invitation-ask"),
    path("<slug:slug>/invitation/approve/", views.invitation_approve, name="invitation-approve"),
    path("<slug:slug>/delegation/", views.delegation_own, name="delegation-own"),
    path("<slug:slug>/delegation/<str:code>/", views.delegation_detail, name="delegation-detail"),
    path("<slug:slug>/delegation/<str:code>/answer/", views.delegation_answer, name="delegation-answer"),
    path("<slug:slug>/delegation/<str:code>/record/", views.delegation_record, name="delegation-record"),
    path("<slug:slug>/delegation/<str:code>/letter/", views.delegation_letter, name="delegation-letter"),
    path("<slug:slug>/delegation/<str:code>/letter/note/", views.delegation_letter_note, name="delegation-letter-note"),
    path("<slug:slug>/answers/", views.meeting_answers, name="meeting-answers"),
    path("<slug:slug>/delegation/<str:code>/note/<str:kind>/", views.delegation_note, name="delegation-note"),
    path("<slug:slug>/delegation/<str:code>/visa/<int:pk>/", views.delegate_visa, name="delegate-visa"),
    path("<slug:slug>/information/", views.information_detail, name="information-detail"),
    path("<slug:slug>/information/change/", views.information_change, name="information-change"),
    path("<slug:slug>/information/file/", views.information_file_view, name="information-file"),
    path("<slug:slug>/participants/", views.participant_list, name="participant-list"),
    path("<slug:slug>/participants/file/<str:form>/", views.participant_list_file, name="participant-list-file"),
    path("<slug:slug>/participants/freeze/", views.participant_list_freeze, name="participant-list-freeze"),
    path("<slug:slug>/participants/reopen/", views.participant_list_reopen, name="participant-list-reopen"),
    path("<slug:slug>/sheets/<str:kind>/", views.meeting_sheet, name="meeting-sheet"),
    path("<slug:slug>/papers/", views.meeting_papers, name="meeting-papers"),
    path("<slug:slug>/papers/<int:pk>/received/", views.paper_receive, name="paper-receive"),
    path("<slug:slug>/evidence/", views.meeting_evidence, name="meeting-evidence"),
    path("<slug:slug>/evidence/file/", views.meeting_evidence_file, name="meeting-evidence-file"),
    path("<slug:slug>/postpone/", views.meeting_postpone, name="meeting-postpone"),
    path("<slug:slug>/cancel/", views.meeting_cancel, name="meeting-cancel"),
]
