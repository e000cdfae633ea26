"""What became of every dial: the rule for states, exhaustion, cool-off, day-parts and reopening."""
