"""A lesson's worker as it is: ``python free_worker.py MODULE ARGUMENT ...``, such as ``my.people.worker_for``.

The lesson's own file stands deeper than what it imports. Told so by PYTHONPATH, each process would be a new
interpreter, and take two seconds to start.
"""

import runpy
import sys

if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__")
