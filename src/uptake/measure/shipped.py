"""Fit the light scorers that come with the package, and write `signals/weights.toml`.

    python -m uptake.measure.shipped --train ROOT --date 2026-11-21 --out src/uptake/signals/weights.toml

The same calls give the same file, to the last digit that is written.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from uptake.measure.metrics import counts, pr_auc, roc_auc
from uptake.measure.signals import Judged, load
from uptake.signals.fitting import LightFit, fit_light
from uptake.signals.weights import written

__all__ = ["calibration_error", "shipped_weights"]

_BINS = 10


def shipped_weights(train: Path, *, date: str) -> str:
    """The text of `weights.toml`, fitted on the DSTC2 calls below a root.

    Args:
        train: Root with one folder a corpus.
        date: When it was made, to be noted.

    Raises:
        NotReady: The root lacks calls or pairs.
    """
    calls = load(train)
    fitted = fit_light(calls.frame, calls.labels)
    return written(replace(fitted.weights, provenance=_provenance(calls, fitted, date=date)))


def _provenance(calls: Judged, fitted: LightFit, *, date: str) -> dict[str, Any]:
    labels, weights = calls.labels, fitted.weights
    rephrase = counts(labels.says_again, fitted.rephrase >= weights.rephrase.threshold)
    return {
        "corpus": "dstc2",
        "calls": len(calls.sessions),
        "turns": len(calls.turns),
        "pairs": len(labels.left),
        "callers": len(calls.callers),
        "date": date,
        "command": f"python -m uptake.measure.shipped --train ROOT --date {date} --out src/uptake/signals/weights.toml",
        "rephrase_definition": "the second of two consecutive turns repeats or rephrases the first (kind is not none)",
        "defect_definition": "the turn was misunderstood: uptake.corpora.dstc2.misunderstood",
        "validation": "5 folds, all turns of a caller in one fold",
        "rephrase_f1": round(rephrase.f1, 4),
        "rephrase_pr_auc": round(pr_auc(labels.says_again, fitted.rephrase), 4),
        "rephrase_calibration_error": round(calibration_error(labels.says_again, fitted.rephrase), 4),
        "defect_online_auc": round(roc_auc(labels.defect, fitted.defect_online), 4),
        "defect_online_calibration_error": round(calibration_error(labels.defect, fitted.defect_online), 4),
        "defect_offline_auc": round(roc_auc(labels.defect, fitted.defect_offline), 4),
        "defect_offline_calibration_error": round(calibration_error(labels.defect, fitted.defect_offline), 4),
    }


def calibration_error(truth: NDArray[Any], probability: NDArray[np.float64]) -> float:
    """Mean absolute difference, in [0, 1], between probability and frequency over ten equally full bins."""
    order = np.array_split(np.argsort(probability, kind="stable"), _BINS)
    gaps = [len(rows) * abs(float(truth[rows].mean()) - float(probability[rows].mean())) for rows in order if len(rows)]
    return sum(gaps) / len(truth)


@click.command()
@click.option("--train", type=click.Path(path_type=Path), required=True, help="Root with one folder a corpus.")
@click.option("--date", required=True, help="Date to note, for example 2026-11-21.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write.")
def _main(train: Path, date: str, out: Path) -> None:
    """Fit the light scorers and write their weights."""
    out.write_text(shipped_weights(train, date=date), encoding="utf-8")


if __name__ == "__main__":
    _main()
