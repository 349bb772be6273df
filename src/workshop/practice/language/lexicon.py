"""Tables of the world: states, countries, cities, currencies, languages.

Facts only, chosen small. The US Postal Service's two-letter codes are those of its Publication 28.
"""

from __future__ import annotations

from workshop.practice.language.words import bag

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
