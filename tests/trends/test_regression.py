"""Firth-penalised logistic regression."""

import warnings

import numpy as np
import pytest
from firthmodels import FirthLogisticRegression
from scipy import optimize, stats
from sklearn.exceptions import ConvergenceWarning

from analysis.errors import TrendsError
from analysis.trends.cells import Cells
from analysis.trends.regression import drop_in_loglik, fit_firth, profile_interval
from analysis.trends.regression_batch import fit_firth_batch, profile_ends


def penalised(beta: np.ndarray, design: np.ndarray, response: np.ndarray) -> float:
    """The penalised log-likelihood, written out plainly."""
    mean = 1 / (1 + np.exp(-design @ beta))
    information = design.T @ np.diag(mean * (1 - mean)) @ design
    loglik = np.sum(response * np.log(mean) + (1 - response) * np.log(1 - mean))
    return float(loglik + 0.5 * np.log(np.linalg.det(information)))


def sample(n: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    design = np.column_stack([rng.normal(size=n), np.ones(n), rng.integers(0, 2, n)])
    response = (rng.random(n) < 1 / (1 + np.exp(-(0.8 * design[:, 0] - 0.5)))).astype(float)
    return design, response


def test_a_two_by_two_table_is_half_a_count_more_in_each_cell() -> None:
    a, b, c, d = 7, 3, 2, 9
    exposed = np.repeat([1, 1, 0, 0], [a, b, c, d]).astype(float)
    response = np.repeat([1, 0, 1, 0], [a, b, c, d]).astype(float)
    fit = fit_firth(np.column_stack([exposed, np.ones(len(exposed))]), response)
    assert fit.coefficients[0] == pytest.approx(np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))), abs=1e-6)


def test_the_estimate_maximises_the_penalised_likelihood() -> None:
    design, response = sample()
    fit = fit_firth(design, response)
    best = optimize.minimize(
        lambda beta: -penalised(beta, design, response), np.zeros(3), method="BFGS", options={"gtol": 1e-8}
    )
    np.testing.assert_allclose(fit.coefficients, best.x, atol=1e-4)
    assert fit.loglik == pytest.approx(-best.fun, abs=1e-6)


def test_the_interval_ends_where_the_profile_drops_by_the_quantile() -> None:
    design, response = sample()
    fit = fit_firth(design, response)
    for end in profile_interval(design, response, fit, 0):
        rest = optimize.minimize(
            lambda others, end=end: -penalised(np.array([end, *others]), design, response),
            fit.coefficients[1:],
            method="BFGS",
        )
        assert 2 * (fit.loglik + rest.fun) == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-3)


def test_separation_gives_a_finite_estimate() -> None:
    time = np.linspace(-1, 1, 20)
    design = np.column_stack([time, np.ones(20)])
    fit = fit_firth(design, (time > 0).astype(float))
    low, high = profile_interval(design, (time > 0).astype(float), fit, 0)
    assert 0 < low < fit.coefficients[0] < high
    assert np.isfinite(fit.coefficients).all()


def test_a_single_success_is_fitted() -> None:
    time = np.linspace(-1, 1, 50)
    response = np.zeros(50)
    response[-1] = 1
    assert fit_firth(np.column_stack([time, np.ones(50)]), response).coefficients[0] > 0


def test_columns_that_say_the_same_are_refused() -> None:
    design = np.column_stack([np.ones(10), np.ones(10)])
    with pytest.raises(TrendsError, match="rank-deficient"):
        fit_firth(design, np.tile([0.0, 1.0], 5))


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        time = rng.uniform(-2, 2, 80)
        response = (rng.random(80) < 1 / (1 + np.exp(-(0.5 * time - 1)))).astype(float)
        design = np.column_stack([time, np.ones(80)])
        low, high = profile_interval(design, response, fit_firth(design, response), 0)
        covered += low <= 0.5 <= high
    # 95 % of 200 is 190, with a standard error of 3
    assert 180 <= covered <= 199


