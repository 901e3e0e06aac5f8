import { useParam } from '../../app/params.ts';
import { SqlPage } from '../../features/sql/sql-page.tsx';

/** Binds the page to its tab's URL; the page knows nothing of it. */
export default function SqlRoom() {
  const [text, setText] = useParam('sql', { replace: true });
  return <SqlPage text={text} onRan={setText} />;
}
