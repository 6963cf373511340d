"""``python -m real_trade sim``: a rehearsal in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from backtrader.errors import OptionalPackageError
from backtrader.utils.optional import require

from ..errors import ConfigError
from .accounts import Key
from .config import KEY, SECRET, AccountConfig, VenueConfig
from .faults import FaultError, Faults
from .instruments import STANDARD

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "a rehearsal: an exchange on this machine, with the real protocols and prices that you choose"
EPILOG = f"""\
examples:
  python -m real_trade sim
      all symbols, random walks, at the world's pace; the page that it names shows what happens
  python -m real_trade sim --data BTC/USDT=btc-2024.csv --speed 60
      prices of a file (columns: a time, close or price, maybe open, high, low, volume), an hour a minute
  python -m real_trade sim --faults faults.json --seed 7
      with things going wrong: a list such as
      [{{"when": "place", "what": "drop", "side": "after", "probability": 0.05, "times": 0}}]

to connect an unmodified ccxt client from another process:
  from real_trade.sim import Link
  keys = {{"apiKey": "{KEY}", "secret": "{SECRET}"}}
  exchange = Link.read("venue.json").attach(ccxt.pro.binance(keys))
where venue.json is what --info wrote.  Nothing outside of this machine is contacted, and no money is real.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said."""
    parser.add_argument(
        "--data", action="append", default=[], metavar="SYMBOL=SOURCE",
        help="where prices come from: a CSV or Parquet file, walk, walk:0.8 (yearly volatility) or flat; "
        f"once for each symbol ({', '.join(row.symbol for row in STANDARD)}); default: walk for all",
    )  # fmt: skip
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="pace of the market, 1 is the world's; 0 stands still until the control API advances it",
    )
    parser.add_argument(
        "--history",
        type=int,
        default=600,
        metavar="MINUTES",
        help="how much of the prices lies in the past at the start (default 600)",
    )
    parser.add_argument(
        "--tick",
        type=float,
        default=1.0,
        metavar="SECONDS",
        help="time between two prices of a walk (default 1)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of walks and of faults with a probability (default 1)"
    )
    parser.add_argument(
        "--faults", type=Path, metavar="FILE", help="JSON list of what goes wrong; see real_trade.sim.faults"
    )
    parser.add_argument(
        "--accounts",
        type=Path,
        metavar="FILE",
        help='JSON list of {"name", "key", "secret", "money": {"spot": {"USDT": "1000"}}, "hedged"}',
    )
    parser.add_argument("--port", type=int, default=0, help="of the exchange (default: any that is free)")
    parser.add_argument(
        "--control-port",
        type=int,
        default=0,
        metavar="PORT",
        help="of the status page and the control API (default: any that is free)",
    )
    parser.add_argument("--info", type=Path, metavar="FILE", help="write how to connect into this file")
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="write all that goes over the wire into this file, one JSON record a line",
    )
    parser.add_argument("--no-limits", action="store_true", help="no limits on requests and orders")
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="MS", help="wait so long before each answer"
    )


def run(args: argparse.Namespace) -> int:
    """Open the venue and keep it open until it is told to stop."""
    try:
        for package in ("aiohttp", "cryptography"):
            require(package, "live", "a rehearsal")
        return asyncio.run(_serve(configure(args), args))
    except (ConfigError, OptionalPackageError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"cannot open the venue: {error}", file=sys.stderr)
        return 2


def configure(args: argparse.Namespace) -> VenueConfig:
    """The settings that the arguments ask for; raises `ConfigError` for what they cannot mean."""
    data = {row.symbol: "walk" for row in STANDARD}
    if args.data:
        data = {}
        for word in args.data:
            symbol, separator, source = word.partition("=")
            if not separator:
                raise ConfigError(f"--data {word}: say SYMBOL=SOURCE, as in BTC/USDT=walk")
            data[symbol.upper()] = source
    if args.speed < 0:
        raise ConfigError(f"--speed {args.speed}: a market cannot run backwards")
    if args.latency < 0:
        raise ConfigError(f"--latency {args.latency:g}: an answer cannot come before its request")
    if args.info and not args.info.absolute().parent.is_dir():
        raise ConfigError(f"--info {args.info}: there is no folder {args.info.absolute().parent}")
    if args.tick <= 0:
        raise ConfigError(f"--tick {args.tick}: the time between two prices must be above 0")
    for name, port in (("--port", args.port), ("--control-port", args.control_port)):
        if not 0 <= port <= 65535:
            raise ConfigError(f"{name} {port}: a port is a number from 0 to 65535")
    config = VenueConfig(
        data=data, speed=args.speed, seed=args.seed, history_minutes=args.history, tick_seconds=args.tick,
        port=args.port, log_file=args.log, limit_scale=0.0 if args.no_limits else 1.0,
        latency_ms=args.latency,
    )  # fmt: skip
    if args.faults:
        config = replace(config, faults=_faults(args.faults))
    if args.accounts:
        config = replace(config, accounts=_accounts(args.accounts))
    return config


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: no JSON: {error}") from None


def _faults(path: Path) -> tuple[Any, ...]:
    found = _read(path)
    specs = found if isinstance(found, list) else [found]
    for number, spec in enumerate(specs, 1):
        try:
            Faults().add(spec)
        except (FaultError, TypeError, ValueError) as error:
            raise ConfigError(f"{path}, fault {number}: {error}") from None
    return tuple(specs)


def _accounts(path: Path) -> tuple[AccountConfig, ...]:
    found = []
    for number, row in enumerate(_read(path), 1):
        try:
            money = {
                wallet: {asset: Decimal(str(amount)) for asset, amount in assets.items()}
                for wallet, assets in row.get("money", {}).items()
            }
            key = Key(row["key"], row["secret"], can_trade=row.get("can_trade", True))
            found.append(AccountConfig(row["name"], (key,), money, hedged=row.get("hedged", False)))
        except KeyError as error:
            raise ConfigError(
                f"{path}, account {number}: {error} is missing; needed are name, key and secret"
            ) from None
        except (AttributeError, TypeError, InvalidOperation) as error:
            raise ConfigError(f"{path}, account {number}: {type(error).__name__} {error}") from None
    return tuple(found)


async def _serve(config: VenueConfig, args: argparse.Namespace) -> int:
    from .control import Control
    from .venue import Venue

    async with Venue(config) as venue:
        control = Control(venue)
        await control.start(args.control_port)
        venue.link.control = control.address
        try:
            loop = asyncio.get_running_loop()
            with suppress(NotImplementedError):  # on Windows Ctrl-C ends the loop itself
                for number in (signal.SIGINT, signal.SIGTERM):
                    loop.add_signal_handler(number, control.stopped.set)
            if args.info:
                venue.link.save(args.info)
            _welcome(venue.link.port, control.address, config, args.info)
            await control.stopped.wait()
        finally:
            await control.stop()
    return 0


def _welcome(port: int, address: str, config: VenueConfig, info: Path | None) -> None:
    pace = (
        "stands still until it is advanced"
        if not config.speed
        else f"runs at {config.speed:g} times the world's pace"
    )
    keys = ", ".join(f"{account.keys[0].key} ({account.name})" for account in config.accounts if account.keys)
    if keys == f"{KEY} (main)":
        keys = f"{KEY}, with the secret {SECRET}"
    lines = [
        f"The rehearsal is open on port {port}; the market {pace}.",
        f"Status page and control:  {address}/",
        *(f"  {symbol:<14} {source}" for symbol, source in config.data.items()),
        f"Keys:  {keys}",
        f"How to connect is in {info}."
        if info
        else "To connect from another process, say --info venue.json.",
        "Ctrl-C ends it.",
    ]
    print("\n".join(lines), flush=True)
