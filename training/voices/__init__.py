"""What telephones, microphones and rooms do to voice embeddings: learned from voices, for the audio service."""
