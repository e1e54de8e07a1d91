"""Words with a capital that are no names."""

# Words that often open a sentence, or stand before a name, with a capital, and are none.
COMMON = frozenset(
    """then there here this that these those according additionally afterwards ages almost alongside already although among another anyone anything arguably
    astronomers authorities basically billions books british businesses but certain chapter children cities citizens
    clearly companies computer congress construction consequently contrary control countries critics current
    currently customers data death deaths decades demand despite developers development due early economic education
    eight eighteen eleven elements emperor energy engineers eventually everyone everything evidence experts famous
    farmers few fewer fifteen figure films finally five food foreign forests formerly four fourteen fourth furthermore
    gas generally girls given gold government greater growth guests half health hence heat historians historically
    history hot households human humans hundreds immediately importantly including income increased increasing
    indeed individual industry infection initially instead interest islands joint king knowledge land language large
    late later laws lawyers learning legal less life light likewise little local long low lower major man mass matter
    meanwhile media medical members men methods military millions modern money moreover music national natural
    nearly neither nevertheless new next nine nobody nonetheless nothing notably nowadays numerous objects observers
    oil old oldest once original originally overall owners oxygen paper parents part participants parts patients
    people perhaps plants players police policy political population power presently president previously primary
    prior private production protests public questions radio rain recent recently related relative religion
    residents rather rice rising roughly rules scholars schools science scientists second secondly see seven several
    shortly similarly since six sixteen small social societies soldiers someone something sometimes soon species
    specifically speaking stars states steam still student students studies subsequently success such support
    surface table taxes teachers ten text thousands three throughout thus time today together tourism tourists trade
    traditional traditionally trains treatment trees troops twelve twenty two typically ultimately under
    unfortunately unlike until upon usually various victims visitors voters wages war water wealth weather whatever
    whether wind winter within women wood work workers world writers year years yes young
    actor album analysis animals area artists attack average bacteria bank baby bird birds boys cancer car cars cell
    cells climate coal coffee cold college court crime culture disease dogs drug drugs earth eggs exports fire fish
    flight genes glass groups heart height hospitals iron judges jobs kids labour law leaders loss mice milk
    mothers muscle nature nurses officials opponents oral organic output passengers pay peace plan poor prices prison
    profit protein rats research revenue sales ships singers size sleep snow soil space speed staff steel stress
    sugar sugars sun supply surgery tea team teams temperature theory traffic turnover unemployment value vehicles
    violence virus viruses voting weight wine wheat writing youth deliveries cargo containers capacity
    summary note conclusion answer overview""".split()
)
TITLES = frozenset(
    """mr mrs ms dr sir lord lady dame prof professor president king queen prince princess emperor pope saint st
    general captain colonel major chancellor minister senator governor mayor bishop archbishop count duke baron
    the a an""".split()
)
