"""Without Redis people still sign in: a deadline must not pass because a counter is away."""

import pytest
from django.test import Client

from tests.factories.directory import ForumFactory, UserFactory

pytestmark = pytest.mark.django_db

AWAY = {"LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": {"socket_connect_timeout": 1}}


def sign_in(password: str) -> int:
    answer = Client().post("/accounts/login/", {"login": "delegate@members.example", "password": password})
    return answer.status_code


@pytest.fixture
def person(db: None) -> None:
    ForumFactory()
    UserFactory(email="delegate@members.example")


def test_people_sign_in_while_redis_is_away(person: None, settings: object) -> None:
    settings.CACHES = {"default": {"BACKEND": "portal.cache.PatientRedisCache", **AWAY}}  # type: ignore[attr-defined]
    assert sign_in("correct horse battery staple") == 302
    assert sign_in("wrong") == 200


def test_twin_with_django_own_cache_nobody_signs_in(person: None, settings: object) -> None:
    from redis.exceptions import RedisError

    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, **AWAY}}  # type: ignore[attr-defined]
    with pytest.raises(RedisError):
        sign_in("correct horse battery staple")
