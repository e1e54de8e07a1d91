"""Answers as HTML. Every word of a document, a question or a model is text here, whatever it looks like.

The result is one block of HTML without an empty line, as a Markdown renderer passes it on untouched.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from assistant.render import RECOGNISED, also_in, whereabouts
from assistant.serve.sources import document_id
from assistant.store.generations import Manifest
from assistant.types import Answer, AnswerSentence, Citation, Disagreement

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SEARCHING = '<div class="searching">Searching the documents…</div>'


def literal(text: str) -> str:
    """A text as HTML that shows exactly its characters.

    All but letters, digits and spaces are written as character references. So there is nothing left that HTML,
    Markdown, or a scanner for links and formulas could take for its own. A control character is shown as "�".
    """
    return "".join(map(_literal_character, text.replace("\r\n", "\n").replace("\r", "\n")))


def _literal_character(character: str) -> str:
    if character.isalnum() or character == " ":
        return character
    if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
        return "\ufffd"
    return f"&#{ord(character)};"


def question_html(question: str) -> str:
    """What a person asked."""
    return f'<div class="asked">{literal(question)}</div>'


def problem_html(message: str) -> str:
    """Why there is no answer."""
    return f'<div class="problem">{literal(message[:1].upper() + message[1:])}.</div>'


def answer_html(answer: Answer) -> str:
    """An answer: what was searched for, the text, a note, what sources differ on, and the sources."""
    searched = _div("searched", literal(f"Searched for: {answer.query}")) if answer.query != answer.question else ""
    searched += _div("searched", literal(f"Asked only documents {answer.filter}.")) if answer.filter else ""
    note = _div("missing", literal(answer.note[:1].upper() + answer.note[1:])) if answer.note else ""
    if answer.status == "refused":
        return _div("answer", searched + _refusal(answer, note))
    chips = {citation.n: _chip(citation) for citation in answer.citations}
    differing = "".join(_differing(each, chips) for each in answer.disagreements)
    return _div("answer", searched + _said(answer, chips) + note + differing + _sources("Sources", answer.citations))


def about_index(manifest: Manifest, chat: str | None, server: str | None = None) -> str:
    """What is searched, and where it goes: nowhere, or to the chat model that is configured, at its server."""
    built = datetime.fromisoformat(manifest.built_at).astimezone(UTC)
    counts = f"{_count(manifest.documents, 'document')}, {_count(manifest.passages, 'passage')}"
    when = f"{built.day} {MONTHS[built.month - 1]} {built.year}, {built:%H:%M} UTC"
    at = f" at {server}" if server else ""
    goes = f"Questions and excerpts go to the chat model {chat}{at}." if chat else "Nothing leaves this machine."
    return literal(f"{counts}, indexed {when}. {goes}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _said(answer: Answer, chips: Mapping[int, str]) -> str:
    html = ""
    end = 0
    for sentence in answer.sentences:
        html += literal(answer.text[end : sentence.start]) + _sentence(answer.text, sentence, chips)
        end = sentence.end
    return _div("said", html)


def _sentence(text: str, sentence: AnswerSentence, chips: Mapping[int, str]) -> str:
    words, marks = text[sentence.start : sentence.end], ""
    for n in reversed(sentence.citations):  # the markers at the end; one in the middle belongs to the words
        words, mark, rest = words.rpartition(f"[{n}]")
        if rest.strip() or not mark:
            words = words + mark + rest
            break
        marks = chips[n] + marks
    html = literal(words) + marks
    if sentence.support == "verified":
        return f'<span class="verified">{html}</span>'
    return f'<span class="unsupported">{html} {warning(sentence.problems)}</span>'


def warning(problems: Sequence[str]) -> str:
    """That a sentence has no support, and why."""
    why = f": {'; '.join(problems)}" if problems else ""
    return f'<span class="warning">{literal(f"not supported{why}")}</span>'


def _refusal(answer: Answer, note: str) -> str:
    html = _div("refused", literal(answer.text)) + note
    if answer.missing_terms:
        html += _div(
            "missing", "Found in no document: " + ", ".join(f"<b>{literal(t)}</b>" for t in answer.missing_terms)
        )
    return html + _sources("Closest passages", answer.near)


def _differing(disagreement: Disagreement, chips: Mapping[int, str]) -> str:
    """The values that sources give for one thing, as a table, in the order of the answer: newest first."""
    caption = f"<caption>{literal(f'Sources differ: {disagreement.topic}')}</caption>"
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Value", "Date", "Source"))
    rows = "".join(
        f'<tr><th scope="row">{literal(v.value)}</th><td>{_date(v.date)}</td><td>{chips[v.citation]}</td></tr>'
        for v in disagreement.values
    )
    return _div("differing", f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")


def _date(date: str | None) -> str:
    return literal(readable_date(date) if date else "undated")


def readable_date(date: str) -> str:
    """A date in ISO form as people write it: "22 Jul 2024", "Jul 2024" or "2024", as far as it is known."""
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?", date)
    if match is None:
        return date
    year, month, day = match.groups()
    return " ".join([*([str(int(day))] if day else []), *([MONTHS[int(month) - 1]] if month else []), year])


def _sources(heading: str, citations: tuple[Citation, ...]) -> str:
    if not citations:
        return ""
    return _div("sources", _div("heading", heading) + "".join(map(_source, citations)))


def _source(citation: Citation) -> str:
    """A citation in the list of sources: where it is, which opens it, and what it says."""
    where = f'<b>{literal(citation.document)}</b> <span class="place">{literal(" · ".join(_place(citation)))}</span>'
    number = f'<span class="number">[{citation.n}]</span>'
    opens = f'<a class="open" href="{_address(citation)}">{number} {where}</a>'
    also = _div("also", literal(also_in(citation))) if citation.also else ""
    return _div("source", f"{opens}{also}<blockquote>{literal(citation.quote)}</blockquote>")


def _place(citation: Citation) -> list[str]:
    dated = [readable_date(citation.date)] if citation.date else []
    return [*whereabouts(citation), *dated, *([RECOGNISED] if citation.recognised else [])]


def _chip(citation: Citation) -> str:
    """The number of a citation, which opens its place in the source."""
    number = f'<span class="bracket">[</span>{citation.n}<span class="bracket">]</span>'
    return f'<a class="mark" href="{_address(citation)}">{number}</a>'


def _address(citation: Citation) -> str:
    """Where the page of a citation's place is, seen from the chat; no character of it is a document's own."""
    source = document_id(citation.document_sha256, citation.document)
    return f"sources/{source}?start={citation.start}&amp;end={citation.end}#cited"


def _div(kind: str, html: str) -> str:
    return f'<div class="{kind}">{html}</div>'
