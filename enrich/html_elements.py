"""HTML elements by how a browser lays their text out (HTML Living Standard, rendering)."""

from __future__ import annotations

from enrich.vocabulary_files import words

BLOCKS = words(
    """
    address article aside blockquote body button caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol option p pre section
    summary table tbody td tfoot th thead tr ul
    """
)
# Their text is not shown, or is no text of the page.
UNSHOWN = words("audio canvas math noscript object script select style svg template textarea video")
