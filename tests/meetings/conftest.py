import pytest

from tests.factories.called import CalledStage


@pytest.fixture
def called(db: None) -> CalledStage:
    return CalledStage()
