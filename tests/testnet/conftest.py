"""Without REAL_TRADE_TESTNET=1 nothing in this folder is a test."""

import os

collect_ignore_glob = [] if os.environ.get("REAL_TRADE_TESTNET") == "1" else ["test_*.py"]