def test_papers_counted_together_give_the_same_fit_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    time = rng.integers(0, 6, 90).astype(float)
    response = (rng.random(90) < 1 / (1 + np.exp(-(0.4 * time - 1)))).astype(float)
    years = np.unique(time)
    trials = np.array([(time == year).sum() for year in years], dtype=float)
    successes = np.array([response[time == year].sum() for year in years])
    single = np.column_stack([time, np.ones(90)])
    grouped = np.column_stack([years, np.ones(len(years))])
    one, other = fit_firth(single, response), fit_firth(grouped, successes, trials)
    np.testing.assert_allclose(other.coefficients, one.coefficients, atol=1e-7)
    np.testing.assert_allclose(other.covariance, one.covariance, atol=1e-7)
    np.testing.assert_allclose(
        profile_interval(grouped, successes, other, 0, trials=trials),
        profile_interval(single, response, one, 0),
        atol=1e-6,
    )


def test_the_drop_of_the_likelihood_is_that_of_the_model_without_the_column() -> None:
    design, response = sample()
    fit = fit_firth(design, response)
    best = optimize.minimize(
        lambda rest: -penalised(np.array([0.0, *rest]), design, response), fit.coefficients[1:], method="BFGS"
    )
    assert drop_in_loglik(design, response, fit, [0]) == pytest.approx(fit.loglik + best.fun, abs=1e-5)


def separated() -> tuple[np.ndarray, np.ndarray]:
    """Return two groups; in the first every case is a success."""
    exposed = np.repeat([1.0, 0.0, 0.0], [6, 10, 14])
    return np.column_stack([exposed, np.ones(30)]), np.repeat([1.0, 1.0, 0.0], [6, 10, 14])


def test_complete_separation_has_the_closed_form_of_half_counts() -> None:
    design, response = separated()
    fit = fit_firth(design, response)
    assert fit.coefficients[0] == pytest.approx(np.log((6.5 / 0.5) / (10.5 / 14.5)), abs=1e-6)
    low, high = profile_interval(design, response, fit, 0)
    assert 0 < low < fit.coefficients[0] < high


def sparse_data(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Data of a few dozen papers in two strata; in half of them the response is separated by the first column."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(20, 80))
    design = np.column_stack([3 * rng.normal(size=size), np.arange(size) % 2 == 0, np.arange(size) % 2 == 1]).astype(
        float
    )
    response = design[:, 0] > rng.normal(1.5, 0.9) if seed % 2 else rng.random(size) < 0.2
    response[0] = not response[1:].all()
    return design, response.astype(float)


@pytest.mark.parametrize("seed", range(40))
def test_estimates_and_intervals_are_those_of_another_package(seed: int) -> None:
    design, response = sparse_data(seed)
    with warnings.catch_warnings():
        # it takes no step shorter than rounding for a failure to converge
        warnings.simplefilter("ignore", ConvergenceWarning)
        other = FirthLogisticRegression(fit_intercept=False, gtol=1e-9, xtol=1e-9, max_iter=500).fit(design, response)
        known = other.conf_int(method="pl", features=0, max_iter=500, tol=1e-9).ravel()
    ours = fit_firth(design, response)
    np.testing.assert_allclose(ours.coefficients, other.coef_, rtol=1e-6, atol=1e-6)
    for end, theirs in zip(profile_interval(design, response, ours, 0), known[:2], strict=True):
        # far out the profile is all but flat, and its end a matter of the search
        assert (end == pytest.approx(theirs, rel=1e-5, abs=1e-5)) if abs(theirs) < 8 else abs(end) > 7.9


def test_fits_of_many_responses_together_are_those_one_by_one() -> None:
    rng = np.random.default_rng(0)
    time, strata = rng.uniform(2016, 2026, 150), rng.integers(0, 3, 150)
    cells = Cells.of(time, strata)
    members = rng.random((150, 12)) < np.linspace(0.01, 0.6, 12)
    members[0] = True
    members[:, 0] = time > 2025.5
    successes = cells.successes(members)
    starts = cells.level_starts(successes, 1)
    together = fit_firth_batch(cells.rows, successes, cells.trials, starts)
    ends = profile_ends(cells.design, successes, cells.trials, together, 0.95)
    for column in range(12):
        alone = fit_firth(cells.design, successes[:, column], cells.trials, starts[column])
        np.testing.assert_allclose(together.coefficients[column], alone.coefficients, atol=1e-6)
        np.testing.assert_allclose(together.covariances[column], alone.covariance, rtol=1e-4)
        known = profile_interval(cells.design, successes[:, column], alone, 0, 0.95, cells.trials)
        np.testing.assert_allclose(ends[column], known, atol=1e-5)
