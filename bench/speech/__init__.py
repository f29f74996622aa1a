"""The transcriber and the audio service on real and composed speech."""
