"""Why call, how good, what to say first: state, additive score, reason and opening line of every prospect."""
