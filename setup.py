"""Compile the feature kernel; everything else about the package stands in pyproject.toml.

The modules below are Cython in pure-Python mode: the same files are compiled here and run
uncompiled under coverage. Contracted multiply-adds are off, so that a value does not depend
on the processor it was computed on, and signed words wrap, as the kernel's prefix sums do.
"""

import ast
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

KERNEL = [
    Extension(
        f"fraudguard.features.{module}",
        [f"fraudguard/features/{module}.py"],
        extra_compile_args=["-O3", "-g0", "-ffp-contract=off", "-fwrapv", "-fno-tree-vectorize"],
    )
    for module in (
        "arena",
        "ring",
        "past",
        "recall",
        "neighbours",
        "vicinity",
        "facts",
        "index",
        "kernel",
        "groups",
        "stretch",
        "engine",
    )
]

CODES = Path("fraudguard/features/codes.py")


def constants() -> str:
    """Return the numbers of `codes.py` as C constants, so that each is written down once."""
    lines = [
        f"    {statement.targets[0].id} = {ast.literal_eval(statement.value)}"
        for statement in ast.parse(CODES.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign)
    ]
    return "\n".join(["# Made from codes.py by setup.py.", "cdef enum:", *lines, ""])


CODES.with_suffix(".pxd").write_text(constants(), encoding="utf-8")
setup(ext_modules=cythonize(KERNEL, language_level=3, annotate=False, build_dir="build/cython"))
