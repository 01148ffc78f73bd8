# fraudguard 的常用命令。直接运行 make 可列出。
# Everyday commands of fraudguard; plain `make` lists them.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
SERVING ?=
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --progress-bar off --constraint constraints.txt
PYTEST := $(BIN)/pytest --numprocesses $(WORKERS)
SUFFIX := $(shell $(or $(wildcard $(BIN)/python),$(PYTHON)) -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))')
KERNEL := fraudguard/features/kernel$(SUFFIX)
DECLARED := $(filter-out %/codes.pxd,$(wildcard fraudguard/features/*.pxd fraudguard/model/*.pxd))

export PYTHON
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test check bench soak docs install

help:  ## 列出这些命令 / list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed $(KERNEL)  ## 演示：模拟、训练、评估、启动服务；ARGS=--no-serve 不启动服务 / the whole loop on simulated data, then the service
	$(BIN)/fraudguard demo $(ARGS)

# The kernel is counted from its source, in a run of its own: what ships is the compiled one, and the last run tests that.
test: check  ## 先检查再跑全部测试，分支覆盖率至少 95% / the checks, then every test; branch coverage of at least 95 %
	scripts/system-packages.sh postgresql browser fonts deploy
	FRAUDGUARD_PURE_KERNEL=1 $(PYTEST) --hypothesis-profile ci --quiet --cov --cov-report= --cov-fail-under 0 tests/features tests/model/test_forest.py
	$(PYTEST) --hypothesis-profile ci --cov --cov-append $(ARGS)

check: $(VENV)/.installed-dev $(KERNEL)  ## 全部静态检查 / every static check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/lint-imports --no-logo
	$(BIN)/validate-pyproject pyproject.toml
	$(BIN)/python scripts/reference_pages.py --check
	$(BIN)/mypy
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/yamllint --strict deploy
	$(BIN)/interrogate --whitelist-regex 'test_.*' tests

bench: $(VENV)/.installed-bench $(KERNEL)  ## 测量速度，与对照一同印出 / measure speeds, beside what they are compared with
	scripts/system-packages.sh wrk
	kept=0; $(BIN)/python benchmarks/features.py $(ARGS) || kept=1; $(BIN)/python benchmarks/serving.py $(SERVING) || kept=1; exit $$kept

soak: $(VENV)/.installed-dev $(KERNEL)  ## 更长、更随机的测试 / longer and more random tests
	$(PYTEST) --hypothesis-profile soak -m "not bench" --timeout 3600 $(ARGS)

docs: $(VENV)/.installed-dev $(KERNEL)  ## 生成文档到 docs/_build / build the documentation into docs/_build
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build

install: $(VENV)/.installed-dev $(KERNEL)  ## 只准备开发环境 / only make the environment for development

$(BIN)/pip:
	scripts/system-packages.sh build
	$(PYTHON) -m venv $(VENV)

# The kernel is built with the tools of this environment, not in a throw-away one: same versions, and no second download.
$(VENV)/.tools: pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) setuptools wheel cython
	@touch $@

$(VENV)/.installed: $(VENV)/.tools
	$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.tools
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.tools
	$(PIP) --no-build-isolation --editable '.[bench]'
	@touch $@ $(VENV)/.installed

# A stale library would be tested and served in place of the source: it is rebuilt whenever the source or its flags are newer.
# What is compiled has a .pxd beside it; codes.pxd is made from codes.py on the way.
$(KERNEL): $(DECLARED) $(DECLARED:.pxd=.py) fraudguard/features/codes.py setup.py | $(VENV)/.tools
	$(BIN)/python setup.py --quiet build_ext --inplace --force
	@touch $@
