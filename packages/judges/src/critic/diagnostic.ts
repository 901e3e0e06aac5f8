/** Something to say about a critic's text; offsets are UTF-16, half-open, in the part's text (the schema's: pretty JSON, 0 to 0). */
export interface Diagnostic {
  part: 'system' | 'user' | 'schema';
  severity: 'error' | 'warning' | 'info';
  code:
    | 'syntax'
    | 'undefined-variable'
    | 'unknown-attribute'
    | 'unknown-filter'
    | 'unknown-test'
    | 'unused-examples'
    | 'no-examples'
    | 'empty-template'
    | 'no-steps'
    | 'unasked-field'
    | 'missing-field';
  message: string;
  start: number;
  end: number;
  /** Replaces `start..end` by `text`. */
  fix?: { title: string; text: string };
}
