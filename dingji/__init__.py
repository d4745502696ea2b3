"""Grade Party branches from filled workbooks: forms, intake, scoring, reports (党组织分类定级)."""

__version__ = "0.1.0"
