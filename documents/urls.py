"""Addresses of documents, under /documents/."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("", views.document_list, name="document-list"),
    path("upload/", views.document_upload, name="document-upload"),
    path("<int:pk>/", views.document_detail, name="document-detail"),
    path("<int:pk>/changes/", views.changes_choose, name="changes-choose"),
    path("<int:pk>/changes/<int:old>/<int:new>/", views.changes_detail, name="changes-detail"),
    path("<int:pk>/changes/<int:old>/<int:new>/file/", views.changes_file, name="changes-file"),
    path("<int:pk>/versions/upload/", views.version_upload, name="version-upload"),
    path("<int:pk>/versions/<int:number>/", views.version_detail, name="version-detail"),
    path("<int:pk>/versions/<int:number>/confirm/", views.version_confirm, name="version-confirm"),
    path("<int:pk>/versions/<int:number>/file/", views.version_file, name="version-file"),
]
