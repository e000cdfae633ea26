"""What stops all reading, as against what is wrong with one page."""


class PipelineFault(Exception):
    """A spaCy pipeline of the settings cannot be loaded: no fault of a page, and no page can be read without it."""
