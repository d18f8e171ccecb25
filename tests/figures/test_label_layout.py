"""Where names go: in a column, and beside circles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.drawing.label_layout import lay_out_labels, place_near, stack_labels


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 30)), min_size=1, max_size=20))
def test_names_of_a_column_keep_their_order_and_keep_apart(boxes: list[tuple[float, float]]) -> None:
    wanted, heights = np.array([box[0] for box in boxes]), np.array([box[1] for box in boxes])
    placed = stack_labels(wanted, heights, 0, 300)
    order = np.argsort(wanted, kind="stable")
    gaps = np.diff(placed[order]) - (heights[order][1:] + heights[order][:-1]) / 2
    assert (gaps >= -1e-6).all()
    if heights.sum() <= 300:
        assert placed[order[0]] >= heights[order[0]] / 2 - 1e-6
        assert placed[order[-1]] <= 300 - heights[order[-1]] / 2 + 1e-6


def test_names_that_have_room_stay_where_they_are_wanted() -> None:
    wanted = np.array([20.0, 60.0, 100.0])
    np.testing.assert_allclose(stack_labels(wanted, np.full(3, 12.0), 0, 200), wanted)


def test_a_name_stands_beside_its_own_circle_or_is_left_out() -> None:
    rng = np.random.default_rng(0)
    centres = rng.uniform(0, 200, (70, 2))
    radii, sizes = np.full(70, 6.0), np.tile([60.0, 12.0], (70, 1))
    placed, kept = place_near(centres, radii, sizes, (0, 200, 0, 200))
    assert 2 < kept.sum() < 70
    for number in np.flatnonzero(kept):
        away = np.maximum(np.abs(placed[number] - centres) - sizes[number] / 2, 0)
        gaps = np.hypot(*away.T) - radii
        # over no circle, and no farther from its own than the farthest step
        assert gaps.min() >= -1e-9
        assert gaps[number] <= 22


def test_names_on_a_map_cover_no_dots_where_there_is_room_beside_them() -> None:
    rng = np.random.default_rng(1)
    centres = np.array([[150.0, 150.0], [350.0, 150.0], [250.0, 330.0]])
    dots = np.concatenate([centre + rng.normal(0, 14, (40, 2)) for centre in centres])
    sizes = np.tile([90.0, 24.0], (3, 1))
    placed = lay_out_labels(centres, sizes, dots, (0, 500, 0, 500))
    assert not (np.abs(placed[:, None] - dots[None]) <= sizes[0] / 2).all(axis=2).any()


def test_no_line_from_a_topic_to_its_name_runs_through_another_name() -> None:
    # two topics one above the other, with dots all around but above
    centres = np.array([[200.0, 200.0], [200.0, 240.0]])
    dots = np.array([[x, y] for x in range(60, 345, 8) for y in range(60, 262, 8)], dtype=float)
    sizes = np.tile([80.0, 14.0], (2, 1))
    placed = lay_out_labels(centres, sizes, dots, (0, 400, 0, 400))
    for number, other in ((0, 1), (1, 0)):
        line = centres[number] + (placed[number] - centres[number]) * np.linspace(0, 1, 50)[:, None]
        assert not (np.abs(line - placed[other]) < sizes[0] / 2).all(axis=1).any()
