"""The answers as one HTML page with plots: no script, nothing from elsewhere, readable on a phone, light and dark.

The plots are SVG of our own (markup.py, marks.py, plots.py): bars, columns, a calendar and dots need some two hundred
lines, scale with the page and take their colours from its style sheet. A plotting library would bring tens of megabytes
and pictures with fixed colours, or a script of its own.
"""
