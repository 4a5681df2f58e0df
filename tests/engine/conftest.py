import pytest
from engine_support import PlanCounter


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> PlanCounter:
    return PlanCounter().install(monkeypatch)
