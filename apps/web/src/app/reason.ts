/** Why something failed, for people: the browser's own words for a server that is away say nothing to them. */
export const reason = (error: unknown): string => {
  const said = error instanceof Error ? error.message : String(error);
  return /^(Failed to fetch|NetworkError|Load failed)/.test(said) ? 'the server does not answer.' : said;
};
