"""``python -m real_trade``."""

from .cli import main

raise SystemExit(main())
