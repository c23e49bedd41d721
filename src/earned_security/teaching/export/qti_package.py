"""Banks as one QTI 2.1 package: an item in a file of its own, a test for each assignment, and the manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement

from earned_security.teaching.bank import Bank
from earned_security.teaching.export import qti
from earned_security.teaching.export.wording import plain

_PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMAS = f"{_PACKAGING} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd {qti.SCHEMA}"
MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # the same bank gives the same bytes


def package(banks: Iterable[Bank]) -> bytes:
    """All items that QTI can say, as a zip archive; keys are in it."""
    files: dict[str, bytes] = {}
    manifest = Element(
        "manifest",
        {
            "xmlns": _PACKAGING,
            f"{{{_INSTANCE}}}schemaLocation": _SCHEMAS,
            "identifier": "earned-security-bank",
        },
    )
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    for bank in banks:
        items = {
            item.id: qti.assessment_item(item, key) for item, key in bank.items if not qti.why_not(item, key)
        }
        if not items:
            continue
        folder = bank.assignment
        test = f"{folder}/test.xml"
        files[test] = _test(bank, items)
        resource = _resource(resources, f"test-{folder}", "imsqti_test_xmlv2p1", test)
        for name, content in items.items():
            path = f"{folder}/{name}.xml"
            files[path] = content
            SubElement(resource, "dependency", identifierref=_name(folder, name))
            _resource(resources, _name(folder, name), "imsqti_item_xmlv2p1", path)
    files["imsmanifest.xml"] = qti.written(manifest)
    return archive(files)


def archive(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip archive that is the same whenever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, MIDNIGHT)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, files[name])
    return made.getvalue()


def _name(folder: str, item: str) -> str:
    return f"item-{folder}-{item}"


def _resource(resources: Element, name: str, type_: str, path: str) -> Element:
    resource = SubElement(resources, "resource", identifier=name, type=type_, href=path)
    SubElement(resource, "file", href=path)
    return resource


def _test(bank: Bank, items: Iterable[str]) -> bytes:
    root = Element(
        "assessmentTest",
        {
            "xmlns": qti.NAMESPACE,
            f"{{{_INSTANCE}}}schemaLocation": qti.SCHEMA,
            "identifier": qti.identifier(bank.assignment),
            "title": plain(bank.title),
        },
    )
    part = SubElement(
        root,
        "testPart",
        identifier="part",
        navigationMode="nonlinear",
        submissionMode="simultaneous",
    )
    section = SubElement(
        part, "assessmentSection", identifier="section", title=plain(bank.title), visible="true"
    )
    for name in items:
        SubElement(section, "assessmentItemRef", identifier=qti.identifier(name), href=f"{name}.xml")
    return qti.written(root)
