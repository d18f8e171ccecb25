"""Does one paper carry a trend? Slopes without each paper and without each thin year, in closed form.

After Pregibon (1981), Annals of Statistics 9(4), 705-724: one step of scoring from the fit with all papers.
"""

from dataclasses import dataclass

import numpy as np

from analysis.trends.cells import Cells

# years with fewer papers may lean on chance
THIN_YEAR = 10


@dataclass(frozen=True)
class Influence:
    """What moves one topic's slope most.

    Attributes
    ----------
    largest : float
        Change of the slope without the one paper or thin year that moves it most, in standard errors; at least 0.
    paper : int
        Cell of a paper of the topic without which the slope comes nearest to none.
    years : ndarray of float, shape (y,)
        Thin years whose papers lend the slope its direction.
    """

    largest: float
    paper: int
    years: np.ndarray


def find_influence(cells: Cells, successes: np.ndarray, shares: np.ndarray, slope: float) -> Influence:
    """Measure what single papers and thin years do to a slope.

    Parameters
    ----------
    cells : Cells
        c cells.
    successes, shares : ndarray, shape (c,)
        The topic's papers in each cell, and its fitted share.
    slope : float
        Log odds ratio per year.
    """
    _, codes = np.unique(cells.strata, return_inverse=True)
    weight = cells.trials * shares * (1 - shares)
    total = np.maximum(np.bincount(codes, weights=weight), 1e-12)
    centred = cells.time - (np.bincount(codes, weights=weight * cells.time) / total)[codes]
    information = max(float(weight @ centred**2), 1e-12)
    each = shares * (1 - shares)
    leverage = np.minimum(each * (centred**2 / information + 1 / total[codes]), 0.9)
    unit = centred / np.sqrt(information) / (1 - leverage)
    inside = np.where(successes > 0, unit * (1 - shares), 0.0)
    outside = np.where(cells.trials - successes > 0, unit * shares, 0.0)
    year, papers = np.unique(np.floor(cells.time), return_inverse=True)
    of_year = np.bincount(papers, weights=centred * (successes - cells.trials * shares)) / np.sqrt(information)
    thin = np.bincount(papers, weights=cells.trials) < THIN_YEAR
    largest = max(np.abs(inside).max(), np.abs(outside).max(), np.abs(of_year[thin]).max(initial=0.0))
    sign = np.sign(slope)
    return Influence(float(largest), int(np.argmax(sign * inside)), year[thin & (sign * of_year > 0)])
