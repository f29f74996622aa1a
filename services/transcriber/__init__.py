"""Speech to text: words with times and confidences."""
