"""What a session can choose: policies and rubrics."""
