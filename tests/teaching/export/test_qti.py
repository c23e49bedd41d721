"""The bank as QTI 2.1: what it says, and that an independent engine gives the marks of the course."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import honest, right

from earned_security.assessment.items import Item, Key
from earned_security.assessment.marking import mark
from earned_security.teaching.bank import OPEN_BANK, Bank, drop, read_bank, read_banks
from earned_security.teaching.export import qti, qti_package

from ..conftest import DATA

SCHEMA = "EARNED_QTI_SCHEMA"  # names imsqti_v2p1.xsd, with what it imports where it says
TAG = f"{{{qti.NAMESPACE}}}"
MARKED = [t for t in qti.KIND if t != "free-text"]


def score(item: Item, file: bytes, response: Any) -> float:
    """What Pyslet, an engine for QTI 2.1 by one of its authors, makes of an answer."""
    xml = pytest.importorskip("pyslet.qtiv2.xml", reason="Pyslet is not installed.")
    variables = pytest.importorskip("pyslet.qtiv2.variables")
    document = xml.QTIDocument()
    document.read(src=io.BytesIO(file))
    session = variables.ItemSessionState(document.root)
    session.begin_session()
    session["RESPONSE"].set_value(as_qti(item, response))
    session.end_attempt()
    return float(session["SCORE"].value)


def as_qti(item: Item, response: Any) -> Any:
    if item.type == "choose-one":
        return qti.identifier(response)
    if isinstance(response, list):
        return [qti.identifier(part) for part in response]
    if isinstance(response, dict):
        return [(qti.identifier(entry), qti.identifier(option)) for entry, option in response.items()]
    return float(response)


def pairs(bank: Bank) -> list[tuple[Item, Key]]:
    return [(item, key) for item, key in bank.items if item.type in MARKED]


@pytest.mark.filterwarnings("ignore")
def test_an_independent_engine_gives_all_points_for_the_right_answer(all_types: Bank) -> None:
    for item, key in pairs(all_types):
        got = score(item, qti.assessment_item(item, key), right(item, key))
        assert got == pytest.approx(item.points), item.id


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("type_", MARKED)
def test_an_independent_engine_marks_any_answer_as_the_course_does(all_types: Bank, type_: str) -> None:
    items = [pair for pair in pairs(all_types) if pair[0].type == type_]
    files = {item.id: qti.assessment_item(item, key) for item, key in items}

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(items).flatmap(lambda pair: st.tuples(st.just(pair), honest(pair[0]))))
    def hold(drawn: Any) -> None:
        (item, key), response = drawn
        marked = mark(item, key, response).points
        assert abs(score(item, files[item.id], response) - marked) < 0.0051, (item.id, response)

    hold()


@pytest.mark.filterwarnings("ignore")
def test_a_safety_step_out_of_place_earns_nothing_there_too(all_types: Bank) -> None:
    item, key = next(pair for pair in pairs(all_types) if pair[0].id == "all-order-too-close")
    file = qti.assessment_item(item, key)
    assert score(item, file, ["ground", "stop", "talk", "decide"]) == 0
    assert score(item, file, ["stop", "talk", "ground", "decide"]) == pytest.approx(2)
    assert score(item, file, ["stop", "ground", "talk"]) == 0  # a step is missing


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_whole_open_bank_is_marked_alike() -> None:
    for bank in read_banks(OPEN_BANK):
        for item, key in pairs(bank):
            file = qti.assessment_item(item, key)
            assert score(item, file, right(item, key)) == pytest.approx(item.points), item.id


def test_every_file_is_valid_by_the_schema(all_types: Bank) -> None:
    etree = pytest.importorskip("lxml.etree")
    if not (named := os.environ.get(SCHEMA)):
        pytest.skip(f"{SCHEMA} names no schema of QTI 2.1.")
    schema = etree.XMLSchema(etree.parse(named))
    archive = zipfile.ZipFile(io.BytesIO(qti_package.package([*read_banks(OPEN_BANK), all_types])))
    checked = [name for name in archive.namelist() if name != "imsmanifest.xml"]
    assert len(checked) > 400
    for name in checked:
        schema.assertValid(etree.fromstring(archive.read(name)))


def test_the_manifest_is_valid_and_names_every_file_once(all_types: Bank, packager: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    archive = zipfile.ZipFile(io.BytesIO(qti_package.package([all_types])))
    manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    schemas = packager / "lib/schemas/definitionFiles/scorm20044thedition"
    etree.XMLSchema(etree.parse(str(schemas / "imscp_v1p1.xsd"))).assertValid(manifest)
    named = [file.get("href") for file in manifest.iter("{*}file")]
    assert sorted(named) == sorted(set(archive.namelist()) - {"imsmanifest.xml"})
    known = {resource.get("identifier") for resource in manifest.iter("{*}resource")}
    assert {each.get("identifierref") for each in manifest.iter("{*}dependency")} < known


def test_every_type_is_there_but_the_played_case_which_is_named(all_types: Bank) -> None:
    archive = zipfile.ZipFile(io.BytesIO(qti_package.package([all_types])))
    there = {Path(name).stem for name in archive.namelist()}
    for item, _ in all_types.items:
        assert (item.id in there) == (item.type != "play-case"), item.id
    assert {item.id for item, key in all_types.items if qti.why_not(item, key)} == {
        item.id for item, _ in all_types.items if item.type == "play-case"
    }
    dropped = drop(all_types, ["all-one-saved"], "full")
    (why,) = (qti.why_not(item, key) for item, key in dropped.items if item.id == "all-one-saved")
    assert why is not None and "dropped" in why


def test_what_a_person_reads_is_whole_and_emphasis_is_kept(all_types: Bank) -> None:
    item, key = next(pair for pair in all_types.items if pair[0].id == "all-one-saved")
    root = ElementTree.fromstring(qti.assessment_item(item, key))
    body = root.find(f"{TAG}itemBody")
    assert body is not None
    shown = " ".join("".join(body.itertext()).split())
    assert shown.startswith("What does the word Saved under an exercise mean?")
    assert [each.text for each in body.iter(f"{TAG}em")] == ["Saved"]
    assert all(text in shown for text in item.texts("options").values())


def test_only_scorers_are_shown_the_rubric(all_types: Bank) -> None:
    item, key = next(pair for pair in all_types.items if pair[0].type == "free-text")
    root = ElementTree.fromstring(qti.assessment_item(item, key))
    (block,) = root.iter(f"{TAG}rubricBlock")
    assert block.get("view") == "scorer"
    assert key.model_answer.split()[0] in "".join(block.itertext())
    assert root.find(f"{TAG}responseProcessing") is None


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    bank = read_bank(DATA / "99-shapes.yaml")
    item, key = next(pair for pair in bank.items if pair[0].type == "choose-one")
    item = Item(**{**item.__dict__, "prompt": "Is <script>alert(1)</script> & *this* a shape?"})
    root = ElementTree.fromstring(qti.assessment_item(item, key))
    assert "<script>alert(1)</script> & this a shape?" in "".join(root.itertext())


def test_the_same_bank_gives_the_same_bytes(all_types: Bank) -> None:
    assert qti_package.package([all_types]) == qti_package.package([all_types])
