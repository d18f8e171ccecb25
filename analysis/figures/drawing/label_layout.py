"""Where names go on a map: beside the dots rather than on them, and never on each other."""

import numpy as np

_DIRECTIONS = 16
_RADII = (0.0, 14.0, 26.0, 40.0, 56.0, 74.0, 95.0, 120.0)
# a covered dot costs as much as this many pixels of distance; an overlapping name, and a line through one, as much as many
_DOT, _NAME, _LINE = 30.0, 2_000.0, 60.0
_ROUNDS = 2
# points of a line at which it may run into a name
_STEPS = 24
# pixels from a dot's middle to the name beside it
_BESIDE = 4.0
# pixels between a circle and the name beside it
_BEYOND = (2.0, 8.0, 15.0)


def lay_out_labels(
    centres: np.ndarray, sizes: np.ndarray, dots: np.ndarray, bounds: tuple[float, float, float, float]
) -> np.ndarray:
    """Place a box for each centre near it, over few dots and over no other box.

    Parameters
    ----------
    centres : ndarray of float, shape (k, 2)
        What each box names, in pixels.
    sizes : ndarray of float, shape (k, 2)
        Widths and heights, in pixels.
    dots : ndarray of float, shape (n, 2)
    bounds : left, right, low, high

    Returns
    -------
    ndarray of float, shape (k, 2)
        Centres of the boxes; none overlap unless the bounds are too small for all of them.
    """
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    offsets = np.array([(r * np.cos(a), r * np.sin(a)) for r in _RADII for a in (angles if r else angles[:1])])
    positions = centres.astype(float).copy()
    settled = np.zeros(len(centres), dtype=bool)
    for _ in range(_ROUNDS):
        for i in np.argsort(-sizes[:, 0], kind="stable"):
            candidates = _clipped(centres[i] + offsets * (1, 0.8), sizes[i], bounds)
            others = settled.copy()
            others[i] = False
            cost = np.hypot(*(candidates - centres[i]).T)
            cost += _DOT * _covered(candidates, sizes[i], dots)
            cost += _NAME * _overlaps(candidates, sizes[i], positions[others], sizes[others])
            # neither the line to this name through another, nor another's line through this
            cost += _LINE * _crossings(candidates, centres[i], positions[others], sizes[others])
            for other in np.flatnonzero(others):
                cost += _LINE * _crossings(positions[[other]], centres[other], candidates, sizes[i], each=True)
            positions[i] = candidates[int(cost.argmin())]
            settled[i] = True
    x, y = spread_labels(positions[:, 0], positions[:, 1], sizes[:, 0], sizes[:, 1], bounds)
    return np.column_stack([x, y])


