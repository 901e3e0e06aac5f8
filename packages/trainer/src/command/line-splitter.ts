/** A line of a log. */
export interface LogLine {
  text: string;
  /** A progress bar writes over it: it ended with a carriage return alone. */
  overwritten: boolean;
}

/** Characters of a line that are kept; the rest is counted. */
const KEPT = 65_536;

const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const clean = (text: string): string => text.replace(ESCAPES, '').replace(CONTROL, '\ufffd');

/**
 * Cuts a log's bytes into lines, in bounded memory whatever comes: of a longer line the first 65,536 characters stay, bytes
 * that are no UTF-8 and control characters become U+FFFD, colours and cursor moves go.
 */
export class LineSplitter {
  private readonly decoder = new TextDecoder('utf-8');
  private kept = '';
  private cut = 0;
  private returned = false;

  /** The lines that these bytes end. */
  push(bytes: Uint8Array): LogLine[] {
    return this.take(this.decoder.decode(bytes, { stream: true }));
  }

  /** The last line, when the log ends without a line break. */
  end(): LogLine[] {
    const lines = this.take(this.decoder.decode());
    if (this.kept !== '' || this.cut > 0) lines.push(this.finish(false));
    return lines;
  }

  private take(text: string): LogLine[] {
    const lines: LogLine[] = [];
    let from = 0;
    const pattern = /[\r\n]/g;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      if (match.index > from) this.keep(text.slice(from, match.index), lines);
      from = match.index + 1;
      if (match[0] === '\n') {
        lines.push(this.finish(false));
        this.returned = false;
      } else this.returned = true;
    }
    if (from < text.length) this.keep(text.slice(from), lines);
    return lines;
  }

  /** Whether a carriage return ends a line for good is known with the next character. */
  private keep(text: string, lines: LogLine[]): void {
    if (this.returned) {
      if (this.kept.trim() !== '' || this.cut > 0) lines.push(this.finish(true));
      else this.kept = '';
      this.returned = false;
    }
    const room = KEPT - this.kept.length;
    this.kept += text.slice(0, Math.max(0, room));
    this.cut += Math.max(0, text.length - Math.max(0, room));
  }

  private finish(overwritten: boolean): LogLine {
    const more = this.cut > 0 ? ` ... (${this.cut.toLocaleString('en')} more characters)` : '';
    const line = { text: clean(this.kept) + more, overwritten };
    this.kept = '';
    this.cut = 0;
    return line;
  }
}
