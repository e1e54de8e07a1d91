"""Words that say nearly the same, written for this product: a source that has one speaks of the other.

They only widen what counts as spoken of. Whether a claim turns its source round is judged by the word itself.
"""

from assistant.answer.guards.lemma import base

_GROUPS = """
essential crucial critical vital necessary indispensable required require need key; important significant major
central principal main; involve participate contribute implicate part role play; cause produce provoke trigger
induce elicit lead result bring; affect influence impact alter modify; regulate control govern modulate mediate;
show demonstrate indicate reveal suggest find report observe; correlate associate link relate connect relation
relationship association tie; predict forecast anticipate foresee; prevent avert avoid; protect guard shield defend
protective; treat therapy treatment medication drug medicine; illness disease disorder condition syndrome; patient
case sufferer; participant subject volunteer respondent; elderly aged old; child infant pediatric paediatric
youngster kid; mother maternal; father paternal; man male; woman female; death mortality die fatal deadly fatality
lethal kill; survival survive alive; heart cardiac coronary cardiovascular; lung pulmonary respiratory airway;
kidney renal; liver hepatic; brain cerebral neural neuronal; nerve neural; blood vascular; bone skeletal; skin
dermal cutaneous; eye ocular visual; tooth dental; tumor tumour cancer malignancy malignant carcinoma oncogenic;
infection infect infectious contagion; bacteria bacterial microbe microbial; virus viral; gene genetic; mutation
mutant variant; cell cellular; develop development growth formation; begin start onset commence; end finish
conclude; buy purchase acquire; sell sale; build construct erect; make create produce manufacture; get obtain
receive gain; give provide supply offer; use utilize employ apply; help assist aid support; try attempt effort;
want wish desire; need requirement; keep retain maintain preserve sustain; change alter shift switch; move relocate
transfer; travel journey trip; live reside dwell inhabit; resident inhabitant; city town municipal urban; country
nation state national; area region zone district territory; land ground terrain; sea ocean marine maritime; river
stream waterway; road street route highway; house home dwelling; school education educational; university college
academic; teacher instructor; pupil student; job work employment occupation; worker employee staff; boss manager
head chief leader; company firm business corporation enterprise; money fund finance financial; price cost expense;
pay payment wage salary; rich wealthy affluent; poor impoverished; law legal legislation; court judicial; crime
criminal offence offense; police officer; army military troop force; war conflict; fight battle combat; attack
assault; win victory triumph; defeat beat overcome; leader ruler; king monarch royal; church religious religion;
faith belief; people population inhabitants public; group team; member belong; name call title term; number amount
quantity count; about concerning regarding; whole entire complete total full; part portion share section; large big
great sizable; small little; fast quick rapid speed; near close adjacent; different distinct various diverse; same
identical equal equivalent; new novel recent; famous renowned known celebrated; happen occur; think believe
consider regard; say state declare announce claim; agree consent; allow permit let; stop halt cease; grow expand;
car vehicle automobile; plane aircraft airplane; ship vessel boat; food diet dietary nutrition nutritional eat;
drink beverage; weight obese obesity overweight; plant vegetation; animal fauna; weather climate; warm heat; energy
power; computer machine; test trial experiment study; result outcome finding effect; method technique approach
procedure way; reason cause factor; aim goal purpose objective; problem difficulty issue; danger risk hazard
threat; safe safety secure; harm damage injury; begin origin originate; often frequent frequently commonly; mainly
primarily mostly chiefly predominantly largely; roughly approximately
"""


def _synonyms() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in _GROUPS.split(";"):
        words = {base(word) for word in group.split()}
        for word in words:
            table.setdefault(word, set()).update(words - {word})
    return {word: frozenset(others) for word, others in table.items()}


SYNONYMS = _synonyms()
