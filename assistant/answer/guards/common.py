"""Words with a capital that are no names."""

# Words that often open a sentence, or stand before a name, with a capital, and are none.
COMMON = frozenset(
    """
    according actor additionally afterwards ages album almost alongside already although among analysis animals
    another answer anyone anything area arguably artists astronomers attack authorities average baby bacteria bank
    basically billions bird birds books boys british businesses but cancer capacity car cargo cars cell cells
    certain chapter children cities citizens clearly climate coal coffee cold college companies computer conclusion
    congress consequently construction containers contrary control countries court crime critics culture current
    currently customers data death deaths decades deliveries demand despite developers development disease dogs drug
    drugs due early earth economic education eggs eight eighteen elements eleven emperor energy engineers eventually
    everyone everything evidence experts exports famous farmers few fewer fifteen figure films finally fire fish
    five flight food foreign forests formerly four fourteen fourth furthermore gas generally genes girls given glass
    gold government greater groups growth guests half health heart heat height hence here historians historically
    history hospitals hot households human humans hundreds immediately importantly including income increased
    increasing indeed individual industry infection initially instead interest iron islands jobs joint judges kids
    king knowledge labour land language large late later law laws lawyers leaders learning legal less life light
    likewise little local long loss low lower major man mass matter meanwhile media medical members men methods mice
    military milk millions modern money moreover mothers muscle music national natural nature nearly neither
    nevertheless new next nine nobody nonetheless notably note nothing nowadays numerous nurses objects observers
    officials oil old oldest once opponents oral organic original originally output overall overview owners oxygen
    paper parents part participants parts passengers patients pay peace people perhaps plan plants players police
    policy political poor population power presently president previously prices primary prior prison private
    production profit protein protests public questions radio rain rather rats recent recently related relative
    religion research residents revenue rice rising roughly rules sales scholars schools science scientists second
    secondly see seven several ships shortly similarly since singers six sixteen size sleep small snow social
    societies soil soldiers someone something sometimes soon space speaking species specifically speed staff stars
    states steam steel still stress student students studies subsequently success such sugar sugars summary sun
    supply support surface surgery table taxes tea teachers team teams temperature ten text that then theory there
    these this those thousands three throughout thus time today together tourism tourists trade traditional
    traditionally traffic trains treatment trees troops turnover twelve twenty two typically ultimately under
    unemployment unfortunately unlike until upon usually value various vehicles victims violence virus viruses
    visitors voters voting wages war water wealth weather weight whatever wheat whether wind wine winter within
    women wood work workers world writers writing year years yes young youth
    """.split()
)
TITLES = frozenset(
    """mr mrs ms dr sir lord lady dame prof professor president king queen prince princess emperor pope saint st
    general captain colonel major chancellor minister senator governor mayor bishop archbishop count duke baron
    the a an""".split()
)
