"""Addresses of circulations and the register."""

from django.urls import path

from endorsements import views

app_name = "endorsements"
urlpatterns = [
    path("circulations/", views.circulation_list, name="circulation-list"),
    path("circulations/prepare/", views.circulation_prepare, name="circulation-prepare"),
    path("circulations/<slug:ref>/", views.circulation_detail, name="circulation-detail"),
    path("circulations/<slug:ref>/live/", views.circulation_live, name="circulation-live"),
    path("circulations/<slug:ref>/certificate/", views.circulation_certificate, name="circulation-certificate"),
    path("circulations/<slug:ref>/file/", views.circulation_file, name="circulation-file"),
    path("circulations/<slug:ref>/change/", views.circulation_change, name="circulation-change"),
    path("circulations/<slug:ref>/ask/", views.circulation_ask, name="circulation-ask"),
    path("circulations/<slug:ref>/approve/", views.circulation_approve, name="circulation-approve"),
    path("circulations/<slug:ref>/reply/check/", views.position_check, name="position-check"),
    path("circulations/<slug:ref>/reply/edit/", views.position_edit, name="position-edit"),
    path("circulations/<slug:ref>/reply/", views.position_record, name="position-record"),
    path("circulations/<slug:ref>/receipts/<int:pk>/", views.position_receipt, name="position-receipt"),
    path("circulations/<slug:ref>/receipts/<int:pk>/text/", views.position_receipt_file, name="position-receipt-file"),
    path("circulations/<slug:ref>/receipts/<int:pk>/contest/", views.position_contest, name="position-contest"),
    path("circulations/<slug:ref>/receipts/<int:pk>/note/", views.position_note, name="position-note"),
    path("circulations/<slug:ref>/otherwise/", views.position_otherwise, name="position-otherwise"),
    path("circulations/<slug:ref>/evidence/", views.circulation_evidence, name="circulation-evidence"),
    path("circulations/<slug:ref>/evidence/file/", views.circulation_evidence_file, name="circulation-evidence-file"),
    path("circulations/<slug:ref>/tell/<slug:code>/", views.circulation_tell, name="circulation-tell"),
    *(
        path(f"circulations/<slug:ref>/{address}/", view, name=f"circulation-{name}")
        for address, view, name in (
            ("extend", views.circulation_extend, "extend"),
            ("remind", views.circulation_remind, "remind"),
            ("correct", views.circulation_correct, "correct"),
            ("new-clock", views.circulation_new_clock, "new-clock"),
            ("withdraw", views.circulation_withdraw, "withdraw"),
            ("decide", views.circulation_decide, "decide"),
            ("decide/confirm", views.circulation_confirm, "confirm"),
            ("decide/again", views.circulation_open_again, "open-again"),
            ("decide/aside", views.circulation_set_aside, "set-aside"),
        )
    ),
    path("register/", views.register, name="register"),
    path("register/export/", views.register_export, name="register-export"),
    path("register/own/<slug:slug>/", views.register_own, name="register-own"),
    path("register/heads/", views.register_heads, name="register-heads"),
    path("register/heads/file/", views.register_heads_file, name="register-heads-file"),
    path("register/heads/check/", views.register_check, name="register-check"),
]
