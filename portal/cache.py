"""The cache, which counts tries at signing in and nothing else: when it is away, people still sign in."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("portal")


class PatientRedisCache(RedisCache):
    """Redis that is missed and not needed: while it does not answer, every key is absent and nothing is stored.

    A deadline must not pass because a counter is away. Limits of tries rest meanwhile; the health page is red.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return self._away(default)

    def add(self, key: Any, value: Any, timeout: Any = 0, version: int | None = None) -> bool:
        try:
            return super().add(key, value, timeout, version)
        except RedisError:
            return bool(self._away(True))

    def set(self, key: Any, value: Any, timeout: Any = 0, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError:
            self._away(None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError:
            return bool(self._away(False))

    @staticmethod
    def _away(answer: Any) -> Any:
        log.warning("Redis does not answer: tries at signing in are not counted")
        return answer
