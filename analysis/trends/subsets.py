"""All subsets of a stratum at once: how much those of one size weigh, and what their covariates add up to."""

import numpy as np

from analysis.io.compiled import compiled

# powers beyond this are held there: nothing overflows, and a stratum's weights may differ by the square of what a number holds
_FURTHEST = 690.0


@compiled
def subset_moments(
    values: np.ndarray,
    stops: np.ndarray,
    inside: np.ndarray,
    slopes: np.ndarray,
    mean: np.ndarray,
    covariance: np.ndarray,
) -> float:
    """Sum over strata the log of the summed weights of all subsets of a size, and the moments of their sums.

    A subset weighs e to the power of its papers' covariates times the slopes. Papers are added one by one, and ratios of the
    weights of neighbouring sizes are kept instead of the weights: these would overflow.

    Parameters
    ----------
    values : ndarray of float64, shape (n, p)
        Covariates of papers, stratum by stratum.
    stops : ndarray of int64, shape (s,)
        Where each stratum ends.
    inside : ndarray of int64, shape (s,)
        Papers in a subset of each stratum.
    slopes : ndarray of float64, shape (p,)
    mean : ndarray of float64, shape (p,)
        Holds the mean of the sums of covariates.
    covariance : ndarray of float64, shape (p, p)
        Holds their covariance.
    """
    width, most = values.shape[1], 1
    for wanted in inside:
        most = max(most, wanted + 1)
    ratio, weight = np.zeros(most), 0.0
    sums, squares = np.zeros((most, width)), np.zeros((most, width, width))
    for one in range(width):
        mean[one] = 0.0
        for other in range(width):
            covariance[one, other] = 0.0
    start = 0
    for stratum in range(len(stops)):
        stop, wanted = stops[stratum], inside[stratum]
        for size in range(wanted + 1):
            ratio[size] = 0.0
            for one in range(width):
                sums[size, one] = 0.0
                for other in range(width):
                    squares[size, one, other] = 0.0
        highest, lowest = -np.inf, np.inf
        for paper in range(start, stop):
            power = _product(values, paper, slopes)
            highest, lowest = max(highest, power), min(lowest, power)
        middle = (highest + lowest) / 2
        for paper in range(start, stop if wanted else start):
            power = _product(values, paper, slopes) - middle
            own = np.exp(min(_FURTHEST, max(-_FURTHEST, power)))
            for size in range(min(paper - start + 1, wanted), 0, -1):
                # a larger subset is one without this paper, or one of the next smaller size with it
                share = own / (ratio[size] + own)
                for one in range(width):
                    for other in range(width):
                        grown = values[paper, one] * (values[paper, other] + sums[size - 1, other])
                        grown += sums[size - 1, one] * values[paper, other] + squares[size - 1, one, other]
                        squares[size, one, other] += share * (grown - squares[size, one, other])
                for one in range(width):
                    sums[size, one] += share * (values[paper, one] + sums[size - 1, one] - sums[size, one])
                # subsets of the next smaller size weigh more by this paper, too
                below = ratio[size - 1]
                ratio[size] += own
                if size > 1 and own > below:
                    ratio[size] = ratio[size] / (below + own) * below
                elif size > 1:
                    ratio[size] /= 1.0 + own / below
        for size in range(1, wanted + 1):
            weight += np.log(ratio[size]) + middle
        for one in range(width):
            mean[one] += sums[wanted, one]
            for other in range(width):
                covariance[one, other] += squares[wanted, one, other] - sums[wanted, one] * sums[wanted, other]
        start = stop
    return weight


@compiled
def _product(values: np.ndarray, row: int, slopes: np.ndarray) -> float:
    total = 0.0
    for column in range(len(slopes)):
        total += values[row, column] * slopes[column]
    return total
