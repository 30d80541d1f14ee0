"""What tests of the record share."""

import pytest

from tests.gates import open_gates


@pytest.fixture(autouse=True, scope="module")
def _everyone_may():
    """What is tested here isn't access: that has tests of its own, with the fixture `guarded`."""
    with open_gates():
        yield
