import pytest

from tests.factories.circulations import Stage


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()
