import type { Mapping } from '@flywheel/interchange/mapping';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormRow } from './field-controls.tsx';
import { FieldsForm } from './fields-form.tsx';
import { setMapping, type WaitingFile } from './intake.ts';
import { MappingJson } from './mapping-json.tsx';
import { importQueries, type Preset } from './server.ts';

/** What the presets without fields to choose do with a record. */
const READS: Readonly<Record<Exclude<Mapping['reader'], 'fields'>, string>> = {
  'gsm8k-solutions':
    'Each line becomes up to four traces, one a model. Steps are the lines of its solution, the last line `A: N` is the answer, `is_correct` the given outcome.',
  prm800k:
    'Steps are the completions that were chosen; their ratings -1, 0, +1 become labels, the first -1 the first error.',
  'chat-messages':
    'The last message of the assistant is split into steps at blank lines; the messages before it are the problem.',
};

const PRESET_WORDS: Readonly<Record<string, string>> = {
  'gsm8k-solutions': 'GSM8K example solutions',
  'big-bench-mistake': 'BIG-Bench-Mistake',
  prm800k: 'PRM800K',
  processbench: 'ProcessBench',
  'chat-messages': 'chat messages',
  generic: 'field by field',
};

/** How the open file's records become traces: what was guessed and why, a preset, or field by field. */
export const MappingPane = ({ waiting }: { waiting: WaitingFile }) => {
  const presets = useQuery(importQueries.presets());
  // Counts the mappings that came whole: a form keeps what is typed while its own fields change the mapping.
  const [form, setForm] = useState(0);
  const { guess, mapping, preset } = waiting;
  if (guess === null) return null;
  const take = (next: Mapping, name?: string): void => {
    setForm(form + 1);
    setMapping(waiting.id, next, name);
  };
  return (
    <>
      <p className="map-why fs12">
        {guess.mapping === null ? (
          <span className="warn">No mapping was guessed: {guess.why}.</span>
        ) : (
          <span className="t2">
            Guessed: <b>{guess.preset === null ? 'field by field' : PRESET_WORDS[guess.preset]}</b>,{' '}
            {guess.why}.
          </span>
        )}
      </p>
      <FormRow label="Preset">
        {(id) => (
          <select
            id={id}
            className="field"
            value={mapping === null ? '' : preset}
            onChange={({ target }) => {
              const chosen = mappingOf(target.value, waiting, presets.data ?? []);
              if (chosen) take(chosen, target.value);
            }}
          >
            {mapping === null && <option value="">choose one</option>}
            {presets.data?.map(({ name }) => (
              <option key={name} value={name}>
                {PRESET_WORDS[name] ?? name}
                {name === guess.preset && ' (guessed)'}
              </option>
            ))}
          </select>
        )}
      </FormRow>
      {mapping?.reader === 'fields' && (
        <FieldsForm
          key={form}
          mapping={mapping}
          fields={guess.fields}
          onMapping={(next) => setMapping(waiting.id, next)}
        />
      )}
      {mapping !== null && mapping.reader !== 'fields' && (
        <p className="map-why t2 fs12">{READS[mapping.reader]}</p>
      )}
      <MappingJson mapping={mapping} name={waiting.file.name} onMapping={(next) => take(next)} />
    </>
  );
};

/** "Field by field" begins with what was guessed from the names of the fields, or with what the form shows already. */
const mappingOf = (name: string, waiting: WaitingFile, presets: readonly Preset[]): Mapping | undefined => {
  if (name === 'generic') {
    if (waiting.mapping?.reader === 'fields') return waiting.mapping;
    if (waiting.guess?.mapping?.reader === 'fields') return waiting.guess.mapping;
  }
  return presets.find((p) => p.name === name)?.mapping;
};
