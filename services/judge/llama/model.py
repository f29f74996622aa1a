"""A model's weights in memory, its tokens and the form of its conversations."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

from ik_llama_cpp import _ctypes_api as c

from services.judge.llama import library

LARGEST_PIECE = 256


class LlamaError(Exception):
    """The model cannot be loaded, or a context is too small for a text."""


class LlamaModel:
    """Weights, mapped into memory: several contexts share them."""

    def __init__(self, path: Path, gpu_layers: int = 0) -> None:
        """Load the weights. Raises LlamaError."""
        library.start()
        parameters = c.llama_model_default_params()
        parameters.use_mmap, parameters.n_gpu_layers = True, gpu_layers
        self.pointer = c.llama_model_load_from_file(str(path).encode(), parameters)
        if not self.pointer:
            raise LlamaError(f"{path} is no model that llama.cpp can load")
        self.width = int(c.llama_model_n_embd(self.pointer))
        self.layers = int(library.layers_count(self.pointer))
        self.parameters = int(library.parameters_count(self.pointer))
        marked = library.adds_beginning(c.llama_model_get_vocab(self.pointer))
        self._beginning = [int(library.beginning(self.pointer))] if marked else []
        self.vocabulary = int(c.llama_vocab_n_tokens(c.llama_model_get_vocab(self.pointer)))

    def close(self) -> None:
        """Free the weights; every context must be closed before."""
        c.llama_free_model(self.pointer)

    def tokens(self, text: str, control: bool = False) -> list[int]:
        """The text's tokens. With `control` its control words become control tokens; a candidate's words never do."""
        data = text.encode()
        room = (ctypes.c_int32 * (len(data) + 8))()
        count = c.llama_tokenize(self.pointer, data, len(data), room, len(room), False, control)
        return list(room[:count])

    def piece(self, token: int) -> bytes:
        """What a token stands for, control tokens included."""
        room = ctypes.create_string_buffer(LARGEST_PIECE)
        count = c.llama_token_to_piece(self.pointer, token, room, LARGEST_PIECE, 0, True)
        return room.raw[: max(count, 0)]

    def ends(self, token: int) -> bool:
        """Whether the token ends what the model says."""
        return bool(c.llama_token_is_eog(self.pointer, token))

    def conversation(self, turns: Sequence[tuple[str, str]], answering: bool, begins: bool = True) -> list[int]:
        """Tokens of turns (role, content) in the model's own form; with `answering` up to where its reply begins.

        Control tokens come from the form alone, never from a content. Raises LlamaError.
        """
        form = self._form([(role, _mark(n)) for n, (role, _) in enumerate(turns)], answering)
        found = list(self._beginning) if begins else []
        for n, (_, content) in enumerate(turns):
            before, mark, form = form.partition(_mark(n))
            if not mark:
                raise LlamaError("the model's chat template leaves turns out")
            found += self.tokens(before, control=True) + self.tokens(content)
        return found + self.tokens(form, control=True)

    def _form(self, turns: Sequence[tuple[str, str]], answering: bool) -> str:
        encoded = [(role.encode(), content.encode()) for role, content in turns]
        messages = (library.ChatMessage * len(encoded))(*(library.ChatMessage(*turn) for turn in encoded))
        size = 1024 + sum(len(role) + len(content) + 256 for role, content in encoded)
        room = ctypes.create_string_buffer(size)
        template = library.model_template(self.pointer, None)
        count = library.apply_template(template, messages, len(encoded), answering, room, size)
        if not 0 <= count <= size:
            raise LlamaError("the model's chat template is not one of those that llama.cpp knows")
        return room.raw[:count].decode()


def _mark(number: int) -> str:
    """Stands for a content while the form is made; no template changes or contains it."""
    return f"\u241f{number}\u241f"
