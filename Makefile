# `make help` lists what there is.

.DEFAULT_GOAL := help
.PHONY: help run build dev screenshots test torture check fmt bench bench-api bench-peers bench-web fuzz schema

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start the demo, on an empty machine as well
	@scripts/run

build: ## Build the release programs
	@scripts/build --release

dev: ## Show the dashboard with hot reload, against a running server (NHIP_URL)
	@scripts/dev

screenshots: ## Photograph every page of the dashboard into web/screenshots
	@scripts/build
	@cd web && npm run screenshots

test: ## Install what the tests need, check, and run every test
	@scripts/test

torture: ## Kill processes and servers for some minutes more, and judge
	@scripts/torture

check: ## Formatting, lints, and which crate may use which
	@scripts/check

fmt: ## Format the code
	@cargo fmt --all
	@cd web && npx biome check --write .

bench: ## Measure how fast it is, against baselines
	@scripts/build --release
	@cargo bench --locked --workspace --bench speed
	@cargo bench --locked --workspace --bench wake
	@cargo bench --locked --workspace --bench callbacks

bench-api: ## Measure lists of a million messages, and a thousand dashboards
	@scripts/bench-api

bench-peers: ## Measure what a paced send costs, against BullMQ
	@scripts/bench-peers

bench-web: ## Measure how soon the dashboard's pages paint
	@scripts/build
	@cd web && npm run bench

fuzz: ## Look for input that breaks a parser, MINUTES=n for each
	@scripts/fuzz

schema: ## Adopt a change of the GraphQL schema
	@scripts/schema
