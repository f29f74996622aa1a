"""The one error of this package."""


class WeightsError(Exception):
    """Weights cannot be had, or are not what they should be; the message says what to do."""
