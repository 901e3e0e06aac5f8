import type { Clause, FieldValue, Query, TextExpr } from './ast.ts';

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

export const printValue = (v: FieldValue): string =>
  v.kind === 'range'
    ? `${v.min ?? ''}..${v.max ?? ''}`
    : /[\s"(),\\]/.test(v.value) || v.value === ''
      ? quote(v.value)
      : v.value;

export const printClause = (c: Clause): string =>
  `${c.negated ? '-' : ''}${c.field}:${c.values.map(printValue).join(',')}`;

const printText = (e: TextExpr, parent: 'and' | 'or' | 'not' | null): string => {
  switch (e.op) {
    case 'term':
      return e.text;
    case 'prefix':
      return `${e.text}*`;
    case 'phrase':
      return quote(e.text);
    case 'not':
      return `-${printText(e.item, 'not')}`;
    default: {
      const body = e.items.map((i) => printText(i, e.op)).join(e.op === 'or' ? ' OR ' : ' ');
      return parent === null || (parent === 'and' && e.op === 'and') ? body : `(${body})`;
    }
  }
};

/** The canonical text of a query: clauses in order, then text. `parseQuery(printQuery(q)).query` equals `q`. */
export const printQuery = (q: Query): string => {
  const clauses = q.clauses.map(printClause);
  // A bare OR would take the clauses' neighbours only in text, but reads as if it bound them too.
  const text = q.text && printText(q.text, q.text.op === 'or' && clauses.length > 0 ? 'and' : null);
  return [...clauses, ...(text ? [text] : [])].join(' ');
};
