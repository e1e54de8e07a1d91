"""Words that contradict each other, written for this product.

`_SIDES` has groups of two sides: a word of one contradicts the words of the other, and words of one side are near
enough in meaning to stand for each other, save in groups that begin with "!". `_SETS` has groups of words of one
kind: each excludes the others. `CONTRASTS` gives what contradicts a base form, `ALIKE` what may stand for it.
"""

from assistant.answer.guards.lemma import base

_SIDES = """
increase rise grow climb surge soar jump gain expand boost raise escalate swell accelerate uptick upturn growth
upward enlarge upregulate elevate enhance augment heighten intensify amplify multiply | decrease fall decline drop
shrink plunge plummet reduce lower dwindle diminish slump lessen slow downturn downward contract curb cut
downregulate suppress attenuate dampen; strengthen bolster reinforce fortify | weaken undermine erode sap; up upper
uphill upstairs upwards | down lower downhill downstairs downwards; more greater additional | less fewer lesser;
most | least fewest; more | fewer; many numerous much plenty abundant plentiful | few scarce little rare sparse;
majority | minority; maximum maximal max peak | minimum minimal min; high higher highest tall taller tallest lofty |
low lower lowest short shorter shortest; above over exceed | below under beneath underneath; large larger largest
big bigger biggest huge vast great giant enormous massive | small smaller smallest little tiny minute slight modest
minor; long longer longest lengthy prolonged | short shorter shortest brief; wide wider widest broad broader
broadest | narrow narrower narrowest; deep deeper deepest | shallow shallower shallowest; thick thicker thickest |
thin thinner thinnest; heavy heavier heaviest | light lighter lightest lightweight; strong stronger strongest
powerful robust | weak weaker weakest feeble; fast faster fastest quick quicker quickest rapid swift speedy quickly
rapidly | slow slower slowest gradual slowly gradually sluggish; early earlier earliest | late later latest; before
prior previous preceding beforehand | after following subsequent afterwards; precede predate | follow succeed
postdate; first initial initially | last final finally; oldest eldest | newest youngest latest; old older ancient
elderly | new newer young younger modern recent novel; begin start commence launch open initiate inaugurate found
establish create introduce | end finish conclude close cease stop terminate halt abolish dissolve discontinue;
beginning start onset outset | end ending conclusion; good better best superior favorable favourable beneficial
excellent | bad worse worst inferior poor poorer poorest unfavorable harmful adverse detrimental; improve enhance
ameliorate upgrade better | worsen deteriorate degrade aggravate exacerbate impair downgrade; positive positively |
negative negatively; advantage benefit upside | disadvantage drawback downside; success succeed successful
successfully | failure fail unsuccessful; win winner victory victorious triumph | lose loser loss; north northern
northernmost northward | south southern southernmost southward; east eastern easternmost eastward | west western
westernmost westward; northeast northeastern | southwest southwestern southeast northwest southeastern northwestern;
northwest northwestern | southeast southeastern southwest northeast southwestern northeastern; left leftmost | right
rightmost; inside within internal inner interior indoor inward | outside beyond external outer exterior outdoor
outward; in into | out; enter arrive | exit leave depart; arrival | departure; front forward ahead | back backward
behind rear; top summit upper | bottom base lower; near nearer nearest close closer closest nearby adjacent | far
farther farthest further furthest distant remote; hot hotter hottest warm warmer warmest | cold colder coldest cool
cooler coolest; heat warm | cool chill; wet wetter wettest humid moist | dry drier driest arid; rich richer richest
wealthy wealthier wealthiest affluent | poor poorer poorest; expensive costly dear | cheap cheaper cheapest
inexpensive; easy easier easiest simple simpler | hard harder hardest difficult complex complicated; light bright
brighter lit | dark darker dim; full | empty; open | closed shut; buy purchase acquire bought | sell sale divest;
import importer | export exporter; lend lender | borrow borrower; give donate | take receive; send | receive; push |
pull; accept approve agree adopt ratify endorse permit allow authorize legalize | reject refuse oppose disapprove
deny veto forbid ban prohibit outlaw decline prevent; allow permit enable let | forbid prohibit ban prevent bar
block disallow; legal lawful legalize | illegal unlawful outlaw; support back favor favour endorse advocate
supporter proponent | oppose against resist criticize opponent reject; for | against; include contain comprise |
exclude omit lack; present presence | absent absence; !parent mother father | child son daughter; add plus addition
| subtract minus remove deduct; remember | forget; love like adore | hate dislike despise detest; friend ally
friendly allied | enemy foe hostile adversary rival; attack offensive assault | defend defense defensive; advance |
retreat withdraw withdrawal; peace peaceful | war wartime; alive live living survive survivor | dead die death kill
perish; birth born | death die; create build construct | destroy demolish dismantle; join unite unify merge combine
attach connect | separate split divide detach disconnect; public state-owned | private privately; !male man boy
father son brother husband king prince he uncle nephew actor gentleman grandfather grandson | female woman girl
mother daughter sister wife queen princess she aunt niece actress lady grandmother granddaughter; his him | her
hers; !teacher professor | student pupil; employer | employee; doctor physician | patient; master owner | slave
servant; true correct right accurate accurately | false incorrect wrong inaccurate erroneous; same identical equal
similar similarly | different differ distinct unequal dissimilar opposite; always constantly invariably | never
occasionally sometimes rarely seldom; often frequently usually commonly regularly generally typically mostly |
rarely seldom infrequently never; all every everyone everybody everything entire entirely whole completely fully
always | none nobody nothing no; all every entire entirely whole completely fully total | some part partly partially
several partial half; all every | most some few; most | some few; both | neither; everyone everybody | someone
somebody; majority most | few minority; common commonplace frequent prevalent widespread ubiquitous | rare uncommon
infrequent scarce unusual; permanent permanently lasting enduring | temporary temporarily transient brief interim
provisional; major main primary principal chief | minor secondary subsidiary; important significant significantly
substantial substantially crucial vital | trivial insignificant negligible unimportant; active | passive inactive
dormant; urban city metropolitan | rural countryside; domestic national home internal | foreign international
overseas abroad; natural | artificial synthetic man-made; ancient | modern contemporary; central centralize |
peripheral decentralize outlying; local | global worldwide; simple | complex; single | multiple; individual
individually | collective collectively group; acute | chronic; maternal mother | paternal father; benign |
malignant; innate inborn inherited | acquired adaptive; mild | severe serious; safe safely harmless | dangerous
unsafe harmful hazardous; healthy | sick ill diseased unhealthy; guilty convict | innocent acquit; confirm prove
support verify demonstrate | refute disprove contradict deny disconfirm; activate stimulate induce promote
facilitate trigger enable | inhibit suppress block deactivate inactivate prevent repress hinder; absorb | emit
release; ascend | descend; export | import; appear emerge | disappear vanish; approach | recede; attract | repel;
encourage | discourage deter; hire employ recruit | fire dismiss sack; lead leader | follow follower; optimistic
optimist | pessimistic pessimist; profit profitable surplus | loss deficit unprofitable; supply | demand; credit |
debit; asset | liability; inflation | deflation; income revenue | expense expenditure; liberal progressive left-wing
| conservative right-wing; democracy democratic | dictatorship autocratic authoritarian; republican | democrat
monarchist; majority | opposition; victory | defeat; victim | perpetrator; cause causes | effect consequence;
question | answer; theory theoretical | practice practical; quantitative | qualitative; vertical vertically |
horizontal horizontally; parallel | perpendicular; convex | concave; solid | liquid gas; acid acidic | alkaline
basic alkali; soft softer softest | hard harder hardest; smooth | rough; loud louder loudest noisy | quiet quieter
silent; sharp | blunt dull; clean | dirty polluted; clear | cloudy opaque obscure; visible | invisible hidden; known
famous well-known | unknown obscure; voluntary voluntarily | compulsory mandatory obligatory forced; optional |
required mandatory compulsory; required must necessary | optional unnecessary; can could able | cannot unable; may
might could possibly perhaps probably likely | must definitely certainly cannot undoubtedly; likely likelier
probable | unlikely improbable; certain certainly sure definite | uncertain doubtful; possible | impossible; still
yet | already; already | not-yet; now currently today nowadays presently | formerly previously once; future | past;
tomorrow | yesterday; morning | evening afternoon night; day daytime daily | night nighttime nightly; summer |
winter; dawn sunrise | dusk sunset; upstream | downstream; onshore | offshore; inland | coastal; land | sea;
mountain highland | valley lowland plain; continental | oceanic; proximal | distal; anterior | posterior; dorsal |
ventral; homogeneous homogenous | heterogeneous; sensitive | resistant insensitive; susceptible vulnerable | immune
resistant; dependent | independent; direct directly | indirect indirectly; explicit explicitly | implicit
implicitly; formal formally official | informal informally unofficial; mutual bilateral | unilateral; continuous |
discontinuous intermittent; stable | unstable volatile; rigid | flexible; dominant | recessive; host | parasite
guest; predator | prey; ally | rival; retain keep maintain preserve | lose discard abandon; gain win | lose; gather
assemble | scatter disperse; hide conceal | reveal expose show disclose; praise | criticize condemn blame; reward |
punish penalize; remain stay | leave; arrest detain imprison | release free liberate; fill | drain empty; load |
unload; lock | unlock; borrow | lend; tighten | loosen; lengthen extend prolong | shorten abbreviate; widen broaden
| narrow; deepen | shallow; heavier | lighter; stronger | weaker; older | younger; richer | poorer; longer |
shorter; sooner | later; overestimate | underestimate; overweight obese | underweight; excess excessive surplus |
shortage deficiency insufficient lack; sufficient adequate enough | insufficient inadequate; cheaper | dearer
costlier; centralized | decentralized; upgrade | downgrade; upload | download; input | output; online | offline;
enable | disable; encrypt | decrypt; synchronous | asynchronous; compress | decompress; ascending | descending; even
| odd; inclusive | exclusive; only solely exclusively | also including; with | without; foreign alien | native
indigenous; joint shared common | separate individual; busy | idle; potential theoretical | actual; absolute |
relative; here | there; destroy damage demolish | preserve restore protect repair; decline deteriorate | improve
recover; double | single; beginning start | middle; middle | end ending; concentrate | distribute disperse dilute;
medical | surgical; analysis | synthesis; written | oral spoken verbal; literal | figurative metaphorical; general |
specific particular special; abstract | concrete; subjective | objective; theoretical | applied experimental;
amateur | professional; civilian civil | military; sacred religious holy | secular profane; married | single
unmarried divorced; pregnant | infertile; fertile | barren; hardware | software; wholesale | retail; gross | net;
fixed | variable floating; static stationary | dynamic moving; manual | automatic automated; analog analogue |
digital; wireless | wired; plural | singular; masculine | feminine; sweet | bitter sour; raw | cooked; fresh |
stale; tight | loose; steep | gentle; straight | curved crooked bent; flat | hilly steep; round | square; sink |
float; rise | set; sit | stand; sleep | wake; laugh | cry; whisper | shout; freeze | melt thaw boil; condense |
evaporate; inhale | exhale; contract | expand; stretch | compress; accelerate | decelerate brake; assemble |
disassemble dismantle; conquer | surrender; occupy | evacuate vacate; invade | withdraw; promote | demote; elect |
depose oust; crown | dethrone; legalise | criminalize; nationalize | privatize; centralize | decentralize; integrate
| segregate; include | exclude; tolerate | persecute; deposit | withdraw; earn | spend; save | spend waste; invest |
divest; hoard | squander; raise | lower; lift | drop; climb | descend; arrive | depart; land | take-off; board |
disembark; honest truthful | dishonest deceitful; brave courageous | cowardly; generous | stingy mean; polite |
rude; kind | cruel; calm | agitated turbulent stormy; patient | impatient; careful cautious | careless reckless;
wise | foolish; intelligent clever | stupid; strict stringent | lenient lax; transparent | opaque; fragile brittle |
sturdy durable; elastic | rigid; porous | impermeable; soluble | insoluble; volatile | stable; toxic poisonous |
harmless nontoxic; infectious contagious | noninfectious; symptomatic | asymptomatic; systolic | diastolic; agonist
| antagonist; ligand | receptor; substrate | product; cathode | anode; proton | electron neutron; oxidation |
reduction; anabolic | catabolic; aerobic | anaerobic; eukaryotic | prokaryotic; vertebrate | invertebrate; carnivore
carnivorous | herbivore herbivorous; nocturnal | diurnal; deciduous | evergreen; perennial | annual; clockwise |
counterclockwise anticlockwise; longitude | latitude; eclipse | opposition; zenith | nadir; convergent converge |
divergent diverge; symmetric symmetrical | asymmetric asymmetrical; linear | nonlinear; finite | infinite; rational
| irrational; prime | composite; numerator | denominator; increase | decrease; multiply | divide; major | minor;
sharp | flat; treble | bass; prologue | epilogue; hero | villain; comedy | tragedy; fiction | nonfiction; author |
reader; speaker | listener; plaintiff | defendant; prosecution | defence; landlord | tenant; buyer | seller; debtor
| creditor; winner | loser; host | visitor; immigrant immigration | emigrant emigration; ancestor | descendant;
predecessor | successor; senior | junior; veteran | rookie; leader | follower; strengths | weaknesses; assets |
liabilities; bull bullish | bear bearish; to toward towards | from; since | until; from | until; always
invariably constantly | usually often generally mostly typically frequently normally
"""
_SETS = """
red blue green yellow orange purple black white brown pink grey violet golden silver; monday tuesday wednesday
thursday friday saturday sunday; spring summer autumn winter; north south east west; daily weekly monthly quarterly
yearly hourly; annual monthly weekly daily biennial; gold silver bronze copper iron lead tin zinc nickel aluminum
platinum; oxygen hydrogen nitrogen carbon helium chlorine sulfur methane; solid liquid gas plasma; physics chemistry
biology mathematics medicine economics literature history philosophy geography; physicist chemist biologist
mathematician economist philosopher historian astronomer engineer; painter sculptor poet novelist composer singer
actor dancer architect; football basketball baseball tennis hockey cricket rugby golf boxing swimming; quarterback
linebacker receiver goalkeeper striker midfielder defender pitcher; piano violin guitar flute drums cello trumpet
harp; lung liver heart kidney brain stomach skin breast colon prostate pancreas ovary bladder bone blood; arm leg
hand foot head shoulder knee elbow wrist ankle; mouse rat human monkey dog cat horse cow sheep pig chicken fish
rabbit goat; father mother son daughter brother sister uncle aunt cousin nephew niece; husband wife; king queen
emperor prince princess duke president chancellor governor mayor; army navy; river lake sea ocean mountain island
desert forest valley; train bus plane car ship bicycle truck; rail road sea air; church mosque temple synagogue;
hospital school university museum library prison factory; wheat rice corn barley cotton sugar coffee tea tobacco;
oil gas coal wind solar nuclear hydroelectric; lawyer doctor teacher farmer soldier priest nurse; century decade
year month week day; primary secondary tertiary; bachelor master doctorate; elementary middle high; protein lipid
carbohydrate; bacteria virus fungus parasite; alpha beta gamma delta epsilon kappa lambda sigma omega
"""


def _contrasts() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    against: dict[str, set[str]] = {}
    alike: dict[str, set[str]] = {}
    for group in _SIDES.split(";"):
        left, right = ({base(word) for word in side.split()} for side in group.strip().removeprefix("!").split("|"))
        for side, other in ((left - right, right - left), (right - left, left - right)):
            for word in side:
                against.setdefault(word, set()).update(other)
                alike.setdefault(word, {word}).update(side if "!" not in group else ())
    for word, kin in alike.items():
        against[word] -= kin
    for group in _SETS.split(";"):
        words = {base(word) for word in group.split()}
        for word in words:
            against.setdefault(word, set()).update(words - {word} - alike.get(word, set()))
    return {w: frozenset(o) for w, o in against.items()}, {w: frozenset(o - {w}) for w, o in alike.items()}


CONTRASTS, ALIKE = _contrasts()
