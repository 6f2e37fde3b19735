"""gunicorn behind a web server on the same machine: ``gunicorn -c deploy/gunicorn.conf.py config.wsgi``."""

import multiprocessing
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WORKERS", multiprocessing.cpu_count()))
threads = int(os.environ.get("THREADS", 4))
timeout = 60  # seconds without a sign of life from a worker; a long download in one of its threads is none
# A worker starts afresh now and then, so that no leak can grow for months. Not often: what it keeps of pages goes with it.
max_requests = 100_000
max_requests_jitter = 10_000  # not all of them at once
control_socket_disable = True
