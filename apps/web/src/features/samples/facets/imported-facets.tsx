import type { Facet } from '@flywheel/domain/facet';
import type { FieldName, Query } from '@flywheel/domain/query/ast';
import { printQuery } from '@flywheel/domain/query/print';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { samplesQueries } from '../server.ts';
import { FacetSection } from './facet-section.tsx';

interface ImportedFacetsProps {
  query: Query;
  onToggle: (field: FieldName, value: string) => void;
  onClear: (field: FieldName) => void;
}

type MetaField = `meta.${string}`;

/** Fields that came with a file and that no mapping used. Each is counted only once it is asked for, or filtered by. */
export const ImportedFacets = (p: ImportedFacetsProps) => {
  const known = useQuery(samplesQueries.importedFields());
  const [asked, setAsked] = useState<readonly MetaField[]>([]);
  const filtered = p.query.clauses.map((c) => c.field).filter((f): f is MetaField => f.startsWith('meta.'));
  const shown = [...new Set([...asked, ...filtered])];
  const rest = (known.data ?? []).filter((f) => !shown.includes(`meta.${f.name}`));
  return (
    <>
      {shown.map((field) => (
        <ImportedFacet key={field} field={field} {...p} />
      ))}
      {rest.length > 0 && (
        <section className="facet">
          <header>
            <h2>Imported fields</h2>
            <span className="t3">{rest.length}</span>
          </header>
          <ul className="imported-fields">
            {rest.map((f) => (
              <li key={f.name}>
                <button
                  type="button"
                  className="btn sm"
                  title={`Count the values of ${f.name}, which ${f.traces.toLocaleString('en')} traces have`}
                  onClick={() => setAsked([...asked, `meta.${f.name}`])}
                >
                  <Plus className="i i12" aria-hidden="true" />
                  {f.name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
};

const ImportedFacet = ({ field, query, onToggle, onClear }: ImportedFacetsProps & { field: MetaField }) => {
  const values = useQuery(samplesQueries.facetValues(printQuery(query), field, ''));
  const facet: Facet = {
    field,
    title: field.slice('meta.'.length),
    shape: 'values',
    unit: 1,
    values: values.data ?? [],
    more: 0,
    filtered: query.clauses.some((c) => c.field === field),
  };
  return (
    <FacetSection
      facet={facet}
      query={query}
      onToggle={(value) => onToggle(field, value)}
      onFilter={() => {}}
      onClear={() => onClear(field)}
    />
  );
};
