"""How gunicorn serves Grafik: `gunicorn --config python:config.serving config.wsgi`; its command line goes before this.

Measured with hundreds of families who want the same place at once; docs/decisions tells how a machine is sized.
"""

from __future__ import annotations

import os

# One process for each processor core that the database leaves.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# More threads let a process work while others of its threads wait for the database; each keeps one connection, and the
# more connections stand behind one locked row, and the more threads share one interpreter, the slower all of them.
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
# Every request is taken by whichever process is free; a kept connection would bind its client to one of them. A proxy
# in front keeps the connections of browsers.
keepalive = 0
