"""The contract of searches in texts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.words import Passage, passages_of, terms_of
from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.store.base import Choice, RevisionKind, SpecOrder, Store
from tests.store.values import ADA, BOB, SPEC, a_snapshot, a_spec, an_id, moment

Connect = Callable[[], Awaitable[Store]]

OTHER = an_id("spec", 2)


async def with_texts(store: Store, *texts: str, title: str = "A spec") -> list[str]:
    ids = [an_id("spec", 100 + number) for number in range(len(texts))]
    for spec_id, text in zip(ids, texts, strict=True):
        await store.create_spec(a_spec(spec_id, title=title), None, a_snapshot(0, text))
        await store.index_text(spec_id, 0, passages_of(text))
    return ids


async def found(store: Store, query: str, **more: object) -> set[str]:
    return {each.spec_id for each in (await store.specs(query, **more)).specs}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("leav", {0}),
        ("LEAVES churn", {0}),
        ("spec leaves", {0}),  # one word in the title
        ("eaves", set()),
        ("größe", {1}),
        ("GRÖSSE cafe\u0301", {1}),
        ("grosse", set()),
        ("模型", {2}),
        ("型评", {2}),
        ("v1.2", {3}),
        ("v1.3", set()),
        ("customer_id", {3}),
        ("fr-003", {3}),
        ("fr-03", set()),
        ('"quoted"', {3}),
        ("'*' OR a:b", set()),
        ("no such words", set()),
        ("leaves größe", set()),
        ("", {0, 1, 2, 3}),
    ],
)
async def test_every_word_is_looked_for_as_a_prefix(store: Store, query: str, hits: set[int]) -> None:
    ids = await with_texts(
        store,
        "# Churn\n\nWho leaves?\n",
        "Die Gro\u0308ße im CAFÉ",
        "模型评估",
        'Since v1.2.3 each customer_id is "quoted" (FR-003).',
    )
    assert await found(store, query) == {ids[number] for number in hits}


async def test_a_later_text_takes_the_place_of_the_earlier_one(store: Store, connect: Connect) -> None:
    (spec_id,) = await with_texts(store, "before\n" + "same line\n" * 3000)
    assert await found(await connect(), "before") == {spec_id}
    text = "a new beginning, longer\n" + "same line\n" * 3000 + "after"
    await store.index_text(spec_id, 3, passages_of(text))
    assert await found(store, "before") == set()
    assert await found(store, "after new") == {spec_id}
    (passage,) = (await store.passages([spec_id], terms_of("after"))).values()
    assert text[passage.start : passage.start + len(passage.text)] == passage.text
    await store.index_text(spec_id, 4, [])
    assert await found(store, "same") == set()


async def test_what_has_a_later_snapshot_is_to_be_indexed(store: Store) -> None:
    (spec_id,) = await with_texts(store, "text")
    await store.create_spec(a_spec(), None, a_snapshot())
    assert list(await store.unindexed(9)) == [SPEC]
    await store.index_text(SPEC, 0, [])
    assert list(await store.unindexed(9)) == []
    await store.save_snapshot(spec_id, a_snapshot(5, "more", RevisionKind.AUTO))
    assert list(await store.unindexed(9)) == [spec_id]
    await store.index_text(spec_id, 5, passages_of("more"))
    await store.index_text(spec_id, 3, passages_of("an older one"))
    assert list(await store.unindexed(9)) == []
    await store.index_text(an_id("nothing"), 1, passages_of("x"))
    assert await found(store, "x") == set()


async def test_the_passage_with_most_of_the_words_is_shown(store: Store) -> None:
    text = "one\n" + "filler\n" * 3000 + "one and two\n" + "filler\n" * 3000
    first, second = await with_texts(store, text, "two")
    shown = await store.passages([first, second, OTHER], terms_of("one two"))
    assert shown.keys() == {first, second}
    assert "one and two" in shown[first].text
    assert shown[second] == Passage(0, "two")
    assert (await store.passages([first], terms_of("one")))[first].start == 0
    assert await store.passages([first], terms_of("three %")) == {}
    assert await store.passages([], terms_of("one")) == {}


async def test_only_what_one_may_see_is_found(store: Store) -> None:
    (spec_id,) = await with_texts(store, "a secret")
    assert await found(store, "secret", visible_to=[ADA.user_id]) == {spec_id}
    assert await found(store, "secret", visible_to=[BOB.user_id]) == set()
    assert await found(store, "secret", only=OTHER) == set()


async def test_a_spec_in_the_trash_is_found_there_only(store: Store) -> None:
    (spec_id,) = await with_texts(store, "a secret")
    await store.trash_spec(spec_id, ADA.user_id, moment(1))
    assert await found(store, "secret") == set()
    assert [each.spec_id for each in (await store.trashed_specs("secret")).specs] == [spec_id]
    await store.delete_spec(spec_id)
    (again,) = await with_texts(store, "another")
    assert await found(store, "secret") == set()
    assert await found(store, "another") == {again}


async def all_pages(store: Store, choice: Choice, limit: int = 2) -> list[str]:
    titles: list[str] = []
    cursor = None
    while True:
        page = await store.specs(cursor=cursor, limit=limit, choice=choice)
        titles += [each.title for each in page.specs]
        if (cursor := page.next_cursor) is None:
            return titles


async def test_sorted_by_title_or_status_every_spec_is_listed_once(store: Store) -> None:
    rows = [("beta", "draft"), ("Alpha", "review"), ("alpha", "draft"), ("Ärger", "approved"), ("", "draft")]
    for number, (title, status) in enumerate(rows):
        await store.create_spec(a_spec(an_id("spec", number), title=title, at=number), None, a_snapshot())
        await store.update_spec(an_id("spec", number), {"status": status})
    by_title = await all_pages(store, Choice(SpecOrder.TITLE))
    assert [title.casefold() for title in by_title] == ["", "alpha", "alpha", "beta", "ärger"]
    assert sorted(by_title) == sorted(title for title, _ in rows)
    by_status = await all_pages(store, Choice(SpecOrder.STATUS))
    assert by_status == ["Ärger", "", "alpha", "beta", "Alpha"]
    assert await all_pages(store, Choice(SpecOrder.CHANGED)) == [title for title, _ in reversed(rows)]
    page = await store.specs(limit=1, choice=Choice(SpecOrder.STATUS))
    with pytest.raises(InvalidMessage):
        await store.specs(cursor=page.next_cursor, choice=Choice(SpecOrder.TITLE))


async def test_those_of_a_status_a_type_or_an_owner_are_listed(store: Store) -> None:
    await store.create_spec(a_spec(title="One"), None, a_snapshot())
    await store.create_spec(a_spec(OTHER, title="Other"), None, a_snapshot())
    await store.update_spec(OTHER, {"status": "review", "type": "test-plan"})
    await store.change_access(await store.access(SPEC), BOB.user_id, Role.OWNER, ADA.user_id, moment(1))
    await store.change_access(await store.access(OTHER), BOB.user_id, Role.ADMIN, ADA.user_id, moment(1))
    for choice, titles in (
        (Choice(status="review"), {"Other"}),
        (Choice(status="draft"), {"One"}),
        (Choice(status="Draft"), set()),
        (Choice(type="test-plan"), {"Other"}),
        (Choice(status="draft", type="test-plan"), set()),
        (Choice(owned_by=[BOB.user_id]), {"One"}),
        (Choice(owned_by=[ADA.user_id]), {"One", "Other"}),
        (Choice(owned_by=[]), set()),
    ):
        assert {each.title for each in (await store.specs(choice=choice)).specs} == titles, choice
    facets = await store.facets()
    assert facets.statuses == {"draft": 1, "review": 1}
    assert list(facets.types) == ["feature", "test-plan"]
    assert (await store.facets(visible_to=[])).statuses == {}
    assert (await store.facets(only=OTHER)).types == {"test-plan": 1}
