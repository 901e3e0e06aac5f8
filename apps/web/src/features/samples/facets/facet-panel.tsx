import type { Facet } from '@flywheel/domain/facet';
import type { FieldName, FieldValue, Query } from '@flywheel/domain/query/ast';
import { clearField, setValues, toggleValue } from '@flywheel/domain/query/edit';
import { useLandmark } from '../../../app/tab.ts';
import { FacetSection } from './facet-section.tsx';
import { ImportedFacets } from './imported-facets.tsx';

interface FacetPanelProps {
  facets: readonly Facet[] | undefined;
  query: Query;
  onQuery: (query: Query) => void;
}

/** Counts respect every other filter; a filtered facet keeps its other values, greyed. */
export const FacetPanel = ({ facets, query, onQuery }: FacetPanelProps) => {
  const toggle = (field: FieldName, value: string) =>
    onQuery(toggleValue(query, field, { kind: 'is', value }));
  const clear = (field: FieldName) => onQuery(clearField(query, field));
  return (
    <aside className="group facets" aria-label={useLandmark('Facets')}>
      <header className="ph">
        <h2>Facets</h2>
      </header>
      <div className="pane">
        {facets === undefined ? (
          <Waiting />
        ) : (
          facets.map((facet) => {
            const field = facet.field as FieldName;
            return (
              <FacetSection
                key={field}
                facet={facet}
                query={query}
                onToggle={(value) => toggle(field, value)}
                onFilter={(values: FieldValue[]) => onQuery(setValues(query, field, values))}
                onClear={() => clear(field)}
              />
            );
          })
        )}
        <ImportedFacets query={query} onToggle={toggle} onClear={clear} />
      </div>
    </aside>
  );
};

const Waiting = () => (
  <div className="facet" aria-busy="true">
    {Array.from({ length: 12 }, (_, i) => (
      <div key={i} className="facet-row">
        <span className="waiting-bar" />
      </div>
    ))}
  </div>
);
