"""Words that tell whether a stop ends a sentence, of all languages together; see `sentences`."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence.
NEVER = _words("""
    Mr Mrs Ms Mx Messrs Dr Drs Prof Rev Hon Pres Gov Sen Sens Rep Reps Gen Col Maj Capt Cpt Cmdr Lt Sgt
    Cpl Pvt Adm Brig Supt Insp Ph vs viz cf Cf approx ca Ca incl excl esp e.g E.g i.e I.e eg ie lit tr
    translit
    bzw Hr Hrn Frl Dipl Ing evtl ggf inkl exkl sog vgl Vgl z.B Z.B d.h D.h geb gest ehem einschl insb bspw
    MM Mme Mmes Mlle Mgr env éd p.ex c.-à-d Sra Srta Sres Dra Dña Sto Sta EE p.ej
    см См ср Ср напр им акад проф доц т.е т.к т.н ул просп пер пл наб ок св преп митр ген полк тов англ
    нем фр франц лат греч исп итал яп кит араб укр тур букв
    Doç Yrd Sn Hz Alb Org Öğr Arş Gör Uzm örn Örn bkz Bkz çev Çev haz krş
""")
# The end only where a word follows that commonly begins a sentence ("in the U.S. The president").
SELDOM = _words("""
    Inc Ltd Corp Co Cos Bros Jr Sr Esq St Ste Mt Mts Ft Fr Ave Blvd Rd Dept Univ Assn Assoc Intl al ibid
    Ibid cit Proc Natl Acad Sci Biol Chem Phys Med Sc Pub Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    Mon Tue Tues Wed Thu Thur Thurs Fri Calif Mass Conn Fla Wis Minn Mich Ariz Colo Tenn Okla
    Chr Str Jh Jhd Mio Mrd Tsd av apr hab UU aprox Av Avda Cía Ud Uds долл тыс млн млрд руб коп обл пос
    Şti Cad Sok Mah Apt Blv yy
""")
# The end wherever a capital follows, although the stop is part of them.
OFTEN = _words("etc usw др т.д т.п пр гг вв н.э vb vd")
# Not the end before a number.
NUMBERED = _words("""
    No Nos no nos Nr nr Fig Figs fig figs Eq Eqs eq Sec Sect sec Ch Chap ch chap Vol Vols vol vols p pp P
    PP pg Pt pt Art Arts art arts Par Para para Ser Ver ver Op op ext Ext tel Tel max min Max Min Ps Stat
    ref refs Ref Refs Abb Abs Bd Kap Tab Anm Ziff núm pág págs cap Cap рис Рис табл стр гл ст пп тт разд
    тел sf md
""")
# One capital after these is a label, not an initial ("World War I. Germany").
LABELLED = _words("""
    war part chapter type class plan vitamin group phase appendix section figure table grade hepatitis
""")
# These commonly begin a sentence, and seldom a name.
STARTERS = _words("""
    The A An This That These Those He She It Its They We I You His Her Their Our My There Here In On At By
    For From As After Before During While When Where If Although Though However But And Or So Since
    Because What Who How Why With Without Under Over Between Among Many Most Some Several Both Each All
    Other Another Such One Two Three According Despite Until To Not No Then Thus Therefore Also
    Additionally Furthermore Moreover Meanwhile Later Following Today Once Only Even Unlike Within Through
    Instead Finally Initially Originally Currently Recently Like Every Of
    Der Die Das Dem Den Er Sie Es Ein Eine Einen Im Am Auf Mit Nach Bei Zu Von Für Als Wenn Und Aber Doch
    Dies Diese Dieser Dieses Wir Ich Man Auch Seit Seine Ihre Durch Zum Zur Vor
    Le La Les Un Une Il Elle Ils Elles Ce Cette Ces En Dans Pour Mais Et Au Aux Avec Depuis Après Selon El
    Los Las Una Este Esta Estos Con Por Para Pero Y Se Su Sus Desde Según De Durante Cuando
    В На С По Из У К О Он Она Оно Они Это Эти Этот Эта Но А И Однако Также Если Когда Как После Для При До
    За Во Его Её Их Все Так Кроме Среди Согласно Хотя Там Здесь Под Со От Не Что Мы Я Вы Через Впервые
    Позже Поэтому Сегодня Многие
    Bu Bir Ve Ancak Fakat İlk Daha Her Onun Ayrıca Böylece Sonra Ama Bunun Buna Bunlar Çünkü Eğer Birçok
""")
IN_NAMES = _words("Le La De El Die")  # M. Le Pen, Willem A. De Boer
GERMAN_BEFORE = _words("der des dem den das vom zum im beim einem einen einer")
GERMAN_AFTER = _words("""
    Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert
    Jahrhunderts Jh Weltkrieg Weltkriegs Weltkrieges Auflage Lebensjahr Geburtstag Jahrestag Bundesliga
""")
