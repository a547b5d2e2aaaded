"""Short word lists of the languages of our news, for the candidate ring.

Function words, particles within names, the nouns institutions and places are called by: whole words
or their beginnings, in lower case. A name in a language without a list is found by its capitals alone.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _tuple(words: str) -> tuple[str, ...]:
    """A tuple, because `str.startswith` takes no set."""
    return tuple(words.split())


FUNCTION_WORDS = (
    # Bulgarian, Macedonian, Serbian
    _set("""а ако ала ами аз без беше бе би били бил била било бих в вас ваш ви вие във все всеки всички всяка
    всяко въпреки го да дали дето до докато дори доколко друг друга други днес вчера утре ето едва един
    една едно едни за зад заради затова защо защото и из или им има имаше иначе как каква какво както
    какъв кога когато кое коего който която които кой коя към къде ли между ми му на над нали нас наш не
    него нея ни ние никой нито нищо но ново няма о обаче около освен от отново още пак по повече под
    понеже поради после почти пред преди през при против пък с са само сам самият се сега си след
    следователно според също такава такива такъв там така твърде те тези той това тогава този тук тъй тъкмо
    тя тяхната у уж хем ще щом я но вече днешният именно всъщност впрочем междувременно накрая
    първо второ обаче освен въз вероятно може трябва нека ја је се су што који која које од због али
    након према код међутим овај ова ово они оне ће није јер док када где како
    """)
    # Russian
    | _set("""без более больше будет будут был была были было быть вам вас ваш весь вместе вместо вновь во
    вот впрочем все всего всех вскоре всё вся вы где да даже два две для до его ее ей ему если есть
    еще ещё её же за здесь и из из-за или им именно иногда их к каждый как какие какой когда которые который кроме
    кто куда ли лишь между меня мне многие может мои мой мы на над надо накануне нам нас наш не него
    некоторые несмотря нет ни никто ничего но нужно о об однако один одна около он она они оно от
    перед по под пока после потом потому почему поэтому практически при про против раз ранее с сам
    сейчас сегодня завтра сначала со согласно среди стоит так также такая такие такое такой там те
    тем теперь то тогда того тоже только том тот тут ты у уже хотя чем через что чтобы эта эти это
    этого этой этом этот этому я впервые всем напомним затем кстати пусть ведь вчера тут зато
    """)
    # Ukrainian
    | _set("""або адже але без би більше був буде була були було бути в вам вас вже ви від він вона вони
    вони воно все всі втім вчора де для до досі з за завтра зараз звідки зі із й його її їх їй коли
    крім лише ми може між на над нам нас наш не нема ні ніхто ніщо од однак ось перед під після по
    поки потім про проте проти раніше сьогодні та так також такі там те тепер ти тим то тоді тому тут у
    усі хто хоча це цей цього ця ці через чи чому що щоб щодо як яка який які якщо я згідно зокрема
    водночас натомість нагадаємо
    """)
    # English
    | _set("""a about after all also although an and another any are as at be because been before both but
    by can could despite did do does during each even few following for from had has have he her here
    his how however i if in into is it its last like many may meanwhile more most much my new no nor
    not now of on one only or other our out over perhaps she should since so some still such than that
    the their then there these they this those though through to today tomorrow two under until up
    was we were what when where whether which while who why will with would yesterday yet you your
    """)
    # German, French, Spanish, Italian, Portuguese, Polish, Turkish, Greek
    | _set("""aber als am auch auf aus bei das dass dem den der des die doch ein eine einem einen einer er es
    für hat hatte ich ihr im ist ja jetzt kein man mit nach nicht noch nun nur ob oder ohne sei seine seit sich
    sie sind so über um und unter vom von vor war was weil wenn wer wie wir wird zu zum zur au aux
    avec ce cette ces dans de du elle elles en est et il ils je la le les leur mais ne nous où par pas
    pour qui que sa selon ses si son sur un une vous al como con cuando del el ella ellos entre era
    esta este fue ha han hay lo los las más muy para pero por según ser sin su sus también una y ya
    anche che chi come da dal della dei di dopo e gli ha hanno ma nel nella non per più quando questo
    secondo si sono uno após ao as com dos e em mas na nas no nos não o os ou pelo quem se uma ale bo by
    być był była być co czy dla do gdy i ich jak jako jest jednak już które który ma na nie o od oraz po
    pod przed przez się są ta tak to tego w we z za ze że bir bu da de daha için ile ise o olarak sonra şu
    ve veya ya α από αλλά αν για δεν είναι εκεί ενώ επίσης η ήταν θα και κατά με μετά μια μία να ο οι όμως όπως
    όταν ότι πριν προς σε σήμερα στα στη στην στις στο στον στους τα τη την της τι τις το τον του τους
    των χθες ως ένα ένας
    """)
)
"""Words that are no names when a sentence begins with them."""

PARTICLES = _set(
    """
    де дел дела ди да ла ле ван вон фон дер ден бин ибн бен уль аль эль ел ал ас ад уд ур ап дю
    дос фан тер зу оглы оглу кызы ибн абу ул al el ibn bin bint ben van von der den de del della
    di da do dos das du la le les los y e ter ten zu zur zum af av ap st
    """
)
"""Small words within names in any letters (Усама бин Ладен)."""

LATIN_PARTICLES = _set(
    """
    of the and et und for on am in to for du des di del y e
    """
)
"""Small words within names in Latin letters only (Bank of China)."""

HEADS = _tuple(
    """
    автономи агентств агенци агенцію аеропорт азия азія академи академі америк арбитраж армия
    армі асоциаци асоціаці ассоциаци африк аэропорт банк вести вестник войн газет гвардия група
    групп движени двор департамент джърнал джърнъл директив директорат договор дом дума държави
    европ залив импер институт канал кантон клуб комиси комисси комитет компани компані комісі
    комітет конвенци конгрес конфедераци королевств королівств корпораци корпораці корпус краин
    край кралств края лагер летище лига ліга министарств министерств море морю моря мост музей
    міністерств новини новостей новости об'єднанн обединени област общество объединени океан
    округ организаци організаці орда остров острів пакет пакт палат парламент парти план площад
    полици полуостров поліці поток потік поуст правда правду правителств правительств прес
    провинци прокуратур пролив проспект протока рада ради раду разузнаване район революци
    революці реки република республик республік рух савез сейм сенат служб собрани совет соглас
    соглашени союз споразумени стена страни страны суд суюз събрание съвет съд съюз таймс театр
    театър товариств трибунал трибюн улица университ унион університет управлени управлінн
    федераци федераці фирма флот фонд форум фронт хартия харті хунт центр център церкв церков
    църкв штат щати інститут
    """
)
"""Beginnings of nouns that follow an adjective with a capital in names (Северно море)."""

PRESS = _set(
    """
    прес пресс таймс джърнъл джърнал поуст нюз мейл телеграф трибюн ньюс пост
    """
)
"""Words that end names of papers and agencies in small letters (Франс прес)."""

COURTS = _tuple(
    """
    съд суд съвет совет рад парламент министерств міністерств палат банк комитет комітет
    прокуратур
    """
)
"""Beginnings of nouns whose names go on with a place (Върховният съд на Пакистан)."""

OFFICES = _tuple(
    """
    министерств міністерств камара палата палати палаті палате комитет комітет департамент
    управлени управлінн комисия комиссия комиссии съвет съюз агенция фонд партия институт служба
    асоциация федерация организация академия академии
    """
)
"""Beginnings of nouns whose names go on in small letters (Министерство на финансите)."""

MINISTRIES = _tuple(
    """
    министерств міністерств палат комитет комітет департамент управл институт служб
    """
)
"""Of these, those that go on with a genitive (Министерство юстиции)."""

TITLES = _tuple(
    """
    chairman chancellor chief director doctor general governor judge king lady lord mayor
    minister mr premier president prince professor queen secretary senator sir адвокат актер
    актриса актьор архитектор бизнесмен вице-президент вице-премьер вицепрезидент г-жа г-н
    гендиректор генерал глава говорител голова господа господин госпожа губернатор депутат
    директор доктор еврокомисар еврокомиссар епископ журналист имам канцлер капитан кардинал
    кмет комисар королева король крал лейтенант лидер лідер майор мер министр министър
    митрополит мулла мэр міністр началник начальник папа патриарх писател политик политолог
    полковник посол предприниматель председател президент прем'єр премиер премьер прес-секретар
    пресс-секретарь принц професор профессор режиссер режисьор секретар сенатор сержант спикер
    сър сэр шеф экс-президент эксперт
    """
)
"""Beginnings of words before a person: no part of the name, though a sentence begins with them."""

COUNTRIES = _tuple(
    """
    австрали австралі австри австрі азербайджан азии азия азією албани албані алжир америк
    англи англія аргентин армени арменія афганистан афганістан африк бангладеш беларус белги
    белгі белорус бельги бельгі болгари бразили бразилі британи българи білорус великобритани
    венгри венесуэл венецуел виетнам вьетнам вірмені герма голланди греци греці грузи грузі
    гърци дани европ египет египта естони естоні етиопи ефіопі израел израил индией индии индию
    индия индонези иордани ирак иран ирланди исланди испани итали йемен йордани йорданія
    казахстан канад катар кени кенія кипр кипър киргизи китае китай китаю китая колумби колумбі
    коре куба кубе кубы кувейт кыргыз кіпр латви латві ливан ливии ливия литв люксембург ліван
    лівія македони македоні малайзи мальт марокко мароко мексик молдавии молдавия молдов монголи
    непал нигери нидерланд норвеги норвегі нігері нідерланд німеччин пакистан перу полш польш
    польщ португал росси росія румуні румъни румыни русия саудовск серби сербі сири сирі словаки
    словакі словени словені судан сърби таджикистан таиланд тайланд тунис туніс туркмени
    турци турці угорщин узбекистан украин украйн україн унгари филиппин финлянди франц філіппін
    фінлянд холанди хорвати хорваті хървати чехи чехія чили швейцари швейцарі швеци швеція
    швеції шотланди шотланді эстони эфиопи япони японі європ єгипет ємен ізраїл індонезі індія
    індії ірак ірланді ісланді іспані італі
    """
)
"""Beginnings of names of countries and continents: where one ends another name may begin."""

BODIES = _set(
    """
    США САЩ ЕС РФ СССР КНР КНДР ОАЭ ОАЕ ООН НАТО ФРГ ГДР ЄС ЮАР УССР СНГ ОНД БТА ТАСС АФП UK US
    USA EU UN NATO
    """
)
"""Acronyms that no name goes on after."""

LEGAL_FORMS = _tuple(
    """
    ОАО ООО ЗАО ПАО АО НК НАК ГК ГМК АД ЕАД ООД ЕООД ИА РИА ИК ТОВ ВАТ ПАТ ФК УК ИД ТРК ЧП ПП МП
    ГУП ФГУП НПО АНО ТК ТД ВО ГО НП СК ХК БК МФК АФК АКБ ТРЦ ТЦ БЦ ОО ЖК ДП KG GmbH
    """
)
"""Legal forms and the like, part of the quoted name after them (ОАО «Газпром»)."""

SHORTENED = _set(
    """
    г ул им проф акад ген св бул гр пл dr mr mrs ms st prof gen sen rep gov jr инж см тов р гос
    ім вул м н с т д
    """
)
"""Abbreviations whose full stop ends no sentence."""

BEFORE_NAMES = _set(
    """
    св dr mr mrs ms st prof
    """
)
"""Abbreviations that belong to the name after them."""

DOMAINS = _set(
    """
    ру бг ком рф
    """
)
"""Last parts of names of web sites in Cyrillic."""
