"""How much one client may ask."""

import pytest

from assistant.serve import quota
from assistant.serve.quota import MINUTE, Quota, TooMany


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [quota.time.monotonic() + 1.0]
    monkeypatch.setattr(quota.time, "monotonic", lambda: now[0])
    return now


def asked(limits: Quota, client: str = "a") -> bool:
    try:
        with limits.admitted(client):
            return True
    except TooMany:
        return False


def test_a_minute_has_so_many_questions_and_they_grow_back(clock: list[float]) -> None:
    limits = Quota(6, 10)
    assert [asked(limits) for _ in range(7)] == [True] * 6 + [False]
    with pytest.raises(TooMany) as refused, limits.admitted("a"):
        pass
    assert refused.value.retry_after == 10  # a sixth of a minute
    clock[0] += refused.value.retry_after + 0.001
    assert [asked(limits) for _ in range(2)] == [True, False]
    clock[0] += 100 * MINUTE
    assert [asked(limits) for _ in range(7)] == [True] * 6 + [False]  # and never more than a minute's


def test_so_many_are_worked_on_at_a_time_and_one_that_fails_gives_its_place_back(clock: list[float]) -> None:
    limits = Quota(100, 2)
    with limits.admitted("a"):
        with pytest.raises(RuntimeError), limits.admitted("a"):
            assert not asked(limits) and asked(limits, "b")
            raise RuntimeError
        assert asked(limits)


def test_clients_are_forgotten_when_they_may_ask_as_if_they_never_had(clock: list[float]) -> None:
    limits = Quota(1, 1)
    for number in range(1001):
        assert asked(limits, f"client {number}")
    assert not asked(limits, "client 7")
    clock[0] += MINUTE
    with limits.admitted("client 7"):
        assert asked(limits, "new")
        assert len(limits._clients) == 2
