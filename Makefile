# The two commands that do all are `make run` and `make test`. Everything else is an invoke task (tasks.py).

PYTHON ?= python3
invoke := .venv/bin/invoke
.DEFAULT_GOAL := help

.PHONY: help setup run test build e2e lint inspect bench upstream clean

help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: Debian packages, .venv.
	@$(PYTHON) -m host.bootstrap test

run: ## Build the echo image, boot it and say how to talk to it (NET=tap: in a namespace with a tap, as root).
	@$(PYTHON) -m host.bootstrap run
	@$(invoke) demo $(if $(NET),--net=$(NET))

test: setup ## Linters, then every test that can run on this machine.
	@$(invoke) test

build: ## Build the image NAME= (default: all).
	@$(PYTHON) -m host.bootstrap run
	@$(invoke) build $(or $(NAME),all)

e2e: setup ## End-to-end tests: booted images on taps.
	@$(invoke) e2e

lint: setup ## Check Python, C and the layers.
	@$(invoke) lint

inspect: ## What is in the image NAME= (default: echo): segments, sizes, manifest, limits.
	@$(PYTHON) -m host.bootstrap run
	@$(invoke) inspect $(or $(NAME),echo)

bench: setup ## Benchmarks beside their peers; writes docs/performance.md.
	@$(invoke) bench

upstream: setup ## MicroPython's own tests on its unix build with our patches.
	@$(invoke) upstream

clean: ## Remove what was built (downloads stay in the user's cache folder).
	@rm -rf build .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
