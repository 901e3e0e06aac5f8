const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** What minijinja 2.11 has, as its `debug()` lists it; a test compares. */
export const FILTERS = words(
  `abs attr batch bool capitalize chain count d default dictsort e escape filesizeformat first float groupby indent int
items join last length lines list lower map max min pluralize pprint reject rejectattr replace reverse round safe select
selectattr slice sort split string striptags sum title tojson trim truncate unique upper`,
);
export const TESTS = words(
  `boolean defined divisibleby endingwith eq equalto escaped even false filter float ge greaterthan gt in int integer
iterable le lessthan lower lt mapping ne none number odd safe sameas sequence startingwith string test true undefined upper`,
);
export const FUNCTIONS = words('cycler debug dict joiner namespace range');
/** Words of the language, which are never variables. */
export const KEYWORDS = words(
  'and or not in is if else elif for recursive true false none True False None as ignore missing with import from context',
);
export const STATEMENTS = words(
  `for endfor if elif else endif set endset with endwith macro endmacro call endcall filter endfilter raw endraw do
autoescape endautoescape break continue`,
);
