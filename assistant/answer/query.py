"""From what was asked to what is searched for."""

from collections.abc import Generator

from assistant.answer.followups.rewrite import standalone
from assistant.answer.spelling import respelled
from assistant.models.chat import ChatModel
from assistant.store.catalog import Catalog
from assistant.types import Question, TokenEvent


def searched_for(question: Question, chat: ChatModel | None, catalog: Catalog) -> Generator[TokenEvent, None, str]:
    """The question put in full (`standalone`, which see) and its misspelt words put right."""
    return respelled((yield from standalone(question, chat)), catalog)
