"""Eyes: blinks, gaze, reading."""
