"""Words with a capital that are no names."""

# Words that often open a sentence, or stand before a name, with a capital, and are none.
COMMON = frozenset(
    """
    absence access according accumulation acid active actor acute additionally adult adults advanced afterwards age
    aged agent agents ages air album almost alongside already although among amount analysis animals another answer
    anxiety anyone anything approach area arguably artists astronomers attack attempts authorities average baby
    bacteria balance bank base basically billions bird birds birth blocking body books boys brain bread breast
    breathing british businesses but cancer capacity car cargo carriers cars case cases cell cells cellular central
    certain chapter chemical child children chronic cities citizens citizenship class cleaning clearly climate
    clinical clock clocks clubs coal code coffee cold college combined common community companies complete complex
    components computer conclusion congress consequently construction contact containers contrary control cooking
    cost costs count counties countries court crime critics crops culture current currently customers damage data
    death deaths decades deep defective deficiency deliveries demand density depth despite developers development
    diet dietary differences direct disease distance districts dogs dose drug drugs due early earth economic
    education eggs eight eighteen elderly elements eleven emperor employees energy engine engineers enhanced entry
    enzymes equal errors events eventually everyone everything evidence excess exercise experts exports exposure
    external factors faith famous farmers farms fat female fever few fewer fifteen figure film films finally fire
    fish five flight flood floods focus following food foreign forests formation formerly four fourteen fourth
    fresh function functional furthermore future gas gene generally genes genetic girls given glass global gold
    government greater green gross groups growth guests guidelines gut half health heart heat heavy height hence
    here high higher historians historically history hormone hospitals hot house households houses human humans
    hundreds hunger hybrid ideas images immediately immune impact impaired importantly improved including income
    increased increasing indeed individual industry infection inhibiting initially inner insects instead intake
    interest internal involvement iron islands jobs joint judges junior key kidney kids king knowledge labour lack
    lakes land language large late later law laws lawyers leaders leaf learning leaves legal less letter letters
    level levels life light likewise line lines links little liver local localization location long loss low lower
    lung main major male man many mass matter mature maximum mean meanwhile media medical members membership memory
    men methods mice military milk millions minor mixed model models modern molecular money moreover mortality most
    mothers mountains mouse muscle music mutant mutations names national native natural nature nearly negative
    neither nerve neural nevertheless new next nine nitrogen nobody noise nonetheless normal notably note nothing
    nowadays nuclear numerous nurses nutrition obesity objects observers occupancy officials oil old oldest once
    opponents opposition oral orders organic original originally outer output outside overall overview owners
    oxygen pain paper parents part participants parts passengers past pathway patients pay peace peak people
    perhaps physical pioneer plain plan plants plasma plastic players point police policy political pollution poor
    population ports positive power pregnancy pregnant presence presently president pressure previously prices
    primary prior prison private probably process production products profit progress proper protein protests
    public pure questions quick race radio rain rapid rare rate rates rather rats recent recently reduced regular
    related relative religion removal renal repair repeated reports required research residents response rest results
    revenue rice right rising risk rivers roads role roughly rules rural safety sales salt sample samples scholars
    schools science scientists score seasonal seats second secondly secret see seeds self serious services seven
    several sexual ships short shortly side signals silver similarly since singers single sites six sixteen size
    skilled skin sleep slow small smokers smoking snow social societies soft soil solar soldiers solid someone
    something sometimes soon sound source sources south space speaking special species specifically speed spring
    stable staff stars states steam steel stem still stress strict strong structural student students studies style
    subsequently success successful such sudden sufficient sugar sugars summary sun supply support suppression
    surface surgery systemic table tall target targets tax taxes tea teachers team teams technical temperature ten
    terms tests text that then theory there these thick thin this those thousands three throughout thus time tissue
    title tobacco today together top total tourism tourists towns trade traditional traditionally traffic trains
    transport treatment trees trials troops tumor tumour turnover twelve twenty two types typically ultimately
    under unemployment unfortunately unlike until upon urban urine use users usually vaccines value various
    vascular vehicles victims violence viral virus viruses visitors visual vitamin voters voting wages walking war
    warm waste water weak wealth weather weekly weight wet whatever wheat whether white whole wide wild wind wine
    winter within women wood work workers world wounds writers writing year years yes young youth
    """.split()
)
TITLES = frozenset(
    """mr mrs ms dr sir lord lady dame prof professor president king queen prince princess emperor pope saint st
    general captain colonel major chancellor minister senator governor mayor bishop archbishop count duke baron
    the a an""".split()
)
