"""Tables of the world: states, countries, cities, currencies, languages, topics.

Facts only, chosen small. The US Postal Service's two-letter codes are those of its Publication 28.
"""

from __future__ import annotations

import re

from workshop.practice.model.words import bag

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV",
    "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC",
    "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA",
    "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX",
    "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY", "district of columbia": "DC", "puerto rico": "PR", "guam": "GU",
}  # fmt: skip
STATE_NAMES = {code: name.title().replace(" Of ", " of ") for name, code in STATES.items()}

# Cities well enough known that a question may name them without their state.
CITY_STATES = {
    "los angeles": "CA", "san francisco": "CA", "san diego": "CA", "sacramento": "CA", "oakland": "CA",
    "san jose": "CA", "fresno": "CA", "new york city": "NY", "nyc": "NY", "brooklyn": "NY", "buffalo": "NY",
    "houston": "TX", "dallas": "TX", "austin": "TX", "san antonio": "TX", "el paso": "TX", "chicago": "IL",
    "miami": "FL", "orlando": "FL", "tampa": "FL", "jacksonville": "FL", "seattle": "WA", "spokane": "WA",
    "boston": "MA", "denver": "CO", "phoenix": "AZ", "tucson": "AZ", "las vegas": "NV", "reno": "NV",
    "atlanta": "GA", "detroit": "MI", "minneapolis": "MN", "new orleans": "LA", "philadelphia": "PA",
    "pittsburgh": "PA", "salt lake city": "UT", "nashville": "TN", "memphis": "TN", "baltimore": "MD",
    "cleveland": "OH", "columbus": "OH", "kansas city": "MO", "st. louis": "MO", "honolulu": "HI",
    "anchorage": "AK", "albuquerque": "NM", "milwaukee": "WI", "charlotte": "NC", "raleigh": "NC",
    "washington dc": "DC", "oklahoma city": "OK", "omaha": "NE", "boise": "ID",
}  # fmt: skip
CITIES = frozenset(CITY_STATES) | bag(
    """london paris tokyo berlin madrid rome lisbon vienna dublin amsterdam brussels copenhagen oslo
    stockholm helsinki warsaw prague budapest athens istanbul moscow kyiv cairo lagos nairobi
    johannesburg delhi mumbai bangalore beijing shanghai seoul osaka kyoto bangkok singapore jakarta
    manila sydney melbourne auckland toronto vancouver montreal lima bogota santiago milan munich
    hamburg frankfurt zurich geneva barcelona dubai karachi dhaka hanoi taipei lyon marseille naples
    venice florence porto edinburgh manchester"""
) | frozenset(
    ("hong kong", "mexico city", "buenos aires", "rio de janeiro", "sao paulo", "são paulo", "cape town",
     "tel aviv", "new delhi", "kuala lumpur", "portland", "springfield", "st. petersburg", "new york")
)  # fmt: skip

COUNTRIES = {
    "united states": "US", "usa": "US", "america": "US", "united kingdom": "GB", "uk": "GB", "england": "GB",
    "france": "FR", "germany": "DE", "spain": "ES", "italy": "IT", "portugal": "PT", "netherlands": "NL",
    "belgium": "BE", "switzerland": "CH", "austria": "AT", "sweden": "SE", "norway": "NO", "denmark": "DK",
    "finland": "FI", "poland": "PL", "ireland": "IE", "greece": "GR", "turkey": "TR", "russia": "RU",
    "ukraine": "UA", "china": "CN", "japan": "JP", "india": "IN", "south korea": "KR", "korea": "KR",
    "indonesia": "ID", "thailand": "TH", "vietnam": "VN", "australia": "AU", "new zealand": "NZ",
    "canada": "CA", "mexico": "MX", "brazil": "BR", "argentina": "AR", "chile": "CL", "peru": "PE",
    "colombia": "CO", "egypt": "EG", "nigeria": "NG", "kenya": "KE", "south africa": "ZA", "israel": "IL",
    "iceland": "IS", "czech republic": "CZ", "hungary": "HU", "romania": "RO", "croatia": "HR",
    "pakistan": "PK", "bangladesh": "BD", "philippines": "PH", "singapore": "SG", "morocco": "MA",
}  # fmt: skip

