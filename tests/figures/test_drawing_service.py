"""One browser for several processes."""

import os
from collections.abc import Iterator
from pathlib import Path

import plotly.graph_objects as go
import psutil
import pytest

import analysis.figures.static
from analysis.figures.drawing_service import drawing_service, served_folder
from analysis.figures.static import find_browser, render

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with drawing_service(found) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield int(next(iter(environment.values())).partition(":")[0])


def test_pictures_are_those_of_a_session_of_ones_own_and_no_other_browser_is_started(
    service: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = go.Figure(go.Bar(x=["a", "b"], y=[1, 2]))
    with monkeypatch.context() as without:
        without.delenv("TOPICTRENDS_DRAWING")
        alone = render([(figure, "svg"), (figure, "png")])
    monkeypatch.setattr(analysis.figures.static, "_run_session", lambda *_: pytest.fail("a session of its own"))
    assert render([(figure, "svg"), (figure, "png")]) == alone
    folder = served_folder()
    assert folder is not None
    assert list(folder.iterdir()) == []


def test_a_service_that_dies_is_replaced_by_a_session_of_ones_own(service: int) -> None:
    psutil.Process(service).kill()
    psutil.Process(service).wait(10)
    assert served_folder() is None
    (picture,), problem = render([(go.Figure(), "svg")])
    assert (picture is not None, problem) == (True, "")


@pytest.mark.parametrize("value", ["", "x:/tmp", "999999999:/tmp", "own:/nowhere/at/all"])
def test_what_names_no_living_service_is_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPICTRENDS_DRAWING", value.replace("own", str(os.getpid())))
    assert served_folder() is None


def test_nothing_is_served_without_a_browser_and_nothing_is_left_behind() -> None:
    with drawing_service(None) as environment:
        assert environment == {}
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with drawing_service(found) as environment:
        number, _, folder = next(iter(environment.values())).partition(":")
        assert psutil.pid_exists(int(number))
    assert not psutil.pid_exists(int(number))
    assert not Path(folder).exists()
