"""docs/写法举例.md: every recipe is a standard without a fault, read and asked for as the page says."""

from __future__ import annotations

import pytest

from dingji.forms.catalogue import forms_of
from tests.make_recipes import PAGE, Recipe, base, loaded, page, read_as, recipes, with_recipe

FEWEST = 50


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.sentence)
def test_a_recipe_says_something_and_is_without_a_fault(recipe: Recipe) -> None:
    assert set(read_as(loaded(with_recipe(recipe.toml)))) - set(read_as(loaded(base())))


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.sentence)
def test_no_form_has_two_columns_or_choices_of_one_name(recipe: Recipe) -> None:
    scheme = loaded(with_recipe(recipe.toml))
    for form in forms_of(scheme, f"2026 {(list(scheme.rounds) or ['年终'])[-1]}"):
        for sheet in form.sheets:
            for names in (sheet.headings, *(column.choices for column in sheet.columns)):
                assert len(set(names)) == len(names), (form.title, sheet.name, names)


def test_the_page_tells_what_the_program_reads_and_asks() -> None:
    assert len(recipes()) >= FEWEST
    assert PAGE.read_text("utf-8") == page(), "run python -m tests.make_recipes"
