"""What may be asked."""

from dataclasses import replace

from assistant.answer.filters import check_filter
from assistant.errors import InputError
from assistant.types import Question

MAX_CHARACTERS = 2_000  # longer ones do not fit the models' windows
MAX_TURNS = 100
MAX_HISTORY_CHARACTERS = 200_000


def checked(question: Question) -> Question:
    """The question, its filter put as `check_filter` does.

    Raises:
        InputError: it is empty, it or its history is too long, or its filter cannot be used.
    """
    if any("\ud800" <= character <= "\udfff" for character in question.text):
        raise InputError("the question holds half a character (a lone surrogate); send it as UTF-8")
    if not any(character.isalnum() for character in question.text):
        raise InputError("the question is empty; ask something")
    if len(question.text) > MAX_CHARACTERS:
        raise InputError(
            f"the question has {len(question.text):,} characters; at most {MAX_CHARACTERS:,} can be read"
        )
    if len(question.history) > MAX_TURNS or sum(len(t.content) for t in question.history) > MAX_HISTORY_CHARACTERS:
        raise InputError(
            f"the conversation is too long; at most {MAX_TURNS} turns and "
            f"{MAX_HISTORY_CHARACTERS:,} characters can be read: start a new one"
        )
    return replace(question, filter=check_filter(question.filter))