CURRENCIES = {
    "dollar": "USD", "dollars": "USD", "usd": "USD", "bucks": "USD",
    "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "pound": "GBP", "pounds": "GBP", "gbp": "GBP", "sterling": "GBP", "yen": "JPY", "jpy": "JPY",
    "franc": "CHF", "francs": "CHF", "chf": "CHF", "rupee": "INR", "rupees": "INR", "inr": "INR",
    "yuan": "CNY", "cny": "CNY", "peso": "MXN", "pesos": "MXN", "mxn": "MXN", "cad": "CAD", "aud": "AUD",
    "won": "KRW", "krw": "KRW", "krona": "SEK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "brl": "BRL",
    "bitcoin": "BTC", "btc": "BTC", "$": "USD", "€": "EUR", "£": "GBP",
}  # fmt: skip

LANGUAGES = {
    "english": "en", "spanish": "es", "french": "fr", "german": "de", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "japanese": "ja", "chinese": "zh", "korean": "ko", "russian": "ru", "arabic": "ar",
    "hindi": "hi", "polish": "pl", "swedish": "sv", "turkish": "tr", "greek": "el", "español": "es",
    "français": "fr", "deutsch": "de", "italiano": "it", "português": "pt", "castellano": "es",
}  # fmt: skip

# The commonest little words of each language, and letters that give one away.
LANGUAGE_WORDS = {
    "en": bag(
    """the is are what where how who why when you your my can could would please of to and in any there do
    does i am me tell a an for with this that it hello thanks help which have"""
),
    "es": bag(
    """el la los las un una es está qué que cómo como dónde donde cuál cual quién por favor para hola
    gracias mi tu yo y con de en hay mañana hoy hace tengo puedo puedes quiero estás soy del habla ayuda
    necesito buenos días tiempo clima"""
),
    "fr": bag(
    """le la les un une est sont que quoi comment où quel quelle qui pourquoi bonjour merci je tu vous nous
    mon ma votre s'il plaît et avec de dans pour il fait aujourd'hui ça va des du au peux c'est j'ai
    météo puis-je aide besoin salut parle"""
),
    "de": bag(
    """der die das ein eine ist sind was wie wo wer warum wann ich du sie mein dein bitte danke hallo guten
    tag und mit von in für gibt es wetter heute kann können nicht auf zu im morgen mir helfen heißt geht"""
),
    "it": bag(
    """il lo la gli un una è sono che cosa come dove chi perché quando ciao grazie per favore io tu mio tuo
    e con di in oggi fa tempo posso puoi vorrei della del nel quale buongiorno sei ho aiuto aiutarmi"""
),
    "pt": bag(
    """o os as um uma é são que qual como onde quem porque quando olá obrigado obrigada por favor eu você
    meu minha seu e com de em hoje faz tempo posso pode quero não está do da no na bom dia ajuda preciso"""
),
}  # fmt: skip
LANGUAGE_LETTERS = {"es": "ñ¿¡", "fr": "çœêâû", "de": "ßäöü", "it": "ìò", "pt": "ãõ"}

