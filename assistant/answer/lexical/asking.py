"""Words that ask, by language: they say nothing of what a question is about.

A language that is not here is not asked any worse than by a word or two that no document holds.
"""

from functools import cache

from assistant.ingest.language import common_words

_WORDS = {
    "en": "what which who whom whose when where why how did does do is was were many much",
    "es": "qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde cómo",
    "fr": "quel quelle quels quelles qui quoi quand où pourquoi comment combien est-ce",
    "de": "wer wen wem wessen was wann wo wohin woher warum wieso wie welche welcher welches welchen welchem wieviel"
    " viele womit wodurch worin",
    "it": "chi cosa quale quali quando dove perché quanto quanta quanti quante qual",
    "pt": "quem qual quais quando onde porque quanto quanta quantos quantas",
    "nl": "wie wat wanneer waar waarom hoe welke welk hoeveel wiens",
    "sv": "vem vad när var varför hur vilken vilket vilka vems många mycket",
    "da": "hvem hvad hvornår hvor hvorfor hvordan hvilken hvilket hvilke hvis mange",
    "pl": "kto co kiedy gdzie dlaczego jaki jaka jakie jak który która które ile czyj kim czym czy kogo",
    "cs": "kdo co kdy kde proč jak jaký jaká jaké který která které kolik čí kam",
    "ro": "cine ce când unde cum care cât câtă câți câte cui",
    "hu": "ki mi mikor hol miért hogyan melyik milyen mennyi hány kinek mit kit kik hová honnan",
    "fi": "kuka mikä mitä milloin missä miksi miten mihin mistä kuinka kenen ketkä mitkä montako paljonko",
    "tr": "ne nedir neydi neden niçin niye nasıl nasıldır kim kimdir kimdi kimi kime kimin kimler hangi hangisi"
    " hangileri hangisidir kaç kaçta kaçıncı nerede nereye nereden neresi neler nelerdir mı mi mu mü mıdır midir"
    " mudur müdür tane",
    "az": "nə nədir kim kimdir kimin hansı neçə harada hara haradan niyə necə nəyə nəyi",
    "id": "apa siapa kapan dimana mana mengapa kenapa bagaimana berapa apakah",
    "vi": "gì ai nào đâu sao tại mấy bao nhiêu thế",
    "ru": "что кто кого кому кем ком чем чего чему какой какая какое какие каких каким какую какого каком какими"
    " каков какова каково каковы где когда куда откуда почему зачем как сколько скольких чей чья чьё чье чьи ли"
    " который которая которое которые",
    "uk": "що хто кого кому ким чим чого який яка яке які якого якій якому де коли куди звідки чому навіщо як"
    " скільки чий чия чи",
    "bg": "какво какъв каква какви кой коя кое кои кого кога къде защо как колко чий ли",
    "zh": "为什么 什么时候 什么 多少 哪个 哪些 哪里 哪一 怎么 怎样 如何 为何 何时 何地 是谁 几个 谁 吗 呢",
    "ja": "いつ どこ だれ 誰 何 なぜ どのように どの どれ いくつ いくら ですか ますか ましたか でしたか か",
    "ar": "ما ماذا من متى أين لماذا كيف كم أي هل لمن",
    "fa": "چه چی چیست کی کیست کجا چرا چگونه چطور چند کدام آیا",
    "ur": "کیا کون کس کب کہاں کیوں کیسے کتنا کتنی کتنے کونسا",
    "el": "τι ποιος ποια ποιο ποιοι ποιες ποιον ποιου ποτε πότε που πού πως πώς γιατί πόσο πόσα πόσοι πόσες",
    "hi": "क्या कौन किस किसने किसे किसका किसकी कब कहाँ कहां क्यों कैसे कितना कितने कितनी कौनसा",
    "ko": "무엇 누구 누가 언제 어디 어디서 왜 어떻게 어떤 얼마나 얼마 몇 무슨",
    "th": "อะไร ใคร เมื่อไหร่ เมื่อใด ที่ไหน ทำไม อย่างไร เท่าไหร่ เท่าใด กี่ ไหน ใด",
    "ca": "què qui quin quina quins quines quan quant quanta quants quantes on com perquè",
    "no": "hvem hva når hvor hvorfor hvordan hvilken hvilket hvilke mange mye",
}  # fmt: skip


@cache
def silent_words(language: str) -> frozenset[str]:
    """The words of a language that ask, or that nearly every text has."""
    return common_words(language) | frozenset(_WORDS.get(language, "").split())
