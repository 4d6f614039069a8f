# `make` lists what there is. Each target does its own set-up and works from a fresh clone.
.DEFAULT_GOAL := help
.PHONY: help demo test fmt bench soak

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a service with the real declaration of 2024 in ./data, its pages in the browser, and what to send to it
	@scripts/dashboard.sh || test $$? -eq 69
	cargo run --release --bin jixiao -- demo

test: ## format, lint, every test on SQLite and again on PostgreSQL
	@scripts/test.sh

fmt: ## puts the code into the one format
	cargo fmt --all

bench: ## requests per second on SQLite and PostgreSQL beside a floor; SCALE=0.01 for a quick look
	@scripts/bench.sh

soak: ## properties, fuzz, verifier, many writers, kills, a whole country, for long; CASES=n FUZZ_SECONDS=n VERIFIER_ROWS=n WRITERS=n KILLS=n
	@scripts/soak.sh
