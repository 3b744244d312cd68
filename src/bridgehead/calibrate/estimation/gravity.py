"""Gravity by Poisson pseudo-maximum likelihood: flow = exp(a_receiver + b_supplier + Σ border log f + decay) (Santos Silva & Tenreyro 2006).

Zeros are observations like any other. pyfixest finds the coefficients; what it says is believed only after its own first-order conditions
have been checked on the flows: fitted and observed flows agree by receiver, by supplier and across every border.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from bridgehead.calibrate.estimation.pairs import Note
from bridgehead.calibrate.estimation.sample import Sample
from bridgehead.errors import DataError, Fault, Faults, SolveError

CLUSTERS = ("receiver+supplier", "receiver", "supplier", "pair")
"""What residuals may be correlated within: all pairs of a receiver and all of a supplier, of either, or both directions of a pair."""

LARGEST_GAP = 1e-6
"""First-order conditions must hold to this share of the flows they are of."""


@dataclass(frozen=True, eq=False)
class GravityFit:
    """A fit. coefficient [k] in the order of `names`; covariance by cluster [k, k]; clusters: how many of each; fitted flows [receiver,
    supplier], NaN outside the sample; deviance and pseudo R² of the Poisson likelihood; gap: the largest violated first-order condition.
    """

    sample: Sample
    names: tuple[str, ...]
    coefficient: np.ndarray
    covariance: dict[str, np.ndarray]
    clusters: dict[str, int]
    fitted: np.ndarray
    deviance: float
    pseudo_r2: float
    gap: float
    notes: tuple[Note, ...] = field(default=())

    def errors(self, cluster: str) -> np.ndarray:
        """Standard errors [k]."""
        return np.sqrt(np.diag(self.covariance[cluster]))

    def interval(self, cluster: str, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """(low, high) [k]: Student's t with the number of clusters less one degrees of freedom."""
        width = stats.t.ppf(0.5 + confidence / 2, self.clusters[cluster] - 1) * self.errors(cluster)
        return self.coefficient - width, self.coefficient + width


def fit_gravity(sample: Sample) -> GravityFit:
    """The Poisson fit of a sample with fixed effects of receivers and suppliers, and of distance classes where the decay has no form.

    DataError where pyfixest is not installed or a coefficient cannot be told from the fixed effects; SolveError where it did not converge.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of pandas about pyfixest's own calls; what matters is checked below
        model = _run(sample, _frame(sample))
        covariance, notes = _covariances(model)
    names = tuple(sample.regressors)
    fitted = np.full(sample.used.shape, np.nan)
    index = np.argwhere(sample.used)[model._data.index.to_numpy()]  # pyfixest may set more separated pairs aside: their flow is 0
    fitted[sample.used] = 0.0
    fitted[index[:, 0], index[:, 1]] = model._Y_hat_response
    gap = first_order_gap(sample, fitted)
    # The likelihood is concave: flows that meet the first-order conditions are its maximum, whatever the library's own rule says.
    if gap > LARGEST_GAP:
        raise SolveError(f"the estimation did not converge: fitted and observed flows differ by {gap:.1e} where they must agree")
    aside = int(sample.count - len(index))
    if aside:
        notes = [*notes, {"key": "separated", "count": aside}]
    clusters = {name: int(model._data[name].nunique()) for name in ("receiver", "supplier", "pair")}
    clusters["receiver+supplier"] = min(clusters["receiver"], clusters["supplier"])
    pseudo = float(model._pseudo_r2)
    return GravityFit(sample, names, model._beta_hat, covariance, clusters, fitted, float(model.deviance), pseudo, gap, tuple(notes))


def first_order_gap(sample: Sample, fitted: np.ndarray) -> float:
    """The largest of |Σ residual| / Σ flow by receiver, supplier, and |Σ x residual| / Σ |x| flow by regressor."""
    flow = np.where(sample.used, np.nan_to_num(sample.pairs.value), 0.0)
    rest = np.where(sample.used, flow - np.nan_to_num(fitted), 0.0)
    gaps = [np.abs(rest.sum(axis=axis)) / np.maximum(flow.sum(axis=axis), 1e-300) for axis in (0, 1)]
    gaps = [gap[flow.sum(axis=axis) > 0] for gap, axis in zip(gaps, (0, 1), strict=True)]
    for values in sample.regressors.values():
        x = np.where(sample.used, values, 0.0)
        gaps.append(np.array([abs((x * rest).sum()) / (np.abs(x) * flow).sum()]))
    return float(max(gap.max() for gap in gaps))


def _frame(sample: Sample) -> Any:
    """One row a pair: flow, regressors x0, x1 …, receiver, supplier, pair, class of distance."""
    import pandas as pd

    i, j = np.nonzero(sample.used)
    columns: dict[str, Any] = {"flow": sample.pairs.value[sample.used], "receiver": i, "supplier": j}
    columns["pair"] = np.minimum(i, j) * len(sample.used) + np.maximum(i, j)
    for number, values in enumerate(sample.regressors.values()):
        columns[f"x{number}"] = values[sample.used]
    if sample.bins is not None:
        columns["bin"] = sample.bins[sample.used]
    return pd.DataFrame(columns)


def _run(sample: Sample, frame: Any) -> Any:
    """pyfixest's fit, with a message instead of a traceback where it cannot."""
    pyfixest = require_pyfixest()
    from pyfixest.demeaners import LsmrDemeaner

    names = list(sample.regressors)
    effects = "receiver + supplier" + (" + bin" if sample.bins is not None else "")
    formula = f"flow ~ {' + '.join(f'x{number}' for number in range(len(names)))} | {effects}"
    try:
        model = pyfixest.fepois(
            formula, frame, vcov={"CRV1": "receiver"}, separation_check=["fe", "ir"], iwls_tol=1e-12, iwls_maxiter=200, demeaner=LsmrDemeaner(fixef_atol=1e-10, fixef_btol=1e-10)
        )  # fmt: skip
    except (ValueError, np.linalg.LinAlgError) as error:
        raise SolveError(f"the estimation did not converge: {str(error).strip()}") from error
    faults = Faults("some coefficients are not identified", DataError)
    for column in model._collin_vars:
        cause = "it cannot be told from the fixed effects and the other coefficients"
        faults.add(cause, place=names[int(column[1:])], cure="leave out a level, or look at more pairs")
    faults.raise_if_any()
    return model


def _covariances(model: Any) -> tuple[dict[str, np.ndarray], list[Note]]:
    """The covariance by cluster, and a note where two-way clustering had to be made positive (Cameron, Gelbach & Miller 2011)."""
    found: dict[str, np.ndarray] = {}
    notes: list[Note] = []
    for cluster in CLUSTERS:
        model.vcov({"CRV1": cluster})
        matrix = np.array(model._vcov)
        values, axes = np.linalg.eigh((matrix + matrix.T) / 2)
        if values.min() < 0:
            notes.append({"key": "indefinite", "cluster": cluster})
        found[cluster] = (axes * np.maximum(values, 0.0)) @ axes.T
    return found, notes


def require_pyfixest() -> Any:
    """The module pyfixest; DataError with the cure where it is not installed."""
    try:
        import pyfixest
    except ImportError as error:
        cure = 'install the extra: python -m pip install "bridgehead[estimation]"'
        raise DataError("`bridgehead estimate` needs a package that is not there", [Fault(str(error), "pyfixest", "", cure)]) from error
    return pyfixest
