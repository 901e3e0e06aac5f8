import type { FacetValue } from '@flywheel/domain/facet';
import type { FieldName, Query } from '@flywheel/domain/query/ast';
import { selectedValues, selects } from '@flywheel/domain/query/edit';

interface FacetListProps {
  field: FieldName;
  values: readonly FacetValue[];
  query: Query;
  onToggle: (value: string) => void;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Values with a check box, a bar of the count, and the count over the total where filters make them differ. */
export const FacetList = ({ field, values, query, onToggle }: FacetListProps) => {
  const chosen = selectedValues(query, field);
  const filtered = query.clauses.some((c) => c.field === field);
  const largest = Math.max(1, ...values.map((v) => v.count));
  return (
    <ul>
      {values.map((v) => {
        const selected = selects(chosen, v.value);
        return (
          <li key={v.value}>
            <label
              className="facet-row"
              data-on={selected || undefined}
              data-dim={(filtered && !selected) || undefined}
              data-zero={v.count === 0 || undefined}
              title={`${v.label}: ${v.count.toLocaleString('en')} of ${v.total.toLocaleString('en')}`}
            >
              <input type="checkbox" checked={selected} onChange={() => onToggle(v.value)} />
              <span className="trunc" data-none={v.value === 'none' || undefined}>
                {v.label}
              </span>
              <span className="facet-bar" aria-hidden="true">
                <i style={{ width: `${(100 * v.count) / largest}%` }} />
              </span>
              <span className="num">
                {v.count.toLocaleString('en')}
                {v.count !== v.total && <span className="t3"> / {compact.format(v.total)}</span>}
              </span>
            </label>
          </li>
        );
      })}
    </ul>
  );
};
