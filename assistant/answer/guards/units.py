"""Units of measure and currencies: what each measures, and how many base units it is.

Factors are exact by definition where the unit is defined by another (SI, international yard and pound); a month
is a twelfth of a year and a year 365.25 days.
"""

from dataclasses import dataclass

from assistant.answer.guards.text import Text


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure is given in. Two figures can be converted into each other when `dimension` is the same."""

    dimension: str
    factor: float


# dimension: factor names; ...   Names in lower case; abbreviations whose case matters are in _CASED.
_TABLE = """
length: 1 meter metre; 1000 kilometer kilometre km kms; 0.01 centimeter centimetre cm; 0.001 millimeter millimetre
mm; 1e-6 micrometer micrometre micron μm um; 1e-9 nanometer nanometre nm; 1609.344 mile mi; 0.9144 yard yd; 0.3048
foot feet ft; 0.0254 inch; 1852 nautical_mile; 9.4607e15 light-year lightyear light_year; 1.8288 fathom; 3.0857e16
parsec | mass: 1 kilogram kilo kg; 0.001 gram gramme; 1e-6 milligram mg; 1e-9 microgram μg mcg; 1000 ton tonne;
0.45359237 pound lb lbs; 0.028349523125 ounce oz; 6.35029318 stone | area: 1e6 square_kilometer square_kilometre
km2; 1 square_meter square_metre m2; 1e-4 cm2 square_centimeter square_centimetre; 2589988.110336 square_mile;
4046.8564224 acre; 10000 hectare ha; 0.09290304 square_foot square_feet | volume: 0.001 liter litre; 1e-6 milliliter
millilitre ml; 1e-9 microliter microlitre μl ul; 1 cubic_meter cubic_metre m3; 1e9 bcm; 0.003785411784 gallon gal;
0.000473176473 pint; 0.158987294928 barrel bbl; 0.028316846592 cubic_foot cubic_feet | time: 1 second sec secs; 60
minute min mins; 3600 hour hr hrs; 86400 day; 604800 week wk; 1209600 fortnight; 2629800 month; 31557600 year yr yrs
annum; 315576000 decade; 3155760000 century centuries; 31557600000 millennium millennia; 0.001 millisecond ms; 1e-6
microsecond μs; 86400 night | temperature_c: 1 degree_celsius degree_centigrade celsius °c | temperature_f: 1
degree_fahrenheit fahrenheit °f | temperature_k: 1 kelvin | angle: 1 degree deg ° | speed: 0.277777777777778
kilometer_per_hour kilometre_per_hour km/h kph kmh; 0.44704 mile_per_hour mph; 1 meter_per_second metre_per_second
m/s; 0.514444444444 knot | power: 1 watt; 1000 kilowatt kw; 1e6 megawatt mw; 1e9 gigawatt gw; 1e12 terawatt tw;
745.699872 horsepower hp | energy: 1 joule; 1000 kilojoule kj; 1e6 megajoule mj; 3.6e6 kilowatt-hour kilowatt_hour
kwh; 3.6e9 megawatt-hour megawatt_hour mwh; 3.6e12 gwh; 3.6e15 twh; 4.184 calorie cal; 4184 kilocalorie kcal | data:
1 byte; 1e3 kilobyte kb; 1e6 megabyte mb; 1e9 gigabyte gb; 1e12 terabyte tb; 1e15 petabyte pb; 0.125 bit |
frequency: 1 hertz hz; 1e3 kilohertz khz; 1e6 megahertz mhz; 1e9 gigahertz ghz; 0.0166666666667 rpm | pressure: 1
pascal pa; 1e3 kilopascal kpa; 1e6 mpa megapascal; 1e5 bar; 101325 atmosphere atm; 133.322 mmhg; 6894.757 psi |
voltage: 1 volt; 1000 kilovolt kv; 0.001 millivolt mv | current: 1 ampere amp; 0.001 milliampere | force: 1 newton;
1000 kilonewton kn | sound: 1 decibel db | amount: 1 mole mol; 0.001 mmol millimole; 1e-6 μmol micromole | ratio: 1
-; 0.01 percent pct %; 0.001 per_mille ‰ | points: 1 percentage_point pp; 0.01 basis_point bps | fold: 1 time fold x
| USD: 1 $ usd dollar us$ us_dollar buck u_s_dollar; 0.01 cent | EUR: 1 € eur euro | GBP: 1 £ gbp sterling
pound_sterling; 0.01 pence penny | JPY: 1 ¥ jpy yen | CNY: 1 cny rmb yuan renminbi | AZN: 1 ₼ azn manat | RUB: 1 ₽
rub ruble rouble | INR: 1 ₹ inr rupee | KRW: 1 ₩ krw won | TRY: 1 ₺ try lira | CHF: 1 chf franc | SEK: 1 sek krona
kronor | KZT: 1 kzt tenge | teu: 1 teu
"""
_CASED = {
    "m": Unit("length", 1.0), "g": Unit("mass", 0.001), "t": Unit("mass", 1000.0), "l": Unit("volume", 0.001),
    "L": Unit("volume", 0.001), "s": Unit("time", 1.0), "h": Unit("time", 3600.0), "W": Unit("power", 1.0),
    "V": Unit("voltage", 1.0), "N": Unit("force", 1.0), "K": Unit("temperature_k", 1.0), "J": Unit("energy", 1.0),
    "in": Unit("length", 0.0254),
}  # fmt: skip
# Read as a unit only right after a figure's digits ("5 s", "90min"), never as a word ("won", "try", "bar").
_PREFIX_ONLY = frozenset({"try", "rub", "won", "buck"})
CURRENCY_SIGNS = frozenset("$€£¥₼₽₹₩₺")
MONEY = frozenset("USD EUR GBP JPY CNY AZN RUB INR KRW TRY CHF SEK KZT".split())


def _units() -> dict[str, Unit]:
    table = {}
    for entry in _TABLE.split("|"):
        dimension, groups = entry.split(":", 1)
        for group in groups.split(";"):
            factor, *names = group.split()
            for name in names:
                unit = Unit(dimension.strip(), float(factor))
                table[name] = unit
                if len(name) >= 3 and name.isascii():
                    table[name + ("es" if name.endswith(("inch", "foot")) else "s")] = unit
    return table | {"inches": table["inch"], "feet": table["foot"], "days": table["day"]}


UNITS = _units()
_COMPOUND_HEADS = frozenset(
    {"square", "cubic", "nautical", "light", "degree", "degrees", "percentage", "basis", "per", "us"}
)


def unit_at(text: Text, i: int, after_digits: bool) -> tuple[Unit | None, int]:
    """The unit that begins at token `i`, and the token after it.

    Args:
        text: the text read.
        i: where the unit would begin.
        after_digits: whether digits stand before it, so that "m", "s" or "in" can be units.
    """
    tokens = text.tokens
    if i >= len(tokens):
        return None, i
    first = tokens[i]
    if first.text == "°" and i + 1 < len(tokens) and tokens[i + 1].low in ("c", "f"):
        return UNITS["°" + tokens[i + 1].low], i + 2
    second = tokens[i + 1] if i + 1 < len(tokens) else None
    if first.low in _COMPOUND_HEADS and second is not None:
        if first.low == "per" and second.low == "cent":
            return UNITS["percent"], i + 2
        stop = i + 1 + (second.text == "-")
        if stop < len(tokens):
            name = (
                f"{first.low.removesuffix('s')}_{tokens[stop].low}" if first.low != "us" else f"us_{tokens[stop].low}"
            )
            unit = UNITS.get(name) or UNITS.get(name.removesuffix("s"))
            if unit:
                return unit, stop + 1
    unit = None
    if after_digits and first.text in _CASED and (first.text != "in" or text.glued(i)):
        unit = _CASED[first.text]
    elif first.low not in _PREFIX_ONLY or (first.low == "won" and after_digits):
        unit = UNITS.get(first.low)
    if unit is None or (first.low == "second" and not after_digits):
        return None, i
    return _per(text, unit, i)


def _per(text: Text, unit: Unit, i: int) -> tuple[Unit, int]:
    """A unit at `i`, joined with "per hour" or "/s" where a speed follows."""
    tokens = text.tokens
    if unit.dimension == "length" and i + 2 < len(tokens) and tokens[i + 1].low in ("per", "an", "a", "/"):
        hour = UNITS.get(tokens[i + 2].low) or _CASED.get(tokens[i + 2].text)
        if hour and hour.dimension == "time":
            return Unit("speed", unit.factor / hour.factor), i + 3
    return unit, i + 1
