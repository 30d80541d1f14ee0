"""The reference pages say what the code does."""

from trellis.governance import actions, roles
from trellis.lab.reference import pages


def test_the_matrix_of_access_is_that_of_the_policies():
    """A row for each action, a column for each role, and in each cell what a decision answers."""
    lines = [line for line in pages()["access.md"].split("\n## ")[0].splitlines() if line.startswith("| `")]
    names = list(roles())
    cells = {
        row[0].strip(" `"): dict(zip(names, (cell.strip() for cell in row[1:]), strict=True))
        for row in (line.strip("|").split("|") for line in lines)
    }

    assert set(cells) == set(actions())
    assert cells["content.open"]["clinician"] == "team, open" and cells["content.open"]["trainee"] == "team"
    assert cells["diagnosis.open"]["biller"] == "team, bill"
    assert cells["contact.open"]["client"] == "own" and cells["contact.open"]["front desk"] == "yes"
    for role in ("front desk", "biller", "administrator", "compliance officer", "auditor", "client", "proxy"):
        assert cells["content.open"][role] == "", role
    for role in ("operator", "job"):
        assert cells["note.sign"][role] == cells["private.keep"][role] == "", role
