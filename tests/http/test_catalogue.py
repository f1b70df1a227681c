"""What goes out about guides, services and scripts."""

from __future__ import annotations

import json

from made import made_guides

from chatbot.http.catalogue import GuideOut, guide_detail, script_out, services_out


def test_a_guide_is_told_with_its_dates_and_sections() -> None:
    """What a client needs to show it and to say how old it is."""
    guide = made_guides()["tirocinio"]
    summary = json.loads(GuideOut.of(guide).model_dump_json())
    assert (summary["verified_on"], summary["review_by"]) == ("2026-11-20", "2027-05-15")
    assert summary["url"] == "/guide/tirocinio"
    detail = guide_detail(guide, "<p>x</p>").model_dump()
    assert detail["html"] == "<p>x</p>"
    durata = {"anchor": "durata", "heading": "Quanto dura il tirocinio?", "level": 2}
    assert durata in detail["sections"]
    assert {"label": "D.G.R. di prova 85 del 2017", "url": None} in detail["sources"]


def test_services_are_the_cards_by_title() -> None:
    """Other guides are no services; what is not known is null, never an invented word."""
    found = services_out(list(made_guides().values()))
    assert [service.title for service in found] == sorted(service.title for service in found)
    assert {service.kind for service in found} == {"servizio"}
    (unar,) = [service for service in found if service.slug == "unar"]
    assert (unar.status, unar.address, unar.hours) == ("da verificare", None, None)
    assert [contact.value for contact in unar.contacts] == ["800 90 10 10"]


def test_a_script_leads_from_step_to_step() -> None:
    """Every target is a step of the script or another guide; a step without choices ends it."""
    script = script_out(made_guides()["conto-corrente"])
    known = {f"#{step.id}" for step in script.steps}
    targets = {o.target for step in script.steps for o in step.options if o.target}
    assert {target for target in targets if target.startswith("#")} <= known
    assert [step.id for step in script.steps if step.ends] != []
    assert all(step.html.startswith("<p>") for step in script.steps)
