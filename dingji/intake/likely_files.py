"""Files that were not read and by their names may be a form that is wanting: a hint to the officer, never a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from dingji.comparing import normal

Form = tuple[str, str]
"""A form that is wanting: its owner's name and its title, as papers print them."""


def likely_files(
    wanting: Sequence[Form], unread: Iterable[str], known: Collection[Form], large: Collection[str] = ()
) -> Mapping[Form, list[str]]:
    """Return by form the files whose names have its owner's name, and no other form's title.

    `known`: all forms that are owed, handed in or not. Of several owners' names in a file's name the longest counts:
    十一支部 is not 一支部. `large`: files too large to be read, which may be everybody's book of one title.
    """
    owners = {normal(owner): owner for owner, _ in known if owner}
    titles = {title for _, title in known}
    found: defaultdict[Form, list[str]] = defaultdict(list)
    for path in unread:
        text = normal(path)
        owner = max((name for name in owners if name in text), key=len, default="")
        told = {title for title in titles if normal(title) in text}
        if owner:
            may_be = [form for form in wanting if form[0] == owners[owner] and (not told or form[1] in told)]
        elif path in large:
            name = normal(PurePosixPath(path).name)
            may_be = [form for form in wanting if normal(form[1]) in name]
        else:
            may_be = []
        for form in may_be:
            found[form].append(path)
    return found
