"""Each mistake falls under one cause, and pages are compared with their documents over the same stretch of text."""

from __future__ import annotations

from enrich.evaluation.causes import FALSE, MISSED, ROLES, causes
from enrich.evaluation.runs import end_of_document

TEXT = "Hans Kochmann, Geschäftsführer der Kochmann Bau GmbH, rechnet mit mehr Aufträgen."


def lead(person: str, company: str, role: str | None = "Geschäftsführer") -> dict[str, object]:
    return {"person": person, "role": role, "company": company, "former": False}


def table(gold: list[dict[str, object]], *spans: tuple[str, str]) -> dict[str, int]:
    entities = [(TEXT.index(part), TEXT.index(part) + len(part), label) for part, label in spans]
    return dict(causes("t", "de", {"d": TEXT}, {"d": gold}, {"d": entities}).counts)


BOTH = (("Hans Kochmann", "PER"), ("Kochmann Bau GmbH", "ORG"))


def test_a_right_lead_has_no_cause() -> None:
    assert table([lead("Hans Kochmann", "Kochmann Bau GmbH")], *BOTH) == {}


def test_names_that_were_not_recognised_are_told_first() -> None:
    gold = [lead("Hans Kochmann", "Kochmann Bau GmbH")]
    assert table(gold, BOTH[1]) == {MISSED[0]: 1}
    assert table(gold, BOTH[0]) == {MISSED[1]: 1}


def test_leads_that_the_gold_lacks_are_false() -> None:
    assert table([], *BOTH) == {FALSE[1]: 1}
    assert table([lead("Hans Kochmann", "Sparkasse Neuburg")], *BOTH) == {MISSED[1]: 1, FALSE[2]: 1}


def test_a_role_beside_a_matched_pair_is_judged() -> None:
    assert table([lead("Hans Kochmann", "Kochmann Bau GmbH", None)], *BOTH) == {ROLES[3]: 1}


def test_a_page_is_cut_where_its_document_ends() -> None:
    page = "Die Firma wuchs um ein Drittel. Der Chef stellt Leute ein. Danach kommt, was das Dokument nicht hat."
    document = "Datum und Ort\nDie Firma wuchs um ein Drittel. Der Chef stellt Leute ein."
    assert (
        page[: end_of_document(page, document)].rstrip() == "Die Firma wuchs um ein Drittel. Der Chef stellt Leute ein."
    )


def test_a_page_without_its_document_stays_whole() -> None:
    assert end_of_document("Etwas ganz anderes.", "Die Firma wuchs um ein Drittel.") == len("Etwas ganz anderes.")