def stack_labels(wanted: np.ndarray, heights: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return where the middles of boxes in one column stand: in the order that is wanted, apart, and moved least.

    Least squares under the gaps, by pooling neighbours that would overlap.

    Parameters
    ----------
    wanted : ndarray of float, shape (k,)
        Wanted middles.
    heights : ndarray of float, shape (k,)
    low, high : float
        Where boxes may lie, if there is room for all of them.

    Examples
    --------
    >>> stack_labels(np.array([5.0, 5.0]), np.array([4.0, 4.0]), 0, 20).tolist()
    [3.0, 7.0]
    """
    order = np.argsort(wanted, kind="stable")
    tall = heights[order]
    # how far each box's middle lies above that of the first one, all of them touching
    above = np.concatenate([[0.0], np.cumsum((tall[1:] + tall[:-1]) / 2)]) if len(order) else np.zeros(0)
    pools: list[tuple[float, int]] = []
    for value in wanted[order] - above:
        pools.append((float(value), 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (one, few), (other, more) = pools[-2:]
            pools[-2:] = [((one * few + other * more) / (few + more), few + more)]
    starts = np.repeat([value for value, _ in pools], [count for _, count in pools]) if pools else np.zeros(0)
    if len(starts):
        starts = np.clip(starts, low + tall[0] / 2, max(high - tall[-1] / 2 - above[-1], low + tall[0] / 2))
    placed = np.empty(len(order))
    placed[order] = starts + above
    return placed


def place_near(
    centres: np.ndarray,
    radii: np.ndarray,
    sizes: np.ndarray,
    bounds: tuple[float, float, float, float],
    dots: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Place each box beside its own circle, over no circle and no other box; those that find no room are left out.

    Parameters
    ----------
    centres : ndarray of float, shape (k, 2)
        Of the circles, in pixels, the most important first.
    radii : ndarray of float, shape (k,)
    sizes : ndarray of float, shape (k, 2)
    bounds : left, right, low, high
    dots : ndarray of float, shape (n, 2), optional
        What boxes had better not cover.

    Returns
    -------
    positions : ndarray of float, shape (k, 2)
        Centres of the boxes.
    kept : ndarray of bool, shape (k,)
    """
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    turns = np.column_stack([np.cos(angles), np.sin(angles)])
    positions, kept = centres.astype(float).copy(), np.zeros(len(centres), dtype=bool)
    for i in range(len(centres)):
        for beyond in _BEYOND:
            # the box touches a circle of this radius in each direction
            candidates = centres[i] + turns * (radii[i] + beyond + sizes[i] / 2)
            cost = np.hypot(*(candidates - centres[i]).T)
            if dots is not None:
                cost += _DOT * _covered(candidates, sizes[i], dots)
            inside = (candidates == _clipped(candidates, sizes[i], bounds)).all(axis=1)
            free = inside & (_overlaps(candidates, sizes[i], positions[kept], sizes[kept]) == 0)
            free &= ~_touched(candidates, sizes[i], centres, radii)
            if free.any():
                positions[i], kept[i] = candidates[int(np.where(free, cost, np.inf).argmin())], True
                break
    return positions, kept


def _touched(boxes: np.ndarray, size: np.ndarray, centres: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Return which boxes a circle reaches into."""
    away = np.maximum(np.abs(boxes[:, None, :] - centres[None, :, :]) - size / 2, 0)
    return np.asarray((np.hypot(away[..., 0], away[..., 1]) < radii[None, :]).any(axis=1))


def _clipped(boxes: np.ndarray, size: np.ndarray, bounds: tuple[float, float, float, float]) -> np.ndarray:
    low = np.array([bounds[0], bounds[2]]) + size / 2
    high = np.array([bounds[1], bounds[3]]) - size / 2
    return np.asarray(np.clip(boxes, low, np.maximum(low, high)))


def _covered(boxes: np.ndarray, size: np.ndarray, dots: np.ndarray) -> np.ndarray:
    """Return how many dots lie under each box."""
    under = np.abs(boxes[:, None, :] - dots[None, :, :]) <= size / 2 + _BESIDE
    return np.asarray(under.all(axis=2).sum(axis=1))


def _overlaps(boxes: np.ndarray, size: np.ndarray, others: np.ndarray, other_sizes: np.ndarray) -> np.ndarray:
    """Return how many of the other boxes each box overlaps."""
    over = np.abs(boxes[:, None, :] - others[None, :, :]) < (size + other_sizes)[None, :, :] / 2
    return np.asarray(over.all(axis=2).sum(axis=1))


def _crossings(
    ends: np.ndarray, start: np.ndarray, boxes: np.ndarray, sizes: np.ndarray, each: bool = False
) -> np.ndarray:
    """Return into how many of the boxes the line from `start` to each end runs; with `each`, which boxes it runs into."""
    steps = np.linspace(0.0, 1.0, _STEPS)[None, :, None]
    points = start + (ends[:, None, :] - start) * steps
    within = np.abs(points[:, :, None, :] - boxes[None, None, :, :]) < sizes / 2
    struck = within.all(axis=3).any(axis=1)
    return np.asarray(struck.any(axis=0) if each else struck.sum(axis=1))


def spread_labels(
    x: np.ndarray, y: np.ndarray, widths: np.ndarray, heights: np.ndarray, bounds: tuple[float, float, float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Move label boxes apart until none overlap, as little as that takes.

    Parameters
    ----------
    x, y : ndarray of float, shape (k,)
        Wanted centres, in pixels.
    widths, heights : ndarray of float, shape (k,)
        Sizes of the boxes, in pixels.
    bounds : left, right, low, high
        Where boxes may lie.

    Returns
    -------
    x, y : ndarray of float, shape (k,)
    """
    x, y = x.astype(float).copy(), y.astype(float).copy()
    wanted_x, wanted_y = x.copy(), y.copy()
    for turn in range(600):
        # the pull home fades, so that the last word is that nothing overlaps
        pull = 0.02 * max(0.0, 1 - turn / 400)
        x += pull * (wanted_x - x)
        y += pull * (wanted_y - y)
        moved = False
        for i in range(len(x)):
            for j in range(i + 1, len(x)):
                over_x = (widths[i] + widths[j]) / 2 - abs(x[i] - x[j])
                over_y = (heights[i] + heights[j]) / 2 - abs(y[i] - y[j])
                if over_x <= 0 or over_y <= 0:
                    continue
                moved = True
                if over_y <= over_x:
                    shift = (over_y / 2 + 0.1) * (1 if y[i] >= y[j] else -1)
                    y[i], y[j] = y[i] + shift, y[j] - shift
                else:
                    shift = (over_x / 2 + 0.1) * (1 if x[i] >= x[j] else -1)
                    x[i], x[j] = x[i] + shift, x[j] - shift
        x = np.clip(x, bounds[0] + widths / 2, bounds[1] - widths / 2)
        y = np.clip(y, bounds[2] + heights / 2, bounds[3] - heights / 2)
        if not moved and pull == 0:
            break
    return x, y
