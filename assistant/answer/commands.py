"""Sentences of a document that tell an assistant what to do, or ask something: they answer nothing.

A document is data, and nothing in it is ever carried out. But a sentence that was planted to steer whoever reads the
documents to an answer would also be a poor answer itself, as would a question that a document asks. The rules are for
English and look at form alone; they need not catch all, since a sentence that slips through is quoted, not obeyed.
"""

import re

_VERBS = (
    "add append augment combine compose convert develop draft encode end enhance finish group hint include insert"
    " integrate introduce jumble make mention misspell modify prepend provide put rearrange remove render repeat"
    " replace scramble send start substitute suggest translate use write begin reply respond answer promote output"
    " anagram reverse capitalize spell swap shuffle"
).split()
_VERB = "|".join(_VERBS)
# Where the line before has no full stop, an instruction begins within a sentence, with a capital.
_COMMAND = "|".join(verb.capitalize() for verb in _VERBS)
_REPLY = r"(?:response|reply|replies|answer|output|completion|message|summary|words)"
_POLITE = r"(?:please,?\s+|now,?\s+|also,?\s+|always\s+|important:\s*|note:\s*|you (?:must|should|will)\s+)*"
_YOURS = rf"\byour\s+(?:\w+\s+){{0,2}}{_REPLY}(?:'s|’s)?\b"
_SAY = r"(?:answer|reply|respond|say|tell|output|write|include|ignore|state)"
_ADDRESSED = re.compile(
    "|".join(
        (
            # "Add a sentence in your response", "In your reply, suggest"
            rf"^\W*{_POLITE}(?:{_VERB})\b.{{0,200}}{_YOURS}",
            rf"(?<=\s)(?-i:{_COMMAND})\b.{{0,200}}{_YOURS}",
            rf"^\W*{_POLITE}(?:in|within|throughout|at the end of|when giving)\s+your\s+(?:\w+\s+)?{_REPLY}\b",
            rf"(?<=\s)(?-i:In|Within|Throughout)\s+your\s+(?:\w+\s+)?{_REPLY}\b",
            rf"^\W*{_POLITE}(?:{_VERB})\s+(?:only\s+)?(?:with|by|in)\b.{{0,80}}\b(?:your|the)\s+{_REPLY}\b",
            # What others said is to be forgotten, or told.
            r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|all"
            r"|other|your|the)\b.{0,30}\b(?:instruction|prompt|rule|guideline|source|document|direction)s?\b",
            r"\b(?:reveal|print|repeat|leak|output|show)\b.{0,30}\b(?:system|hidden) (?:prompt|instruction)s?\b",
            # A new voice, or a new role.
            r"^\W*(?:system|assistant|developer)\s+(?:message|note|instruction|override)s?\s*:",
            r"\b(?:new|updated|special|real|hidden)\s+instructions?\s*"
            r"(?::|for (?:the )?(?:ai|assistant|model|llm|chatbot))",
            r"\byou are now (?:a|an|the)\s+(?:\w+\s+){0,3}(?:ai|assistant|model|chatbot|bot|agent)\b",
            r"<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<</?SYS>>",
            # What an assistant must say, and to whom.
            r"\b(?:ai|language model|assistant|chatbot|llm)s?\b.{0,60}\b(?:must|should|shall|(?:has|have|is|are) to"
            rf"|(?:required|instructed) to)\b.{{0,30}}\b{_SAY}\b",
            r"\b(?:if|when|whenever)\s+(?:you(?:'re| are)?|the user|someone|anyone|a user)?\s*(?:are\s+)?"
            rf"(?:asked|asks?|answering|summari[sz]\w+|quer\w+|question\w*)\b.{{0,80}}\b{_SAY}\b",
            r"^\W*(?:do not|don't|never)\s+(?:tell|reveal|mention|show|inform)\b.{0,40}\b(?:the\s+)?users?\b",
            r"^\W*(?:tell|inform|convince|persuade|urge)\s+(?:the\s+)?(?:users?|readers?|person who asks)\b",
        )
    ),
    re.IGNORECASE,
)
# Work that is done in words. Nobody writes to a reader of documents "explain the theory of relativity".
_TASKS = (
    r"(?:(?:explain|describe|summari[sz]e|paraphrase|translate|compose|draft|outline|break down)\s+"
    r"(?:the|an?|how|why|what|this|it|your)\b"
    r"|(?:write|provide|develop|create|generate|give)\s+(?:me\s+)?(?:an?|the)\s+(?:\w+\s+){0,2}(?:poem|story|essay|song"
    r"|speech|joke|translation|synonym|equivalent|limerick|haiku|rhyme|letter|tweet|blog post|example of how)\b"
    r"|(?:tell|show|teach)\s+me\b)"
)
_TASK = re.compile(rf"(?:^\W*{_POLITE}|(?<=\s)(?-i:(?=[A-Z])))(?:{_TASKS})", re.IGNORECASE)
_LONGEST = 2_000  # characters looked at


def steers(words: str) -> bool:
    """Whether a sentence tells an assistant what to say or to do."""
    said = words[:_LONGEST]
    return bool(_ADDRESSED.search(said) or _TASK.search(said))


def asks(words: str) -> bool:
    """Whether a sentence is a question."""
    return words.rstrip(" \"'”’»)]*_").endswith(("?", "？", "؟"))
