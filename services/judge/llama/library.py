"""llama.cpp's C functions as ik-llama-cpp-python carries them.

The package declares the structures and most functions; those that it leaves out are declared here, as in the header
`llama.h` of the pinned version. The package's own classes know no sequences, no saved state and no inner layers.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Read once, when the library's threads start: a thread that waits sleeps, for the other services need the cores.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import ik_llama_cpp
from ik_llama_cpp import _ctypes_api as c

VERSION = "0.1.5"
"""Of the package, whose structures belong to its library."""

Batch = c.llama_batch
TYPE_Q8_0 = 8
"""`GGML_TYPE_Q8_0`: eight bits a number."""

LOGGER = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
EvalCallback = c.ggml_backend_sched_eval_callback
AbortCallback = c.ggml_abort_callback

_POINTER, _INT, _SIZE, _BOOL = ctypes.c_void_p, ctypes.c_int32, ctypes.c_size_t, ctypes.c_bool
_TOKENS = ctypes.POINTER(_INT)


def _tensor_library() -> ctypes.CDLL:
    """The library of tensors, already loaded as a dependency of llama's."""
    folder = Path(ik_llama_cpp.__file__).parent.parent / "ik_llama_cpp_python.libs"
    found = [*folder.glob("libggml-*"), *(Path(ik_llama_cpp.__file__).parent / "lib").glob("libggml.*")]
    return ctypes.CDLL(str(found[0]))


def _declared(library: ctypes.CDLL, name: str, arguments: list[Any], result: Any) -> Callable[..., Any]:
    function = getattr(library, name)
    function.argtypes, function.restype = arguments, result
    return function  # type: ignore[no-any-return]


_llama, _ggml = c._lib, _tensor_library()

tensor_name = _declared(_ggml, "ggml_get_name", [_POINTER], ctypes.c_char_p)
tensor_elements = _declared(_ggml, "ggml_nelements", [_POINTER], ctypes.c_int64)
tensor_get = _declared(_ggml, "ggml_backend_tensor_get", [_POINTER, _POINTER, _SIZE, _SIZE], None)

log_set = _declared(_llama, "llama_log_set", [LOGGER, _POINTER], None)
sequence_remove = _declared(_llama, "llama_kv_cache_seq_rm", [_POINTER, _INT, _INT, _INT], _BOOL)
sequence_copy = _declared(_llama, "llama_kv_cache_seq_cp", [_POINTER, _INT, _INT, _INT, _INT], None)
state_save = _declared(
    _llama, "llama_state_seq_save_file", [_POINTER, ctypes.c_char_p, _INT, _TOKENS, _SIZE], ctypes.c_size_t
)
state_load = _declared(
    _llama,
    "llama_state_seq_load_file",
    [_POINTER, ctypes.c_char_p, _INT, _TOKENS, _SIZE, ctypes.POINTER(_SIZE)],
    ctypes.c_size_t,
)
threads_set = _declared(_llama, "llama_set_n_threads", [_POINTER, ctypes.c_uint32, ctypes.c_uint32], None)
abort_set = _declared(_llama, "llama_set_abort_callback", [_POINTER, AbortCallback, _POINTER], None)
parameters_count = _declared(_llama, "llama_model_n_params", [_POINTER], ctypes.c_uint64)
layers_count = _declared(_llama, "llama_n_layer", [_POINTER], _INT)
adds_beginning = _declared(_llama, "llama_vocab_get_add_bos", [_POINTER], _BOOL)
beginning = _declared(_llama, "llama_token_bos", [_POINTER], _INT)
model_template = _declared(_llama, "llama_model_chat_template", [_POINTER, ctypes.c_char_p], ctypes.c_char_p)
apply_template = _declared(
    _llama,
    "llama_chat_apply_template",
    [ctypes.c_char_p, _POINTER, _SIZE, _BOOL, ctypes.c_char_p, _INT],
    _INT,
)


class ChatMessage(ctypes.Structure):
    """`llama_chat_message`."""

    _fields_ = [("role", ctypes.c_char_p), ("content", ctypes.c_char_p)]


_silent = LOGGER(lambda level, text, data: None)


def start() -> None:
    """Start the library, without its own log."""
    c.llama_backend_init()
    log_set(_silent, None)
