"""What runs in a rehearsal: real servers, programs kept as pods, an autoscaler, services without their models."""
