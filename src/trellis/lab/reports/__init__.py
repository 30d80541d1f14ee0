"""Figures as pages: what a suite measured, drawn so that a person sees at once how good it is and how sure that is."""

from trellis.lab.reports.page import Chapter, page

__all__ = ["Chapter", "page"]
