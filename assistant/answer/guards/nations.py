"""Countries and what belongs to them: words that name one place, for names that are said in two ways."""

from assistant.answer.guards.lemma import plain

_GROUPS = """
us usa america american americans united_states; uk britain british briton britons united_kingdom great_britain;
england english englishman englishmen; scotland scottish scots scot; wales welsh; ireland irish; eu european_union;
un united_nations; ussr soviet soviets soviet_union; uae emirates emirati united_arab_emirates; france french
frenchman frenchmen; germany german germans; spain spanish spaniard spaniards; netherlands dutch holland; china
chinese prc; japan japanese; korea korean koreans; greece greek greeks; switzerland swiss; denmark danish dane
danes; sweden swedish swede swedes; finland finnish finn finns; norway norwegian norwegians; iceland icelandic;
poland polish pole poles; portugal portuguese; turkey turkish turk turks turkiye; russia russian russians; ukraine
ukrainian ukrainians; belgium belgian; austria austrian austrians; hungary hungarian hungarians; czech czechia
czechs; slovakia slovak slovaks; slovenia slovenian slovene; croatia croatian croat; serbia serbian serb serbs;
bosnia bosnian; bulgaria bulgarian; romania romanian; italy italian italians; rome roman romans; athens athenian;
sparta spartan; venice venetian venetians; florence florentine; naples neapolitan; paris parisian; london londoner;
vienna viennese; moscow muscovite; egypt egyptian egyptians; israel israeli israelis; iraq iraqi iraqis; iran
iranian iranians persia persian; syria syrian; lebanon lebanese; jordan jordanian; saudi saudis; yemen yemeni;
pakistan pakistani pakistanis; india indian indians; bangladesh bangladeshi; nepal nepali nepalese; sri_lanka
lankan; afghanistan afghan afghans; thailand thai; vietnam vietnamese; cambodia cambodian; laos lao; malaysia
malaysian; philippines filipino philippine filipinos; indonesia indonesian; mongolia mongol mongols mongolian;
kazakhstan kazakh; uzbekistan uzbek; turkmenistan turkmen; kyrgyzstan kyrgyz; tajikistan tajik; azerbaijan
azerbaijani azeri; armenia armenian; georgia georgian; mexico mexican mexicans; brazil brazilian brazilians;
argentina argentine argentinian; chile chilean; peru peruvian; colombia colombian; venezuela venezuelan; cuba cuban;
canada canadian canadians; australia australian australians; new_zealand zealander; kenya kenyan kenyans; nigeria
nigerian nigerians; ghana ghanaian; ethiopia ethiopian; somalia somali; sudan sudanese; congo congolese; morocco
moroccan; algeria algerian; tunisia tunisian; libya libyan; africa african africans; asia asian asians; europe
european europeans; arabia arab arabs arabian; jew jewish jews judaism; christian christianity christians; islam
islamic muslim muslims; buddhism buddhist buddhists; hindu hinduism; catholic catholicism catholics; protestant
protestantism protestants; norman normandy normans; huguenot huguenots; texas texan; california californian
californians; hawaii hawaiian; cyprus cypriot; malta maltese; tibet tibetan; taiwan taiwanese; singapore
singaporean; tamil tamils; viking vikings; franks frankish frank; byzantium byzantine byzantines; ottoman ottomans;
burma burmese myanmar
"""


def _nations() -> dict[str, str]:
    table = {}
    for group in _GROUPS.split(";"):
        head, *others = group.split()
        for word in (head, *others):
            for part in (word, plain(word)):
                table[part] = head
    return table


NATIONS = _nations()


def nation(word: str) -> str | None:
    """The name under which a country, its people and what is theirs are one; None for any other word."""
    return NATIONS.get(word)
