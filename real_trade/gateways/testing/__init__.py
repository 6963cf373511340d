"""The behaviour suite: what every gateway has to do, ours and those of others.

Inherit `GatewaySuite`, say what the gateway can do, and give it a stage::

    class TestMine(GatewaySuite):
        capabilities = MyGateway.capabilities

        @pytest.fixture
        def stages(self):
            return my_stage   # a function that gives an async context manager with a `Stage`

Cases that need what the gateway lacks do not exist for it; those that say how it has to refuse it do.
"""

from .asking import AskingChapter
from .changing import ChangingChapter
from .failing import FailingChapter, expected_of
from .placing import PlacingChapter
from .stage import Chapter, Listener, Stage, Stages, case, until
from .streaming import StreamingChapter
from .waiting import WaitingChapter

__all__ = ["Chapter", "GatewaySuite", "Listener", "Stage", "Stages", "case", "expected_of", "until"]


class GatewaySuite(
    PlacingChapter, WaitingChapter, ChangingChapter, AskingChapter, StreamingChapter, FailingChapter
):
    """All chapters."""
