import type { Search } from '@flywheel/domain/improve';
import { figure } from './gain-line.tsx';

/** Every prompt that came into the pool, with its figures on dev. */
export const CandidateTable = (p: { search: Search; shown: number; onShow: (id: number) => void }) => (
  <table className="tbl report-candidates">
    <thead>
      <tr>
        <th>Prompt</th>
        <th>From</th>
        <th>Rewritten</th>
        <th className="num">F1</th>
        <th className="num">On flawed</th>
        <th className="num">On clean</th>
        <th className="num" title="Questions that the search had asked when it came in">
          At question
        </th>
      </tr>
    </thead>
    <tbody>
      {p.search.candidates.map((c) => (
        <tr key={c.id} aria-selected={c.id === p.shown}>
          <td>
            <button
              type="button"
              className="linkish"
              aria-pressed={c.id === p.shown}
              onClick={() => p.onShow(c.id)}
            >
              {c.id}
              {c.id === p.search.best ? ', the best' : c.id === 0 ? ', the first' : ''}
            </button>
          </td>
          <td>{c.parent ?? '–'}</td>
          <td>{c.part ?? '–'}</td>
          <td className="num">{figure(c.f1)}</td>
          <td className="num">{figure(c.accError)}</td>
          <td className="num">{figure(c.accClean)}</td>
          <td className="num">{c.atCall}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
