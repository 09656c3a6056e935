"""The floor page: a bare Django view that reads one table and renders 100 rows of 4 cells for a signed-in user."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from notifications.models import Notice


def floor(request: HttpRequest) -> HttpResponse:
    return render(request, "floor.html", {"rows": Notice.objects.order_by("pk")[:100]})


urlpatterns = [path("floor/", floor), path("", include("portal.urls"))]
