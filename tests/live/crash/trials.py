"""Crash trials: kill the trading process at a step or at any moment, start it anew, compare with the venue.

python -m tests.live.crash.trials                     # every step of the journal, and 300 moments
python -m tests.live.crash.trials --steps 5 --moments 10
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from real_trade.oms import states
from real_trade.sim import HouseConfig, Venue
from real_trade.sim.config import AccountConfig
from real_trade.storage import Journal
from tests.live.crash.driver import name_of, script
from tests.live.desk import Truth, journal_disagreements
from tests.live.rehearsed import MONEY, SYMBOL, truth_of
from tests.live.soak import record

ROOT = Path(__file__).resolve().parents[3]
D = Decimal
NEVER = "it never arrived at the venue"
_LONGEST = 60.0


@dataclass(frozen=True)
class Trial:
    """One account, one script, and when its process dies; each is a step, or a time in seconds."""

    seed: int
    market: str
    kills: tuple[float, ...]
    resend: bool = False

    def __str__(self) -> str:
        kills = ", ".join(f"step {kill}" if isinstance(kill, int) else f"{kill:.3f} s" for kill in self.kills)
        return f"{self.market} seed {self.seed} killed at {kills}{' resend' if self.resend else ''}"


@dataclass
class Score:
    """What all trials came to."""

    trials: int = 0
    kills: int = 0
    moments: int = 0
    orders: int = 0
    fills: int = 0
    lost: int = 0
    doubled: int = 0
    never: int = 0
    steps: int = 0
    wrong: dict[Trial, list[str]] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        plain = {name: value for name, value in vars(self).items() if isinstance(value, int)}
        return plain | {"wrong": {str(trial): texts for trial, texts in self.wrong.items()}}

    def __str__(self) -> str:
        lines = [
            f"{self.trials} trials, {self.kills} kills ({self.moments} at random moments), {self.orders} orders and {self.fills} fills at the venue: "
            f"lost {self.lost}, doubled {self.doubled}, {len(self.wrong)} trials wrong "
            f"({self.never} orders never arrived and are known not to have)"
        ]
        lines += [f"  {trial}: {'; '.join(wrong[:6])}" for trial, wrong in self.wrong.items()]
        return "\n".join(lines)


class Nursery:
    """A process that forks the trading ones."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls) -> Nursery:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.live.crash.driver", stdin=pipe, stdout=pipe, cwd=ROOT
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        return cls(process)

    async def run(self, order: dict[str, Any]) -> int:
        """One life; its exit status."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        await self.process.stdin.drain()
        return int(await self.process.stdout.readline())

    async def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


async def meddle(venue: Venue, symbol: str, seed: int) -> None:
    """The market goes on, whoever is dead: orders are filled, in parts or whole; stops trigger."""
    chance = random.Random(seed)
    while True:
        await asyncio.sleep(chance.uniform(0.005, 0.05))
        standing = [one for one in venue.open_orders("main", symbol) if venue.book(symbol).holds(one)]
        what = chance.random()
        if standing and what < 0.5:
            order = chance.choice(standing)
            venue.fill(order, None if what < 0.2 else min(order.remaining, D("0.005")))
        elif what > 0.93:
            venue.move(symbol, chance.choice(["60000", "60400", "59900"]))


async def run_trial(trial: Trial, nursery: Nursery, folder: Path, score: Score) -> None:
    """Let the process live and die as the trial says, then live to its end; compare."""
    symbol = SYMBOL[trial.market]
    db = str(folder / f"{trial.market}-{trial.seed}-{abs(hash(trial.kills))}.db")
    order = {
        "db": db, "link": db + ".json", "market": trial.market, "seed": trial.seed, "resend": trial.resend,
        "longest": _LONGEST, "step": 0, "after": 0.0, "final": False,
    }  # fmt: skip
    account = AccountConfig(money=MONEY)
    house = HouseConfig(quantity=D("0.5"))
    async with Venue(accounts=(account,), house=house, limit_scale=0, speed=1.0) as venue:
        venue.link.save(Path(db + ".json"))
        market_goes_on = asyncio.ensure_future(meddle(venue, symbol, trial.seed))
        wrong: list[str] = []
        for kill in trial.kills:
            how = {"step": kill} if isinstance(kill, int) else {"after": kill}
            status = await nursery.run(order | how)
            score.kills += status == -9
            score.moments += status == -9 and not isinstance(kill, int)
            if status not in (-9, 0):
                wrong.append(f"a life ended with {status}")
        market_goes_on.cancel()
        with suppress(asyncio.CancelledError):
            await market_goes_on
        status = await nursery.run(order | {"final": True})
        if status != 0:
            wrong.append(f"the last life ended with {status}")
        truth = truth_of(venue, symbol)
        with Journal.open(db, f"binance-{trial.market}", "main") as journal:
            wrong += journal_disagreements(journal, truth)
            wrong += compared_with_decisions(trial, journal, truth, score)
    said = Path(db + ".steps").read_text().split(maxsplit=1) if status == 0 else ["0"]
    if len(said) > 1:
        wrong.append(f"trading was halted: {said[1]}")
    score.steps = max(score.steps, int(said[0]))
    score.trials += 1
    score.orders += len(truth.orders)
    score.fills += len(truth.fills)
    score.lost += sum("LOST" in one or "was lost" in one for one in wrong)
    score.doubled += sum("times" in one for one in wrong)
    if wrong:
        score.wrong[trial] = wrong
    for path in folder.glob(Path(db).name + "*"):
        path.unlink()


def compared_with_decisions(trial: Trial, journal: Journal, truth: Truth, score: Score) -> list[str]:
    """Every order that was decided is at the venue once, or is known not to be."""
    rows = {row["key"]: row for row in journal.read.orders()}
    accepted = Counter(client_id for client_id, *_ in truth.orders)
    ended = {one.key for one in journal.read.events() if one.kind == "cancel"}
    wrong = []
    for decision in script(trial.seed):
        if decision.what in ("cancel", "amend", "all"):
            continue
        for number in range(decision.number, decision.number + 1 + (decision.what == "batch")):
            key = name_of(trial.seed, number)
            row = rows.get(key)
            if row is None:
                wrong.append(f"decision {number} ({decision.what}) is not in the journal: LOST")
            elif accepted[key] > 1:
                wrong.append(f"decision {number} was carried out {accepted[key]} times")
            elif not accepted[key] and row["status"] == states.REJECTED:
                score.never += row["reason"] == NEVER
                # one whose end was asked for before it was found is not sent again
                if trial.resend and row["reason"] == NEVER and key not in ended:
                    wrong.append(f"decision {number} ({decision.what}) never arrived: LOST")
            elif not accepted[key] and row["status"] != states.CANCELED:
                wrong.append(
                    f"decision {number} ({decision.what}) is {row['status']} and not at the venue: LOST"
                )
    replaced = Counter(row["replaces"] for row in rows.values() if row["replaces"] and accepted[row["key"]])
    wrong += [f"{key} was replaced {count} times" for key, count in replaced.items() if count > 1]
    for row in rows.values():
        old = rows.get(row["replaces"])
        if old and accepted[row["key"]] and old["filled"] + row["quantity"] > old["quantity"]:
            wrong.append(f"{row['key']} replaces more of {old['key']} than was left, twice in all times")
    return wrong


async def run_trials(
    trials: Sequence[Trial],
    at_once: int = 2,
    *,
    moments: Iterator[Trial] | None = None,
    wanted: int = 0,
    loud: bool = False,
) -> Score:
    """Run trials, several at a time; then those of ``moments`` until so many kills have hit."""
    score = Score()
    waiting = list(reversed(trials))

    def following() -> Trial | None:
        if waiting:
            return waiting.pop()
        return next(moments) if moments is not None and score.moments < wanted else None

    async def work(folder: Path) -> None:
        nursery = await Nursery.start()
        try:
            while (trial := following()) is not None:
                await run_trial(trial, nursery, folder, score)
                if loud and (trial in score.wrong or score.trials % 25 == 0):
                    print(score.trials, trial, score.wrong.get(trial, ""), flush=True)
        finally:
            await nursery.close()

    with tempfile.TemporaryDirectory(prefix="bt-crash-") as name:
        await asyncio.gather(*(work(Path(name)) for _ in range(at_once)))
    return score


def at_moments(seed: int = 1) -> Iterator[Trial]:
    """Kills at random moments, some of them while the next process picks up the pieces; without end.

    A life that ended before its moment was not killed, and does not count.
    """
    chance = random.Random(seed)
    for number in count():
        lives = chance.choice([1, 1, 2, 3])
        kills = tuple(round(chance.uniform(0.05, 0.8), 4) for _ in range(lives))
        yield Trial(1000 * seed + number, chance.choice(["spot", "usdm"]), kills, bool(number % 2))


def at_steps(steps: Sequence[int], seed: int, market: str) -> list[Trial]:
    """A kill at each of these steps."""
    return [Trial(seed, market, (step,), bool(step % 2)) for step in steps]


async def count_steps(seed: int, market: str) -> int:
    """How many steps the script of a seed takes if nobody kills it."""
    score = await run_trials([Trial(seed, market, ())], 1)
    if score.wrong:
        raise AssertionError(str(score))
    return score.steps


async def everything(moments: int, steps: int | None, at_once: int, seed: int) -> Score:
    """The trials that were asked for; without a number of steps all of them, on both markets."""
    chance = random.Random(seed)
    trials: list[Trial] = []
    for market in ("spot", "usdm"):
        last = await count_steps(seed, market)
        every = list(range(1, last + 1))
        print(f"{market}: {last} steps", flush=True)
        trials += at_steps(every if steps is None else sorted(chance.sample(every, steps)), seed, market)
    return await run_trials(trials, at_once, moments=at_moments(seed), wanted=moments, loud=True)


def main() -> int:
    """Run the trials; the exit status is 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--moments", type=int, default=300)
    parser.add_argument("--steps", type=int, help="so many steps of each market, by chance (all of them)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="write the result into tests/live/soak.json")
    options = parser.parse_args()
    begun = time.monotonic()
    score = asyncio.run(everything(options.moments, options.steps, options.at_once, options.seed))
    seconds = time.monotonic() - begun
    print(f"{score}\nin {seconds:.0f} s")
    if options.record:
        record("crash", score.data() | {"seed": options.seed, "seconds": round(seconds)})
    return 1 if score.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
