"""A run as JUnit's XML, which build servers show: a suite a set, a test a case."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from assistant.evaluation.results import Result

# What XML 1.0 does not allow in any form.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(results: Sequence[Result], begun_at: str | None = None) -> bytes:
    """The results as an XML file in UTF-8: failed cases as failures, those that could not be asked as errors.

    Args:
        results: what became of the cases.
        begun_at: when the run began, in ISO 8601.
    """
    begun = {"timestamp": begun_at} if begun_at else {}
    suites = ElementTree.Element("testsuites", {"name": "assistant eval", **_counts(results)})
    for name in dict.fromkeys(result.set for result in results):
        inside = [result for result in results if result.set == name]
        suite = ElementTree.SubElement(suites, "testsuite", {"name": _clean(name), **_counts(inside), **begun})
        for result in inside:
            _add_case(suite, result)
    ElementTree.indent(suites)
    return bytes(ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_case(suite: ElementTree.Element, result: Result) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname=_clean(result.set), name=_clean(result.id), time=f"{_seconds(result):.3f}"
    )
    if result.lost is None:
        return
    kind, lost = ("error" if result.error else "failure"), result.lost
    problem = ElementTree.SubElement(case, kind, type=lost.stage, message=_clean(f"{lost.stage}: {result.question}"))
    problem.text = _clean(
        f"question  {result.question}\nexpected  {lost.expected}\ninstead   {lost.instead}\nagain     {lost.command}"
    )


def _counts(results: Sequence[Result]) -> dict[str, str]:
    errors = sum(bool(result.error) for result in results)
    failures = sum(not result.passed for result in results) - errors
    time = sum(map(_seconds, results))
    counts = {"tests": len(results), "failures": failures, "errors": errors, "skipped": 0}
    return {**{name: str(count) for name, count in counts.items()}, "time": f"{time:.3f}"}


def _seconds(result: Result) -> float:
    return float(result.answer["timings_ms"]["total"]) / 1000 if result.answer else 0.0


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
