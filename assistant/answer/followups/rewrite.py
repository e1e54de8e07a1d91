"""A follow-up question made to stand alone, in a chat model's words where there is one that keeps to the question."""

import re
from collections.abc import Generator
from contextlib import closing

from assistant.answer.followups.condense import condense
from assistant.answer.inert import inert
from assistant.answer.prompts import prompt
from assistant.answer.terms import content_terms, stems
from assistant.events import TokenEvent
from assistant.models.chat import ChatModel, ChatUnavailable, without_thoughts
from assistant.types import Question, Turn

TURNS = 6  # the latest ones, which the model sees
LONGEST_TURN = 600  # characters of each
MOST_ADDED = 200  # characters by which a rewritten question may be longer
SHARE = 0.25  # of the seconds for a question; the rest is for the answer

_LABEL = re.compile(r"\A\W*(?:(?:last|standalone|rewritten) )?question\s*:\s*", re.IGNORECASE)
# What still points back does not stand alone.
_POINTING = re.compile(r"\b(?:it|its|they|them|their|he|him|his|she|her|hers)\b", re.IGNORECASE)
# What is asked for ("what about 2023?" asks for nothing by itself), and whether it is denied.
_ASKING = re.compile(r"\b(?:who|whom|whose|when|where|why|which|how(?! about\b))\b", re.IGNORECASE)
_DENYING = re.compile(r"\b(?:not|no|never|none|neither|nor|without|except|cannot)\b|n['’]t\b", re.IGNORECASE)


def standalone(question: Question, chat: ChatModel | None) -> Generator[TokenEvent, None, str]:
    """The question to search for.

    A question with turns before it is rewritten by the chat model, where there is one. What it writes is taken if it
    is sane (`is_sane`) and comes within its share of the time; otherwise `condense` makes the question.

    Yields:
        Empty pieces while the model writes.

    Returns:
        The question that stands alone.
    """
    if chat is not None and question.history:
        written = yield from _rewritten(question, chat)
        if is_sane(written, question):
            return written
    return condense(question)


def is_sane(written: str, question: Question) -> bool:
    """Whether a rewritten question can only be the same question in full.

    It is one line of ordinary text, little longer than the question, without a pronoun that points back. It keeps
    each word of the question that carries meaning, what that asks for and whether it is denied. It has no word of
    meaning that neither the question nor the turns before have.
    """
    if not written or written != inert(written) or len(written) > len(question.text) + MOST_ADDED:
        return False
    if _POINTING.search(written):
        return False
    if _folded(_ASKING, question.text) - _folded(_ASKING, written):
        return False
    if _folded(_DENYING, question.text) != _folded(_DENYING, written):
        return False
    known = stems(" ".join([question.text, *(turn.content for turn in question.history)]))
    said = {term.stem for term in content_terms(written)}
    kept = {term.stem for term in content_terms(question.text)}
    return kept <= said <= known


def _rewritten(question: Question, chat: ChatModel) -> Generator[TokenEvent, None, str]:
    """What the model makes of the question; empty where it cannot answer or goes on and on."""
    turns = question.history[-TURNS:]
    user = prompt("rewrite_user").substitute(conversation="\n".join(map(_turn, turns)), question=inert(question.text))
    written = ""
    try:
        with closing(chat.write(prompt("rewrite_system").template, user, SHARE * chat.limit)) as pieces:
            for piece in without_thoughts(pieces):
                written += piece
                if len(written) > len(question.text) + 2 * MOST_ADDED:
                    return ""
                yield TokenEvent("")
    except ChatUnavailable:  # the answer, which is asked of the same model, says so
        return ""
    return _LABEL.sub("", written.strip()).strip("\"“”'` ")


def _turn(turn: Turn) -> str:
    return f"{'Question' if turn.role == 'user' else 'Answer'}: {inert(turn.content[:LONGEST_TURN])}"


def _folded(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found[0].casefold() for found in pattern.finditer(text)}
