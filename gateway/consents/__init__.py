"""What candidates are told and agree to before they record."""
