import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { TraceLine } from './formats.ts';
import type { HashedFile, LineWriter } from './line-writer.ts';

type Kind = 'text' | 'integer' | 'texts' | 'json';

const COLUMNS: Record<keyof TraceLine, { kind: Kind; nullable: boolean }> = {
  id: { kind: 'text', nullable: false },
  task: { kind: 'text', nullable: false },
  model: { kind: 'text', nullable: false },
  source: { kind: 'text', nullable: false },
  prompt: { kind: 'text', nullable: false },
  reference: { kind: 'text', nullable: true },
  answer: { kind: 'text', nullable: true },
  outcome: { kind: 'text', nullable: false },
  steps: { kind: 'texts', nullable: false },
  first_error: { kind: 'integer', nullable: true },
  verdict: { kind: 'text', nullable: true },
  category: { kind: 'text', nullable: true },
  flaw_from: { kind: 'text', nullable: true },
  tags: { kind: 'texts', nullable: false },
  extra: { kind: 'json', nullable: false },
  judgements: { kind: 'json', nullable: false },
  review: { kind: 'json', nullable: true },
};
const NAMES = Object.keys(COLUMNS) as (keyof TraceLine)[];

const elementsOf = (name: string, { kind, nullable }: { kind: Kind; nullable: boolean }): SchemaElement[] => {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  switch (kind) {
    case 'text':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }];
    case 'integer':
      return [{ name, type: 'INT32', repetition_type }];
    case 'json':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'JSON', repetition_type }];
    case 'texts':
      // The three levels of the Parquet format's LIST: list, repeated group, element.
      return [
        { name, converted_type: 'LIST', repetition_type, num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      ];
  }
};

const SCHEMA: SchemaElement[] = [
  { name: 'traces', num_children: NAMES.length },
  ...NAMES.flatMap((name) => elementsOf(name, COLUMNS[name])),
];

/** Rows to a row group: what DuckDB and pyarrow read well, and memory bears. */
const GROUP = 20_000;

/** Parquet, one row a trace; a row group is held in memory at a time. */
export class ParquetLinesWriter implements LineWriter {
  private readonly file: HashedFile;
  private readonly bytes = new ByteWriter(1 << 20);
  private readonly parquet: ParquetWriter;
  private rows: TraceLine[] = [];

  constructor(file: HashedFile) {
    this.file = file;
    this.parquet = new ParquetWriter({ writer: this.bytes, schema: SCHEMA, createdBy: 'flywheel' });
  }

  async write(line: unknown): Promise<void> {
    this.rows.push(line as TraceLine);
    if (this.rows.length >= GROUP) await this.group();
  }

  async end(): Promise<string> {
    if (this.rows.length > 0) await this.group();
    await this.parquet.finish();
    await this.flush();
    return this.file.digest();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async group(): Promise<void> {
    const { rows } = this;
    this.rows = [];
    await this.parquet.write({
      columnData: NAMES.map((name) => ({ name, data: rows.map((row) => row[name]) })),
      rowGroupSize: rows.length,
    });
    await this.flush();
  }

  private async flush(): Promise<void> {
    await this.file.append(this.bytes.getBytes());
    this.bytes.index = 0;
  }
}
