"""Where do both sides answer together, and see what it does to the score? A panel for the workshop."""

from __future__ import annotations

import html
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from workbench.diagnostics.finding import Score
from workbench.diagnostics.questions import Question, owner_questions
from workbench.diagnostics.scoring import band_words
from workbench.errors import WorkbenchError
from workbench.studies.workshop import WHO_OWNS, Session

BLANK = "–"
CHOICES = (BLANK, "1", "2", "3", "4", "5")
WIDE = widgets.Layout(width="100%")


def workshop_panel(folder: Path | str, today: date | None = None) -> Workshop:
    """Return the panel for the client in `folder`; display it in a notebook.

    Raises
    ------
    CallError
        if `folder` is not a client's folder.
    """
    return Workshop(Session(Path(folder), today or date.today()))


class Workshop(widgets.VBox):  # type: ignore[misc]
    """Questions by area with both sides' answers, the score and its bounds, and a button that saves."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.total = widgets.HTML(layout=WIDE)
        self.status = widgets.HTML(layout=WIDE)
        self.status.add_class("workshop-status")
        self._areas = session.areas()
        self.area = widgets.Dropdown(
            options=[*self._areas, WHO_OWNS], description="Area", style={"description_width": "4em"},
            layout=widgets.Layout(width="26em"),
        )  # fmt: skip
        self.save = widgets.Button(description="Save answers", button_style="primary", icon="check")
        self.questions = widgets.VBox(
            layout=widgets.Layout(width="100%", max_height="72vh", overflow="auto", display="block")
        )
        self.cards: dict[str, Card | OwnerCard] = {}
        self.area.observe(self._show, names="value")
        self.save.on_click(self._save)
        name = html.escape(session.dataset.client.name)
        head = widgets.VBox(
            [
                self.total,
                widgets.HBox([self.area, self.save], layout=widgets.Layout(flex_flow="row wrap")),
                self.status,
            ]
        )
        title = widgets.HTML(f"{STYLE}<h2 class='workshop'>{name}: scoring workshop</h2>")
        super().__init__([title, head, self.questions])
        self._show()

    def _show(self, _: Any = None) -> None:
        if self.area.value == WHO_OWNS:
            self.cards = {q.item: OwnerCard(self, q) for q in owner_questions().values()}
        else:
            self.cards = {q.item: Card(self, q) for q in self._areas[self.area.value]}
        self.questions.children = tuple(self.cards.values())
        self.refresh()

    def refresh(self) -> None:
        """Draw the scores anew."""
        before, now = self.session.before.total, self.session.now.total
        self.total.value = f"<div class='workshop-total'>All together {_bar(before, now)}</div>"
        for card in self.cards.values():
            card.refresh()
        n = self.session.unsaved
        self.save.description = f"Save {n} answer{'' if n == 1 else 's'}" if n else "Nothing to save"
        self.save.disabled = not n

    def _save(self, _: Any = None) -> None:
        try:
            conflicts = self.session.save()
        except WorkbenchError as error:
            self.status.value = f"<p class='workshop-wrong' role='alert'>{html.escape(str(error))}</p>"
            return
        told = "".join(f"<li>{html.escape(str(conflict))}</li>" for conflict in conflicts)
        self.status.value = (
            f"<div class='workshop-wrong' role='alert'>Saved, but for these:<ul>{told}</ul></div>"
            if conflicts
            else "<p class='workshop-saved' role='status'>Saved in answers.yaml.</p>"
        )
        self.refresh()


class Card(widgets.VBox):  # type: ignore[misc]
    """One question: what it asks, each side's answer and evidence, and what it does to the score."""

    def __init__(self, workshop: Workshop, question: Question) -> None:
        self._workshop, self._question = workshop, question
        self.score = widgets.HTML(layout=WIDE)
        self.answers: dict[str, widgets.ToggleButtons] = {}
        self.references: dict[str, widgets.Text] = {}
        rows = []
        for side in question.sides:
            said = workshop.session.entry(question.item, side)
            answer = widgets.ToggleButtons(
                options=CHOICES, value=str(said.answer) if said.answer else BLANK,
                style={"button_width": "2.6em"},
                layout=widgets.Layout(width="20em", flex="0 0 auto"),
                tooltips=[f"{question.item}, {side}: {choice}" for choice in CHOICES],
            )  # fmt: skip
            reference = widgets.Text(
                value=said.evidence_ref, placeholder=f"evidence: {question.evidence}", continuous_update=False,
                layout=widgets.Layout(flex="1 1 16em", min_width="14em"),
            )  # fmt: skip
            answer.observe(lambda _, side=side: self._say(side), names="value")
            reference.observe(lambda _, side=side: self._say(side), names="value")
            self.answers[side], self.references[side] = answer, reference
            label = widgets.Label(side.capitalize(), layout=widgets.Layout(width="4.5em"))
            row = widgets.HBox(
                [label, answer, reference], layout=widgets.Layout(flex_flow="row wrap", width="100%")
            )
            rows.append(row)
        super().__init__([widgets.HTML(_asked(question)), *rows, self.score])
        self.add_class("workshop-card")

    def _say(self, side: str) -> None:
        chosen = self.answers[side].value
        self._workshop.session.say(
            self._question.item, side, None if chosen == BLANK else int(chosen), self.references[side].value
        )
        self._workshop.refresh()

    def refresh(self) -> None:
        """Draw the score of the question anew."""
        moved = self._workshop.session.moved(self._question.item)
        self.score.value = (
            "<div class='workshop-quiet'>Informs causes and roots, no score of its own.</div>"
            if moved is None
            else f"<div class='workshop-score'>Score {_bar(*moved)}</div>"
        )


