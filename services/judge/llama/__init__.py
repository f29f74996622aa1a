"""The language model inside this process: llama.cpp's C interface, one engine over it, and what is read with it."""
