"""Purged folds with an embargo, against their definition.

López de Prado, "Advances in Financial Machine Learning" (2018), sections 7.4 and 12.4.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.opt.folds import combinatorial_purged, edges_of, path_count, purged_kfold


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_sample_to_learn_from_touches_the_test_or_its_embargo(data: Any) -> None:
    count = data.draw(st.integers(6, 60))
    groups = data.draw(st.integers(2, 6))
    chosen = data.draw(st.integers(1, groups - 1))
    horizon = data.draw(st.lists(st.integers(0, 8), min_size=count, max_size=count))
    embargo = data.draw(st.integers(1, 6))
    ends = [i + h for i, h in enumerate(horizon)]
    for split in combinatorial_purged(count, groups, chosen, horizon, embargo):
        tested = set(split.test.tolist())
        assert not tested & set(split.train.tolist())
        # blocks of neighbouring test samples, and the time their spans reach to
        blocks = []
        for sample in sorted(tested):
            if sample - 1 in tested:
                blocks[-1].append(sample)
            else:
                blocks.append([sample])
        expected = []
        for sample in range(count):
            if sample in tested:
                continue
            reach = [(block[0], max(ends[i] for i in block)) for block in blocks]
            overlaps = any(sample <= last and ends[sample] >= first for first, last in reach)
            embargoed = any(last < sample <= last + embargo for _, last in reach)
            if not (overlaps or embargoed):
                expected.append(sample)
        assert split.train.tolist() == expected


def test_each_sample_is_tested_once_by_plain_folds() -> None:
    tested = [split.test for split in purged_kfold(103, 5)]
    assert np.concatenate(tested).tolist() == list(range(103))
    assert {len(each) for each in tested} == {20, 21}


def test_without_spans_and_embargo_all_others_are_learned_from() -> None:
    for split in purged_kfold(50, 5, 0, 0):
        assert sorted([*split.train, *split.test]) == list(range(50))


def test_an_embargo_may_be_a_share() -> None:
    first = next(purged_kfold(1000, 5, 0, 0.02))
    assert first.train[0] == 220


# Section 12.4: 6 groups, 2 of them tested, are 15 splits and 5 paths.
def test_splits_and_paths_are_as_many_as_printed() -> None:
    splits = list(combinatorial_purged(60, 6, 2))
    assert len(splits) == comb(6, 2) == 15 and path_count(6, 2) == 5
    assert [split.groups for split in splits] == list(combinations(range(6), 2))
    edges = edges_of(60, 6)
    for split in splits:
        wanted = np.concatenate([np.arange(edges[g], edges[g + 1]) for g in split.groups])
        assert split.test.tolist() == wanted.tolist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((3, 5), "cannot be cut into 5"),
        ((30, 5, 5), "1 to 4 can be the test"),
        ((30, 5, 1, -1), "before it begins"),
    ],
)
def test_what_cannot_be_is_said(arguments: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(combinatorial_purged(*arguments))
