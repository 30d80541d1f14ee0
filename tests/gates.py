"""A gate that lets everybody through, for tests of what isn't access; it is in no clinic."""

from contextlib import contextmanager

import pytest

from trellis.governance import Decision


class EveryoneMay:
    """Permits whatever is asked."""

    given = ()

    def __init__(self, connection, **asking):
        pass

    def decide(self, told, subject="", *, about=""):
        return Decision(is_permitted=True, rule="role.operator")

    def meet(self, subjects):
        pass

    def caseload(self):
        return None

    def welcomed(self, subject, *, is_treating, places):
        pass


everyone_may = EveryoneMay


@contextmanager
def open_gates():
    """Every record that is opened inside the block lets everybody do everything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trellis.record.room.GATE", everyone_may)
        yield