class OwnerCard(widgets.VBox):  # type: ignore[misc]
    """Who answers for one stage or handoff: whom each side names, and what it does to the score."""

    def __init__(self, workshop: Workshop, question: Question) -> None:
        self._workshop, self._question = workshop, question
        self.score = widgets.HTML(layout=WIDE)
        self.owners: dict[str, widgets.Combobox] = {}
        rows = []
        for side in question.sides:
            owner = widgets.Combobox(
                value=workshop.session.owner(question.item, side), options=workshop.session.offered,
                placeholder="a role, nobody, or do not know", continuous_update=False, ensure_option=False,
                tooltip=f"{question.item}, {side}: owner",
                layout=widgets.Layout(flex="1 1 16em", min_width="14em", max_width="32em"),
            )  # fmt: skip
            owner.observe(lambda _, side=side: self._say(side), names="value")
            self.owners[side] = owner
            label = widgets.Label(side.capitalize(), layout=widgets.Layout(width="4.5em"))
            rows.append(
                widgets.HBox([label, owner], layout=widgets.Layout(flex_flow="row wrap", width="100%"))
            )
        head = f"<h4 class='workshop'>{html.escape(question.item)} · {html.escape(question.text)}</h4>"
        super().__init__([widgets.HTML(head), *rows, self.score])
        self.add_class("workshop-card")

    def _say(self, side: str) -> None:
        self._workshop.session.name_owner(self._question.item, side, self.owners[side].value)
        self._workshop.refresh()

    def refresh(self) -> None:
        """Draw anew the score that the owners named inform."""
        moved = self._workshop.session.moved_by_owner(self._question.item)
        self.score.value = f"<div class='workshop-score'>Score {_bar(*moved)}</div>"


def _asked(question: Question) -> str:
    one, three, five = map(html.escape, question.anchors)
    return (
        f"<h4 class='workshop'>{html.escape(question.item)} · {html.escape(question.text)}</h4>"
        f"<div class='workshop-quiet'><b>1</b> {one} &nbsp; <b>3</b> {three} &nbsp; <b>5</b> {five}"
        f" &nbsp;·&nbsp; asked: {html.escape(question.asked)}</div>"
    )


def _bar(before: Score, now: Score) -> str:
    """Return score and bounds as words and as a bar, with the bounds from before the workshop behind."""
    value = "unknown" if now.value is None else f"{now.value:.0f}"
    words = f"<b>{value}</b>, {now.low:.0f} to {now.high:.0f}: {band_words(now)}"
    mark = "" if now.value is None else f"<i style='left:{now.value:.1f}%'></i>"
    was = f"before: {before.low:.0f} to {before.high:.0f}"
    return (
        f"<span class='workshop-bar' role='img' aria-label='{value}, {now.low:.0f} to {now.high:.0f}; {was}'>"
        f"<u style='left:{before.low:.1f}%;width:{before.high - before.low:.1f}%'></u>"
        f"<s style='left:{now.low:.1f}%;width:{max(now.high - now.low, 0.6):.1f}%'></s>{mark}</span>"
        f"<span>{words} <span class='workshop-quiet'>({was})</span></span>"
    )


STYLE = """<style>
.workshop {margin: .4em 0 .2em}
.workshop-card {border: 1px solid #8884; border-radius: 6px; padding: .5em .8em; margin: 0 0 .6em}
.workshop-card .widget-html-content, .workshop-total {line-height: 1.5}
.workshop-quiet {opacity: .75}
.workshop-total, .workshop-score {display: flex; flex-wrap: wrap; align-items: center; gap: .4em .8em}
.workshop-total {font-size: 1.15em; padding: .3em 0}
.workshop-bar {position: relative; display: inline-block; width: 240px; height: 14px; background: #8882}
.workshop-bar {border-radius: 3px}
.workshop-bar u, .workshop-bar s, .workshop-bar i {position: absolute; top: 0; bottom: 0; text-decoration: none}
.workshop-bar u {background: #8885} .workshop-bar s {background: #2a78b8; top: 3px; bottom: 3px; border-radius: 2px}
.workshop-bar i {width: 3px; background: #c2410c; top: -2px; bottom: -2px}
.workshop-card .widget-toggle-button.mod-active {background: #1f5f94; color: white}
.workshop-card .widget-toggle-button.mod-active:first-child {background: #d4d4d4; color: #222}
.workshop-saved {color: #15803d; margin: .2em 0} .workshop-wrong {color: #b91c1c; margin: .2em 0}
</style>"""
