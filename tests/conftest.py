"""What holds for every test."""

from __future__ import annotations

import hypothesis

# How long an example takes says something about the machine and nothing about the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

pytest_plugins = ["tests.support.servers"]
