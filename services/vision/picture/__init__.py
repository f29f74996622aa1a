"""The picture itself: frames, holes, loops, stills."""
