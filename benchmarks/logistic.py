"""The fit behind every confidence: a logistic curve whose weights can only grow with likeness."""

import numpy as np
import numpy.typing as npt

_STEP = 0.3
_ROUNDS = 20_000


def fit(
    features: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], *, ridge: float
) -> tuple[float, npt.NDArray[np.float64]]:
    """Bias and weights, none negative, of a logistic curve with a ridge penalty; projected gradient descent.

    Args:
        features: shape (n, features).
        right: shape (n,).
        ridge: the penalty on weights of features scaled to unit spread.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = (features - mean) / spread
    weights, bias = np.full(features.shape[1], 0.5), 0.0
    for _ in range(_ROUNDS):
        error = 1 / (1 + np.exp(-(scaled @ weights + bias))) - right
        weights = np.maximum(0.0, weights - _STEP * (scaled.T @ error / len(right) + ridge * weights))
        bias -= _STEP * float(error.mean())
    return bias - float((weights * mean / spread).sum()), weights / spread