# A line with "=" is a topic and the words that name it; the lines below it hold the words that show it.
_TOPICS = """
weather = weather forecast climate meteorology
    weather forecast rain rainy raining snow storm stormy wind windy sunny sun cloudy temperature degrees
    celsius fahrenheit hot cold warm humid alert alerts hurricane tornado flood thunderstorm heat climate
    umbrella freeze frost fog hail warning lightning heatwave blizzard drizzle wildfire
location = location locations place places geography ip address geolocation whereabouts where local
    where location located city state country address ip map coordinates latitude longitude here region
    capital continent geolocation place zip
math = math maths mathematics mathematical arithmetic algebra calculation calculus geometry numbers
    math maths solve equation equations integral derivative algebra geometry calculate compute sum multiply
    divide plus minus square root fraction percent percentage polynomial theorem triangle matrix
    logarithm prime quadratic arithmetic calculus factor hypotenuse trigonometry differentiate integrate
    subtract
homework = homework assignment assignments schoolwork
    homework assignment exercise worksheet essay exam quiz
money = money finance financial banking bank payments payment billing bills invoice finances economy investment
    money bank account balance pay payment transfer deposit withdraw loan credit debit invoice bill billing
    charge charged price cost dollars euros budget invest stock stocks salary tax mortgage refund
    subscription fee card
refund = refund refunds returns reimbursement
    refund refunds return returned money-back reimburse reimbursement broken damaged defective
travel = travel trips flights booking bookings tourism hotels airline vacation reservation reservations
    travel trip flight flights fly hotel hotels airport airline vacation holiday book booking reservation
    itinerary ticket passport visa train tour luggage baggage cruise beach destination
code = code coding programming software technical developer engineering computer computers python
    code coding program programming python java javascript function bug debug compile software api script
    class variable algorithm recursion sql database git html css regex exception stacktrace loop sort
history = history historical historian
    history war empire president king queen century revolution ancient roman rome napoleon medieval treaty
    civil dynasty pharaoh founded independence colonial emperor battle died born first histor lincoln
    washington
science = science physics chemistry biology scientific astronomy
    science physics chemistry biology atom molecule energy gravity planet cell dna evolution experiment
    photosynthesis quantum electron star galaxy relativity species
scifi = scifi sci-fi fi fiction
    scifi sci-fi robot robots alien aliens spaceship space starship galaxy android cyborg planet mars
    time-travel dystopian laser futuristic future interstellar cyberpunk astronaut ai
sports = sport sports football soccer basketball tennis
    sport sports football soccer basketball tennis game match team score league player goal olympics coach
    baseball hockey championship win
food = food cooking recipes recipe cuisine restaurant dining
    food cook cooking recipe eat dinner lunch breakfast restaurant pizza pasta cake bread meal ingredient
    bake soup sushi burger dish pancakes vegetarian curry
health = health medical medicine doctor healthcare
    health doctor medicine pain symptom symptoms fever disease hospital pill headache diet sick ill
    treatment prescription diagnosis dose therapy
politics = politics political elections government
    politics political election vote president party senator congress government parliament democrat
    republican policy minister candidate campaign
legal = legal law lawyer
    legal law lawyer court sue contract lawsuit attorney rights liability
music = music songs
    music song songs band album guitar piano concert singer melody
support = support troubleshooting technical issue issues login password
    error broken crash issue problem login password reset install not-working fails failing bug update wifi
    slow connect crashes crashing frozen
sales = sales pricing purchase buying product products upgrade plans
    buy purchase pricing plan upgrade discount quote product trial subscription demo license enterprise
    offer
orders = order orders shipping delivery package shipment
    order orders shipping delivery package shipment track tracking parcel arrive delivered
seats = seat seats seating
    seat seats aisle window
greeting = greeting greetings
    hello hi hey greetings morning evening
harm = harm harmful unsafe dangerous violence violent abuse illegal malicious toxic offensive hate weapons drugs
    bomb kill weapon murder attack hack steal poison suicide explosive gun drug drugs malware hate stupid
    idiot threat threaten violence exploit phishing
injection = injection jailbreak prompt-injection manipulation override
    ignore previous instructions jailbreak system-prompt disregard override pretend bypass reveal
story = story stories poetry poem creative writing haiku haikus
    story stories poem haiku tale novel poetry character plot rhyme
"""


def _read_topics() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    topics: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for block in re.split(r"\n(?=\w)", _TOPICS.strip()):
        head, _, shown = block.partition("\n")
        topic, _, named = head.partition("=")
        topics[topic.strip()] = (bag(f"{topic} {named}"), bag(shown))
    return topics


TOPICS = _read_topics()  # topic: (words that name it, words that show it)
