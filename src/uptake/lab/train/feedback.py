"""Fit the light scorers that ship with the package, and write `weights.toml`.

    uptake train signals --data ROOT --out DIR

The same call gives the same file, to the last written digit.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from uptake.feedback.learn import LightFit, fit_light
from uptake.feedback.weights import written
from uptake.lab.corpora.judged_calls import Judged, load
from uptake.ml.metrics import calibration_error, counts, pr_auc, roc_auc

__all__ = ["make", "shipped_weights"]


def make(out: Path, *, data: Path, date: str) -> None:
    """Write `weights.toml`, fitted on the DSTC2 calls below a root."""
    out.write_text(shipped_weights(data, date=date), encoding="utf-8")


def shipped_weights(train: Path, *, date: str) -> str:
    """Fit `weights.toml` on the DSTC2 calls below a root; return its text.

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
        "command": "uptake train signals --data ROOT --out DIR",
        "rephrase_definition": "the second of two consecutive turns repeats or rephrases the first (kind is not none)",
        "defect_definition": "the turn was misunderstood: uptake.lab.corpora.dstc2.misunderstood",
        "validation": "5 folds, all turns of a caller in one fold",
        "rephrase_f1": round(rephrase.f1, 4),
        "rephrase_pr_auc": round(pr_auc(labels.says_again, fitted.rephrase), 4),
        "rephrase_calibration_error": round(calibration_error(labels.says_again, fitted.rephrase), 4),
        "defect_online_auc": round(roc_auc(labels.defect, fitted.defect_online), 4),
        "defect_online_calibration_error": round(calibration_error(labels.defect, fitted.defect_online), 4),
        "defect_offline_auc": round(roc_auc(labels.defect, fitted.defect_offline), 4),
        "defect_offline_calibration_error": round(calibration_error(labels.defect, fitted.defect_offline), 4),
    }
