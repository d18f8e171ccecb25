"""The logistic function and its likelihood's logarithm: scipy's values, at any log odds."""

import numpy as np
from scipy.special import expit

from analysis.trends.logistic import log_of_one_plus_exp, logistic

_LOG_ODDS = np.array([-np.inf, -1e4, -745.0, -40.0, -1.5, 0.0, 1e-12, 3.0, 40.0, 1e4, np.inf])


def test_probabilities_are_those_of_scipy_at_any_log_odds() -> None:
    np.testing.assert_allclose(logistic(_LOG_ODDS), expit(_LOG_ODDS), rtol=1e-14, atol=1e-300)
    assert np.isnan(logistic(np.array([np.nan]))).all()


def test_logarithms_are_those_of_numpy_at_any_log_odds() -> None:
    finite = _LOG_ODDS[1:]
    np.testing.assert_allclose(log_of_one_plus_exp(finite), np.logaddexp(0, finite), rtol=1e-14)
