"""options: a table of `uptake.toml` that does not exist is an error that names the one that was meant."""

import pytest

from uptake.errors import BadConfig
from uptake.release.options import hint, read


@pytest.mark.parametrize(
    ("table", "hinted"),
    [("rewrites", "the options of rewrites are in [markov]"), ("index", "are in [retrieve]"), ("gaurd", "mean guard?")],
)
def test_the_hint_names_the_table_of_the_capability_else_the_nearest_name(tmp_path, table, hinted):
    assert hinted in hint(table)
    (tmp_path / "uptake.toml").write_text(f"[{table}]\nmin_users = 3\n")
    with pytest.raises(BadConfig, match="there is no table") as error:
        read(tmp_path)
    assert hinted in str(error.value)
