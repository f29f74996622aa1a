"""What a model has read: sequences of tokens, the states of its layers, the probabilities after a token."""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ik_llama_cpp import _ctypes_api as c

from services.judge.llama import library
from services.judge.llama.model import LlamaError, LlamaModel

Numbers = npt.NDArray[np.float32]

BATCH_TOKENS = 256
"""Read at once; larger batches are no faster, smaller ones slower (64: by a fifth)."""


MOST_FUSED = 2
"""Sequences of a context up to which fused attention is used: one that continues the other."""


class Stopped(Exception):
    """Reading was stopped from outside."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One token to read: its place in its sequence, and whether the probabilities after it are wanted."""

    token: int
    position: int
    sequence: int
    wanted: bool = False


class LlamaContext:
    """Several sequences read by one model; for one thread at a time.

    `stopping` is asked while the model computes; True ends the computation with `Stopped`. The same calls from an
    empty context give the same numbers to the last bit, with any number of threads.
    """

    def __init__(
        self, model: LlamaModel, tokens: int, sequences: int, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        """Room for so many tokens, in all sequences together. Raises LlamaError."""
        self.model, self.room = model, tokens
        self._wanted: dict[bytes, int] = {}
        self._last = b""
        self._taken: dict[int, list[Numbers]] = {}
        self._stopping, self._stopped = stopping, False
        # The library keeps only addresses of these two.
        self._on_tensor = library.EvalCallback(self._tensor)
        self._on_abort = library.AbortCallback(self._abort)
        self._pointer = _pointer(model, tokens, sequences, self._on_tensor)
        library.abort_set(self._pointer, self._on_abort, None)
        self._batch = c.llama_batch_init(BATCH_TOKENS, 0, 1)

    def close(self) -> None:
        """Free the context; it is of no use afterwards."""
        c.llama_batch_free(self._batch)
        c.llama_free(self._pointer)

    def set_threads(self, count: int) -> None:
        """CPU threads of what comes next."""
        library.threads_set(self._pointer, count, count)

    def read(
        self, tokens: Sequence[int], position: int, sequence: int, layers: Sequence[int] = (), through: bool = True
    ) -> dict[int, Numbers]:
        """Read tokens at the end of a sequence; give the outputs of the wanted layers, zero-based, one row a token.

        Without `through` the computation ends after the last wanted layer, which must rise; nothing can be written
        then. Raises Stopped, and LlamaError when the context is full.
        """
        self._wanted = {f"l_out-{layer}".encode(): layer for layer in layers}
        self._last = b"" if through else f"l_out-{layers[-1]}".encode()
        self._taken = {layer: [] for layer in layers}
        entries = [Entry(t, position + n, sequence) for n, t in enumerate(tokens)]
        try:
            for start in range(0, len(entries), BATCH_TOKENS):
                part = entries[start : start + BATCH_TOKENS]
                # The library ends the process where nothing of a batch is wanted.
                self.decode([*part[:-1], replace(part[-1], wanted=True)])
        finally:
            self._wanted, self._last = {}, b""
        return {layer: np.concatenate(found) for layer, found in self._taken.items()}

    def decode(self, entries: Sequence[Entry]) -> None:
        """Read at most `BATCH_TOKENS` tokens of any sequences. Raises Stopped and LlamaError."""
        batch = self._batch
        batch.n_tokens = len(entries)
        for n, entry in enumerate(entries):
            batch.token[n], batch.pos[n] = entry.token, entry.position
            batch.n_seq_id[n], batch.seq_id[n][0] = 1, entry.sequence
            batch.logits[n] = entry.wanted
        self._stopped = False
        outcome = c.llama_decode(self._pointer, batch)
        if self._stopped:
            raise Stopped
        if outcome:
            raise LlamaError(f"the text does not fit into a context of {self.room} tokens")

    def logits(self, entry: int) -> Numbers:
        """What the latest `decode` gave after its entry of that number: one number a token of the vocabulary."""
        found = c.llama_get_logits_ith(self._pointer, entry)
        return np.ctypeslib.as_array(found, (self.model.vocabulary,)).copy()

    def share(self, source: int, target: int) -> None:
        """Let `target` begin as `source` does, without reading again; costs no memory."""
        self.forget(target)
        library.sequence_copy(self._pointer, source, target, -1, -1)

    def forget(self, sequence: int, position: int = 0) -> None:
        """Drop a sequence from a position on."""
        library.sequence_remove(self._pointer, sequence, position, -1)

    def keep(self, sequence: int, tokens: Sequence[int], path: Path) -> bool:
        """Keep what a sequence has read in a file, which appears whole or not at all; False where nothing can be."""
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        listed = (ctypes.c_int32 * len(tokens))(*tokens)
        try:
            path.parent.mkdir(exist_ok=True)
            if not os.access(path.parent, os.W_OK):
                return False
            library.state_save(self._pointer, str(partial).encode(), sequence, listed, len(tokens))
            partial.replace(path)
        except OSError:
            return False
        return True

    def restore(self, sequence: int, tokens: Sequence[int], path: Path) -> bool:
        """Take a sequence back from a file; False when there is none or it holds something else."""
        if not path.is_file():
            return False
        room, count = (ctypes.c_int32 * (len(tokens) + 1))(), ctypes.c_size_t()
        name = str(path).encode()
        read = library.state_load(self._pointer, name, sequence, room, len(room), ctypes.byref(count))
        if read and list(room[: count.value]) == list(tokens):
            return True
        self.forget(sequence)
        return False

    def _tensor(self, tensor: int, asking: bool, data: int) -> bool:
        """Asked before and after each tensor: take the wanted ones; False after one ends the computation."""
        name: bytes = library.tensor_name(tensor)
        if asking:
            return name in self._wanted
        found = np.empty(library.tensor_elements(tensor), np.float32)
        library.tensor_get(tensor, found.ctypes.data, 0, found.nbytes)
        self._taken[self._wanted[name]].append(found.reshape(-1, self.model.width))
        return name != self._last

    def _abort(self, data: int) -> bool:
        self._stopped = self._stopped or self._stopping()
        return self._stopped


def state_name(tokens: Sequence[int]) -> str:
    """A file's name for the state after these tokens: another opening or library has another."""
    digest = hashlib.sha256(f"{library.VERSION} {list(tokens)}".encode()).hexdigest()
    return f"{digest[:16]}.state"


def _pointer(model: LlamaModel, tokens: int, sequences: int, on_tensor: object) -> int:
    parameters = c.llama_context_default_params()
    parameters.n_ctx = tokens
    parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
    parameters.n_seq_max = sequences
    parameters.n_threads = parameters.n_threads_batch = 1
    # The library's fused attention is right for one sequence at a time only; without it numbers keep 16 bits.
    parameters.flash_attn = sequences <= MOST_FUSED
    if parameters.flash_attn:
        # Eight bits halve the context's memory.
        parameters.type_k = parameters.type_v = library.TYPE_Q8_0
    parameters.cb_eval = on_tensor
    pointer = c.llama_init_from_model(model.pointer, parameters)
    if not pointer:
        raise LlamaError(f"there is no memory for a context of {tokens} tokens")
    return int(pointer)
