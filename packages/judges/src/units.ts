/** Units of one measure: a claim that speaks of two of them converts (`40 minutes + 20 minutes = 1 hour`). */
const MEASURES = [
  'second minute hour day week month year decade century sec min hr weekday weekend',
  'dollar cent penny pennie nickel dime quarter euro pound',
  'inch inche foot feet yard mile meter metre kilometer kilometre centimeter cm km mm m ft',
  'ounce pound ton gram kilogram kg g mg oz lb',
  'liter litre milliliter ml cup pint quart gallon ounce teaspoon tablespoon',
].map((words) => new Set(words.split(' ')));

/** Words that multiply the number before them, or say that it is not all (`3 remainder 1`, `8 full boxes`, `8 (rounded)`). */
const SCALES = new Set(
  'dozen hundred thousand million billion half pair couple k remainder rem rounded rounding approximately about nearest whole full complete'.split(
    ' ',
  ),
);

export const isScale = (word: string): boolean => SCALES.has(word);

/**
 * Whether numbers with these units may be compared as they stand. Sums (`additive`) need one unit; products may mix
 * measures (`3 hours * 20 miles/hour`), but not units of one measure.
 */
export const sameMeasure = (
  left: readonly string[],
  right: readonly string[],
  additive: boolean,
): boolean => {
  const all = [...new Set([...left, ...right])];
  if (all.some(isScale)) return false;
  if (additive && left.length > 0 && all.length > 1) return false;
  return MEASURES.every((measure) => all.filter((u) => measure.has(u)).length < 2);
};
