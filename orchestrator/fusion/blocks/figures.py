"""Figures and words that blocks share, with their ranges."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Percent = Annotated[float, Field(ge=0, le=100)]
Points = Annotated[float, Field(ge=0, le=100)]
Ratio = Annotated[float, Field(ge=0, le=1)]
Whole = Annotated[int, Field(ge=1, le=100)]
"""A rating in whole points."""
Verdict = Literal["Safe", "Medium Risk", "High Risk", "No Data"]
RiskLevel = Literal["Critical", "Warning", "Clear", "Unknown"]
Performance = Literal["EXCELLENT", "GOOD", "AVERAGE", "BELOW AVERAGE", "NEEDS IMPROVEMENT"]
Language = Literal["English", "Indonesian"]
"""As the original writes it."""
