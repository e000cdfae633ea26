"""The demo town: an invented small town, served on loopback and crawled like the real web."""
