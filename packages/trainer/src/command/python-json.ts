const TOKEN = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * JSON as Python's `json.dumps` writes it: NaN, Infinity and -Infinity may stand in it, and become texts
 * (docs.python.org/3/library/json.html, "Infinite and NaN Number Values").
 *
 * @throws SyntaxError when it is no JSON, e.g. half a file
 */
export const parsePythonJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${token}"`)));
  }
};
