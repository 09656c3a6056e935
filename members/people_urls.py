"""Addresses of people: teams, invitations, posts."""

from django.urls import path

from members.views import batches, invitations, people

app_name = "people"
urlpatterns = [
    path("people/", people.team, name="team"),
    path("people/invite/", people.invitation_send, name="invitation-send"),
    path("people/invitations/<int:pk>/renew/", people.invitation_renew, name="invitation-renew"),
    path("people/invitations/<int:pk>/revoke/", people.invitation_revoke, name="invitation-revoke"),
    path("people/confirm/", people.appointment_confirm, name="appointment-confirm"),
    path("people/vacant/", people.vacant_list, name="vacant-list"),
    path("people/invitations/", people.invitation_list, name="invitation-list"),
    path("people/batches/", batches.batch_list, name="batch-list"),
    path("people/batches/upload/", batches.batch_upload, name="batch-upload"),
    path("people/batches/<int:pk>/", batches.batch_detail, name="batch-detail"),
    path("people/batches/<int:pk>/send/", batches.batch_send, name="batch-send"),
    path("people/batches/<int:pk>/faults/", batches.batch_faults, name="batch-faults"),
    path("people/posts/<int:pk>/", people.appointment_detail, name="appointment-detail"),
    path("people/posts/<int:pk>/change/", people.appointment_change, name="appointment-change"),
    path("people/posts/<int:pk>/end/", people.appointment_end, name="appointment-end"),
    path("invitation/<str:token>/", invitations.invitation_accept, name="invitation-accept"),
]
