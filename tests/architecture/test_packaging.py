"""What is installed: an installed Trellis has its rules, weights and demo, as this checkout has."""

import os

import pytest
from setuptools.dist import Distribution


@pytest.fixture
def shipped(root, monkeypatch):
    """Every file that a wheel would hold, by setuptools' own reading of pyproject.toml; no wheel is built."""
    monkeypatch.chdir(root)
    distribution = Distribution({"script_name": "setup.py"})
    distribution.parse_config_files()
    build = distribution.get_command_obj("build_py")
    build.ensure_finalized()
    build.manifest_files = {}  # what an older build left behind proves nothing
    code = [path for _, _, path in build.find_all_modules()]
    folders = [(package, build.get_package_dir(package)) for package in build.packages]
    data = [path for package, folder in folders for path in build.find_data_files(package, folder)]
    return {os.path.relpath(path, root).replace(os.sep, "/") for path in code + data}


def test_a_wheel_holds_every_file_of_the_product(tracked, shipped):
    """Code, rules, weights, templates, corpora and the demo are all in it, whatever folder they lie in."""
    product = {name for name in tracked if name.startswith("src/trellis/")}

    assert any(name.endswith(".onnx") for name in product) and any(name.endswith(".toml") for name in product)
    assert product - shipped == set()


def test_a_wheel_holds_nothing_else(shipped):
    """No test, no cache and nothing from beside the package is installed."""
    assert [name for name in shipped if not name.startswith("src/trellis/") or "__pycache__" in name] == []
