"""The preview of a spec, as tests look at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.person import VIEW, Person

TEXT: Final = """\
---
title: Churn model
status: draft
---

# Churn model

We call customers who are likely to leave. See [the data](#the-data), [the plan][plan] and
[the notebook](ada/churn-model.ipynb).[^1]

## Tasks

- [ ] FR-001 Collect the calls
- [x] FR-002 Train the model
  - [ ] a smaller one

## The data

| Month | Customers | Left |
|-------|----------:|-----:|
| April | 1 120 | 19.3 % |

The share is $p = \\frac{l}{n}$, and for all months

$$
\\bar p = \\frac{1}{12} \\sum_{m=1}^{12} p_m
$$

```python
def share(left: int, all: int) -> float:
    return left / all  # of one month
```

```mermaid
graph LR
  A[Calls] --> B[Model] --> C[List]
```

> A list that nobody calls is worth nothing.

<details>
<summary>More</summary>

Hidden *words*.

</details>

[plan]: https://example.org/plan "The plan"
[^1]: As of April.
"""


def preview_of(person: Person, spec_id: str) -> Locator:
    return person.spec(spec_id).get_by_role("region", name="Preview of the spec")


def show_preview(person: Person, spec_id: str, mode: str = "beside") -> Locator:
    person.run("speccollab:show-preview", mode=mode)
    preview = preview_of(person, spec_id)
    expect(preview.locator(".jp-SpecPreview-block").first).to_be_visible()
    return preview


def is_rendered(preview: Locator) -> bool:
    """Whether every block in the page shows its text."""
    return bool(
        preview.evaluate(
            """node => {
              const blocks = [...node.querySelectorAll('.jp-SpecPreview-block')];
              return blocks.length > 0 && blocks.every(each => each.style.minHeight === '');
            }"""
        )
    )


def until_rendered(person: Person, spec_id: str) -> Locator:
    preview = preview_of(person, spec_id)
    person.until(lambda: is_rendered(preview), "the rendered preview")
    return preview


def put_text(person: Person, spec_id: str, text: str) -> None:
    """Replace the whole text, as somebody who pastes it."""
    person.page.evaluate(
        f"""([id, insert]) => {{
          const view = ({VIEW})(id);
          view.dispatch({{ changes: {{ from: 0, to: view.state.doc.length, insert }} }});
        }}""",
        [spec_id, text],
    )


@contextmanager
def nothing_elsewhere(person: Person) -> Iterator[list[str]]:
    """What is asked for at other addresses than the server's; it gets no answer."""
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    elsewhere = re.compile(r"^https?://(?!127\.0\.0\.1|localhost)")
    person.page.route(elsewhere, refuse)
    person.page.evaluate("() => { window.hostile = undefined; }")
    try:
        yield asked
    finally:
        person.page.unroute(elsewhere)


def keep_offline(page: Page, asked: list[str]) -> None:
    """Answer no request of a page that was opened from a file, and keep the addresses."""

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile("^https?:"), refuse)


def ran(person: Person) -> Any:
    return person.page.evaluate("() => window.hostile ?? null")
