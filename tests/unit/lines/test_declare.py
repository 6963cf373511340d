"""Declarations: names, inheritance, merging, aliases."""

from __future__ import annotations

import pytest

from backtrader.lines import LineIterator, LineSeries
from backtrader.utils.construct import MetaParams, ParamsBase, with_metaclass


class Left(LineSeries):
    lines = ("a", "b")
    params = (("x", 1), ("y", 2))
    plotlines = {"a": {"color": "red"}}
    linealias = (("a", "leading"),)


class Right(LineSeries):
    lines = ("c",)
    params = {"y": 5, "z": 3}


class Both(Left, Right):
    lines = ("d",)
    params = (("x", 9),)
    plotlines = {"a": {"ls": "--"}}


def test_lines_of_all_bases_come_before_own_ones() -> None:
    assert Both.lines.getlinealiases() == ("a", "b", "c", "d")


def test_a_redefined_default_keeps_its_place() -> None:
    # the right base overrides the left one's default, the class itself overrides both
    assert Both.params._gettuple() == (("x", 9), ("y", 5), ("z", 3))


def test_plotlines_merge_per_line() -> None:
    assert Both.plotlines.a._getkwargs() == {"color": "red", "ls": "--"}
    assert Both.plotlines._getpairs().keys() == {"a", "b", "c", "d"}


def test_params_are_taken_out_of_the_keywords() -> None:
    class Taking(Left):
        def __init__(self) -> None:
            self.seen = self.p.x

    assert Taking(x=4).seen == 4
    with pytest.raises(TypeError):
        Taking(unknown=1)


def test_an_untouched_parameter_is_default() -> None:
    obj = Left(y=3)
    assert obj.p.isdefault("x") and obj.p.notdefault("y")
    assert obj.p._getkwargs() == {"x": 1, "y": 3}


def test_unknown_parameter_names_the_nearest() -> None:
    class Periodic(ParamsBase):
        params = (("period", 3),)

        def __init__(self) -> None:
            self.period = self.p.perid

    with pytest.raises(AttributeError, match="perid") as caught:
        Periodic()
    assert caught.value.__notes__ == ["Periodic has no parameter or option 'perid'; did you mean 'period'?"]


def test_unknown_line_of_the_bundle_names_class_and_nearest() -> None:
    class Bound(Left):
        def __init__(self) -> None:
            self.bound = self.lines.leadin

    with pytest.raises(AttributeError, match="leadin") as caught:
        Bound()
    assert caught.value.__notes__ == ["Bound has no line 'leadin'; known: a, b"]


def test_a_name_nobody_has_is_explained_where_the_run_ends() -> None:
    class Mistyped(LineIterator):
        lines = ("leading",)

        def __init__(self) -> None:
            self.average = self.leadin

    with pytest.raises(AttributeError, match="leadin") as caught:
        Mistyped()
    assert caught.value.__notes__ == ["Mistyped has no line or attribute 'leadin'; did you mean 'leading'?"]


def test_names_of_lines_and_datas_are_attributes_that_were_not_there_before() -> None:
    class Two(LineIterator):
        lines = ("up", "next")
        _mindatas = 2

    data = Left()
    two = Two(data, Left())
    assert two.up is two.lines.up and two.__dict__["up"] is two.up
    assert two.data1_a is not two.data0_a and two.data_0 is two.data0_a is data.lines.a
    assert callable(two.next), "a method goes before a line of the same name"
    for name in ("data2", "data1_nothing", "line5", "line_7", "data0_9"):
        assert not hasattr(two, name)
    assert not hasattr(Two, "up") and not hasattr(LineIterator, "data1")


def test_what_a_later_base_says_goes_before_the_name_of_a_line() -> None:
    class Said:
        a = "said"

        def b(self) -> str:
            return "called"

    class Mixed(Left, Said):
        pass

    assert Mixed().a == "said" and Mixed().b() == "called"


def test_linealias_is_the_same_line() -> None:
    obj = Left()
    assert obj.leading is obj.lines.a is obj.a is obj.line0 is obj.line_0 is obj.lines[0]


def test_alias_makes_a_real_subclass_in_the_defining_module() -> None:
    class Long(LineIterator):
        alias = ("TestAliasShort", ("TestAliasNamed", "plotted so"))
        lines = ("q",)

    short = globals()["TestAliasShort"]
    assert short.__name__ == "TestAliasShort" and short.__bases__ == (Long,)
    assert globals()["TestAliasNamed"].plotinfo.plotname == "plotted so"


def test_plot_options_are_consumed_as_keywords() -> None:
    obj = Left(plot=False)
    assert obj.plotinfo.plot is False and Left.plotinfo.plot is True


def test_a_singleton_metaclass_of_a_third_party_works() -> None:
    class MetaSingleton(MetaParams):
        def __init__(cls, name, bases, dct):  # type: ignore[no-untyped-def]
            super().__init__(name, bases, dct)
            cls._one = None

        def __call__(cls, *args, **kwargs):  # type: ignore[no-untyped-def]
            if cls._one is None:
                cls._one = super().__call__(*args, **kwargs)
            return cls._one

    class Store(with_metaclass(MetaSingleton, object)):  # type: ignore[misc]
        params = (("host", "here"),)

    assert Store(host="there") is Store() and Store().p.host == "there"
