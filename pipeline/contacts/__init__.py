"""Known contacts, the do-not-call list and erasure."""
