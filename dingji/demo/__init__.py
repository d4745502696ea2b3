"""Demonstrations: fictional branches and raters, and their forms filled as people fill them."""

from dingji.demo.files import demo_files
from dingji.demo.write import DemoError, write_demo

__all__ = ["DemoError", "demo_files", "write_demo"]
