"""Settings of the documentation; built offline, with warnings as errors."""

from importlib.metadata import version as installed_version

project = "fraudguard"
author = "the fraudguard authors"
version = release = installed_version("fraudguard")
language = "zh_CN"

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # types stand in the docstrings, in words

html_theme = "pydata_sphinx_theme"
html_title = "fraudguard"
html_search_language = "en"  # the Chinese splitter is a package of its own
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
}
html_show_sourcelink = False
