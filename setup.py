"""Compile the feature kernel and the trees; everything else about the package stands in pyproject.toml.

The modules of features and model that have a .pxd are Cython in pure-Python mode (but for codes and machine, which C
has as constants and inline functions): the same files are compiled here and run uncompiled under coverage.
Contracted multiply-adds are off, so that a value does not depend on the processor it was computed on, and signed
words wrap, as the kernel's prefix sums do. Functions are inlined further than by default: the small steps of a reading
otherwise cost more than what they do, about a tenth of a replay.
"""

import ast
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

FEATURES = Path("fraudguard/features")
MODEL = Path("fraudguard/model")
CODES = FEATURES / "codes.py"


def constants() -> str:
    """Return the numbers of `codes.py` as C constants, so that each is written down once."""
    lines = [
        f"    {statement.targets[0].id} = {ast.literal_eval(statement.value)}"
        for statement in ast.parse(CODES.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign)
    ]
    return "\n".join(["# Made from codes.py by setup.py.", "cdef enum:", *lines, ""])


DECLARED = CODES.with_suffix(".pxd")
if not DECLARED.is_file() or DECLARED.read_text(encoding="utf-8") != constants():  # a new file compiles all over again
    DECLARED.write_text(constants(), encoding="utf-8")

KERNEL = [path for path in sorted(FEATURES.glob("*.pxd")) if path.stem not in {"codes", "machine"}]
TREES = sorted(MODEL.glob("*.pxd"))
EXACT = ["-O3", "-g0", "-ffp-contract=off", "-fwrapv"]
INLINED = [
    "-fno-tree-vectorize",
    "--param=max-inline-insns-auto=300",
    "--param=inline-unit-growth=300",
    "--param=large-function-growth=1000",
]


def extension(path: Path, arguments: list[str]) -> Extension:
    """Return the compiled module that a declaration stands for."""
    source = path.with_suffix(".py")
    return Extension(".".join(source.with_suffix("").parts), [source.as_posix()], extra_compile_args=arguments)


MODULES = [*(extension(path, EXACT + INLINED) for path in KERNEL), *(extension(path, EXACT) for path in TREES)]
setup(ext_modules=cythonize(MODULES, language_level=3, annotate=False, build_dir="build/cython"))
