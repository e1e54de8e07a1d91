"""From what was asked to what is searched for."""

from collections.abc import Generator

from assistant.answer.followups.rewrite import standalone
from assistant.answer.lexical.reading import WordReader
from assistant.answer.spelling import respelled
from assistant.events import TokenEvent
from assistant.models.chat import ChatModel
from assistant.store.catalog import Catalog
from assistant.types import Question


def searched_for(
    question: Question, chat: ChatModel | None, catalog: Catalog, words: WordReader | None
) -> Generator[TokenEvent, None, str]:
    """The question put in full (`standalone`, which see), and its misspelt words put right where it is in English.

    `words` tells the questions that are in none of the languages of the models.
    """
    query = yield from standalone(question, chat)
    return query if words and words.unread(query) else respelled(query, catalog)
